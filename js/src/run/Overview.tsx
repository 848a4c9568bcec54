import { count, exactly, when } from "../shared/format";
import type { ArtifactLink, RunFacts } from "../shared/protocol.gen";
import { ArtifactMark, Chip } from "../shared/ui/Chip";
import { KeyValue } from "../shared/ui/KeyValue";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { lasted } from "./state";

/** What a run is, used and made. */
export function Overview({ run, now }: { run: RunFacts; now: number }) {
  return (
    <KeyValue
      facts={[
        [say("Project"), <Text key="p" value={run.project} limit={120} />],
        run.job_type !== "" && [say("Job type"), <Text key="j" value={run.job_type} limit={120} />],
        run.group !== "" && [say("Group"), <Text key="g" value={run.group} limit={120} />],
        [
          say("Started"),
          <span key="s" title={exactly(run.started)}>
            {when(run.started)}
          </span>,
        ],
        [run.ended === null ? say("Running for") : say("Took"), lasted(run, now)],
        [say("Used"), <Links key="u" links={run.inputs} />],
        [say("Made"), <Links key="m" links={run.outputs} />],
        [say("Logged"), count(run.rows, "row")],
        run.tags.length > 0 && [
          say("Tags"),
          <span key="t" class="ja-some">
            {run.tags.map((tag, i) => (
              <Chip key={i}>
                <Text value={tag} limit={60} />
              </Chip>
            ))}
          </span>,
        ],
        run.notes !== "" && [say("Notes"), <Text key="n" value={run.notes} limit={2000} />],
        [say("Id"), <Text key="i" value={run.id} limit={128} />],
      ]}
    />
  );
}

const MOST = 20;

function Links({ links }: { links: readonly ArtifactLink[] }) {
  if (links.length === 0) return <span class="ja-mut">{say("nothing")}</span>;
  return (
    <span class="ja-some">
      {links.slice(0, MOST).map(({ id, label }) => (
        <ArtifactMark key={id} label={label} />
      ))}
      {links.length > MOST && <span class="ja-mut">{say("and {n} more", { n: links.length - MOST })}</span>}
    </span>
  );
}
