import { Digest } from "../../shared/detail/Overview";
import { bytes, count, visible } from "../../shared/format";
import type { ArtifactDetail } from "../../shared/protocol.gen";
import { Chip } from "../../shared/ui/Chip";
import { KeyValue } from "../../shared/ui/KeyValue";
import { Moment } from "../../shared/ui/Moment";
import { Empty, Notice } from "../../shared/ui/Notice";
import { Text } from "../../shared/ui/Text";
import { mix, say } from "../../shared/words";
import { Flat } from "./Flat";
import { Tabbed } from "./Tabbed";

/** What is to know of a version while one looks at the graph. */
export function ArtifactView({
  detail,
  tab,
  onTab,
}: {
  detail: ArtifactDetail;
  tab: string;
  onTab(tab: string): void;
}) {
  const { row, problem, description, digest } = detail;
  const overview = () => (
    <div class="ja-side-facts">
      {description !== "" && <Text value={description} limit={2000} />}
      <KeyValue
        facts={[
          [say("Digest"), <Digest key="d" digest={digest} />],
          [say("Size"), say("{size} in {files}", { size: bytes(row.size), files: count(row.files, "file") })],
          [say("Created"), <Moment key="c" seconds={row.created} />],
          row.tags.length > 0 && [
            say("Tags"),
            row.tags.slice(0, 20).map((tag) => <Chip key={tag}>{visible(tag, 60)}</Chip>),
          ],
        ]}
      />
    </div>
  );
  const files = () => (
    <>
      <dl class="ja-flat">
        {detail.files.slice(0, MOST).map(({ path, size, digest: own }) => (
          <div key={path} title={visible(own, 200)}>
            <dt>
              <bdi>{visible(path, 300)}</bdi>
            </dt>
            <dd>{bytes(size)}</dd>
          </div>
        ))}
      </dl>
      {detail.files_total > MOST && <Empty>{say("{n} more", { n: detail.files_total - MOST })}</Empty>}
      {detail.files_total === 0 && <Empty>{say("No files")}</Empty>}
    </>
  );
  return (
    <>
      {row.stale !== "" && (
        <Notice kind="warn">{mix("Stale: {why}", { why: <Text key="w" value={row.stale} /> })}</Notice>
      )}
      {problem && (
        <Notice kind="error">
          <Text value={problem} limit={1000} />
        </Notice>
      )}
      <Tabbed
        label={say("About this version")}
        value={tab}
        onChange={onTab}
        tabs={[
          ["Overview", say("Overview"), overview],
          [
            "Metadata",
            say("Metadata"),
            () => <Flat data={row.metadata} none={say("No metadata")} />,
            Object.keys(row.metadata).length,
          ],
          ["Files", say("Files"), files, detail.files_total],
        ]}
      />
    </>
  );
}

const MOST = 50;
