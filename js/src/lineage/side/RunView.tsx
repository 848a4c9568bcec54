import { duration, visible } from "../../shared/format";
import type { RunDetail } from "../../shared/protocol.gen";
import { Chip } from "../../shared/ui/Chip";
import { Snippet } from "../../shared/ui/CopyButton";
import { KeyValue } from "../../shared/ui/KeyValue";
import { Moment } from "../../shared/ui/Moment";
import { Empty, Notice } from "../../shared/ui/Notice";
import { Text } from "../../shared/ui/Text";
import { say } from "../../shared/words";
import { Flat } from "./Flat";
import { Tabbed } from "./Tabbed";

/** What is to know of a run while one looks at the graph. */
export function RunView({ run, tab, onTab }: { run: RunDetail; tab: string; onTab(tab: string): void }) {
  const { link, started, ended, tags, notes, error, config, summary, source } = run;
  const overview = () => (
    <div class="ja-side-facts">
      {notes !== "" && <Text value={notes} limit={2000} />}
      <KeyValue
        facts={[
          [say("State"), visible(link.state, 40)],
          [say("Started"), <Moment key="b" seconds={started} />],
          ended !== null && [say("Took"), duration(ended - started)],
          tags.length > 0 && [
            say("Tags"),
            tags.slice(0, 20).map((tag) => <Chip key={tag}>{visible(tag, 60)}</Chip>),
          ],
        ]}
      />
    </div>
  );
  const code = () =>
    source === "" ? (
      <Empty>{say("No code was kept")}</Empty>
    ) : (
      <Snippet code={source} label={say("Copy the code")} />
    );
  return (
    <>
      {error !== "" && (
        <Notice kind="error">
          <Text value={error} limit={2000} />
        </Notice>
      )}
      <Tabbed
        label={say("About this run")}
        value={tab}
        onChange={onTab}
        tabs={[
          ["Overview", say("Overview"), overview],
          [
            "Config",
            say("Config"),
            () => <Flat data={config} none={say("No config")} />,
            Object.keys(config).length,
          ],
          [
            "Summary",
            say("Summary"),
            () => <Flat data={summary} none={say("No summary")} />,
            Object.keys(summary).length,
          ],
          ["Code", say("Code"), code],
        ]}
      />
    </>
  );
}
