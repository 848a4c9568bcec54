import { bytes, count } from "../shared/format";
import type { ArtifactLink, CardSnapshot } from "../shared/protocol.gen";
import { ArtifactMark, RunMark } from "../shared/ui/Chip";
import { mix, say } from "../shared/words";

/** One line: how much, by which run, from what. */
export function Facts({ snapshot }: { snapshot: CardSnapshot }) {
  const { row, verb, inputs } = snapshot;
  return (
    <div class="ja-card-facts">
      <span>
        {count(row.files, "file")}, {bytes(row.size)}
        {verb === "logged" && <span class="ja-mut"> ({news(snapshot)})</span>}
        {verb === "unchanged" && (
          <span class="ja-mut"> ({say("the content is that of this version: no new one was made")})</span>
        )}
      </span>
      {row.run !== null && (
        <span>
          {mix(verb === "used" ? /* say */ "made by {run}" : /* say */ "by {run}", {
            run: <RunMark name={row.run.name} state={row.run.state} />,
          })}
        </span>
      )}
      {inputs.length > 0 && (
        <span>
          {mix("from {inputs}", {
            inputs: inputs.length <= 3 ? <Sources links={inputs} /> : count(inputs.length, "artifact"),
          })}
        </span>
      )}
    </div>
  );
}

function news({ new_bytes, row }: CardSnapshot): string {
  if (new_bytes <= 0) return say("all of it was stored already");
  return new_bytes >= row.size ? say("all new") : say("{size} new", { size: bytes(new_bytes) });
}

export function Sources({ links }: { links: readonly ArtifactLink[] }) {
  return (
    <span class="ja-sources">
      {links.map((link) => (
        <ArtifactMark key={link.id} label={link.label} />
      ))}
    </span>
  );
}
