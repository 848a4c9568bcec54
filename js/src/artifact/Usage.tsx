import { visible } from "../shared/format";
import type { ArtifactDetail } from "../shared/protocol.gen";
import { Snippet } from "../shared/ui/CopyButton";
import { Empty } from "../shared/ui/Notice";

/** Lines that use the version, and the code that made it. */
export function Usage({ detail }: { detail: ArtifactDetail }) {
  const { usage, source } = detail;
  if (usage.length === 0 && source === "") return <Empty>Nothing to copy</Empty>;
  return (
    <div class="ja-usage">
      {usage.length > 0 && <h4 class="ja-heading">Use this version</h4>}
      {usage.map((line) => (
        <Snippet key={line} code={line} what="line" />
      ))}
      {source !== "" && (
        <>
          <h4 class="ja-heading">The cell that made it</h4>
          <Snippet code={visible(source, 20_000)} what="code" />
        </>
      )}
    </div>
  );
}
