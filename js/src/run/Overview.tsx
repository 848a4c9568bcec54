import { exactly, integer, when } from "../shared/format";
import type { ArtifactLink, RunFacts } from "../shared/protocol.gen";
import { ArtifactMark, Chip } from "../shared/ui/Chip";
import { KeyValue } from "../shared/ui/KeyValue";
import { Text } from "../shared/ui/Text";
import { lasted } from "./state";

/** What a run is, used and made. */
export function Overview({ run, now }: { run: RunFacts; now: number }) {
  return (
    <KeyValue
      facts={[
        ["Project", <Text key="p" value={run.project} limit={120} />],
        run.job_type !== "" && ["Job type", <Text key="j" value={run.job_type} limit={120} />],
        run.group !== "" && ["Group", <Text key="g" value={run.group} limit={120} />],
        [
          "Started",
          <span key="s" title={exactly(run.started)}>
            {when(run.started)}
          </span>,
        ],
        [run.ended === null ? "Running for" : "Took", lasted(run, now)],
        ["Used", <Links key="u" links={run.inputs} />],
        ["Made", <Links key="m" links={run.outputs} />],
        ["Logged", `${integer(run.rows)} rows`],
        run.tags.length > 0 && [
          "Tags",
          <span key="t" class="ja-some">
            {run.tags.map((tag, i) => (
              <Chip key={i}>
                <Text value={tag} limit={60} />
              </Chip>
            ))}
          </span>,
        ],
        run.notes !== "" && ["Notes", <Text key="n" value={run.notes} limit={2000} />],
        ["Id", <Text key="i" value={run.id} limit={128} />],
      ]}
    />
  );
}

const MOST = 20;

function Links({ links }: { links: readonly ArtifactLink[] }) {
  if (links.length === 0) return <span class="ja-mut">nothing</span>;
  return (
    <span class="ja-some">
      {links.slice(0, MOST).map(({ id, label }) => (
        <ArtifactMark key={id} label={label} />
      ))}
      {links.length > MOST && <span class="ja-mut">and {links.length - MOST} more</span>}
    </span>
  );
}
