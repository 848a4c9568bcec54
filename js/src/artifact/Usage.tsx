import type { ArtifactDetail } from "../shared/protocol.gen";
import { Snippet } from "../shared/ui/CopyButton";
import { Empty } from "../shared/ui/Notice";
import { say } from "../shared/words";

/** Lines that use the version. */
export function Usage({ detail }: { detail: ArtifactDetail }) {
  if (detail.usage.length === 0) return <Empty>{say("Nothing to copy")}</Empty>;
  return (
    <div class="ja-usage">
      {detail.usage.map((line) => (
        <Snippet key={line} code={line} label={say("Copy the line")} />
      ))}
    </div>
  );
}
