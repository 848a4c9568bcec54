import { visible } from "../format";
import type { ArtifactDetail } from "../protocol.gen";
import { Snippet } from "../ui/CopyButton";
import { Empty } from "../ui/Notice";
import { say } from "../words";

/** The code of the cell that made a version. */
export function Code({ detail }: { detail: ArtifactDetail }) {
  if (detail.source === "") return <Empty>{say("It is not known which code made it")}</Empty>;
  return (
    <div class="ja-usage">
      <Snippet code={visible(detail.source, 20_000)} label={say("Copy the code")} />
    </div>
  );
}
