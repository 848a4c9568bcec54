import { bytes, count } from "../shared/format";
import type { ArtifactLink, CardSnapshot } from "../shared/protocol.gen";
import { ArtifactMark, RunMark } from "../shared/ui/Chip";

/** One line: how much, by which run, from what. */
export function Facts({ snapshot }: { snapshot: CardSnapshot }) {
  const { row, verb, inputs } = snapshot;
  return (
    <div class="ja-card-facts">
      <span>
        {count(row.files, "file")}, {bytes(row.size)}
        {verb === "logged" && <span class="ja-mut"> ({news(snapshot)})</span>}
        {verb === "unchanged" && (
          <span class="ja-mut"> (the content is that of this version: no new one was made)</span>
        )}
      </span>
      {row.run !== null && (
        <span>
          <span class="ja-mut">{verb === "used" ? "made by " : "by "}</span>
          <RunMark name={row.run.name} state={row.run.state} />
        </span>
      )}
      {inputs.length > 0 && (
        <span>
          <span class="ja-mut">from </span>
          {inputs.length <= 3 ? <Sources links={inputs} /> : count(inputs.length, "artifact")}
        </span>
      )}
    </div>
  );
}

function news({ new_bytes, row }: CardSnapshot): string {
  if (new_bytes <= 0) return "all of it was stored already";
  return new_bytes >= row.size ? "all new" : `${bytes(new_bytes)} new`;
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
