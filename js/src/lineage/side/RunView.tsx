import { Moment } from "../../shared/detail/Overview";
import { duration, visible } from "../../shared/format";
import type { RunDetail } from "../../shared/protocol.gen";
import { Chip } from "../../shared/ui/Chip";
import { Snippet } from "../../shared/ui/CopyButton";
import { KeyValue } from "../../shared/ui/KeyValue";
import { MetadataTree } from "../../shared/ui/MetadataTree";
import { Empty, Notice } from "../../shared/ui/Notice";
import { Tabs } from "../../shared/ui/Tabs";
import { Text } from "../../shared/ui/Text";

interface RunViewProps {
  run: RunDetail;
  tab: string;
  onTab(tab: string): void;
}

/** Everything about a run, in tabs. */
export function RunView({ run, tab, onTab }: RunViewProps) {
  const tabs = [
    { key: "overview", text: "Overview", content: () => <Facts run={run} /> },
    {
      key: "config",
      text: "Config",
      count: Object.keys(run.config).length,
      content: () => <MetadataTree data={run.config} />,
    },
    {
      key: "summary",
      text: "Summary",
      count: Object.keys(run.summary).length,
      content: () => <MetadataTree data={run.summary} />,
    },
    {
      key: "code",
      text: "Code",
      content: () =>
        run.source === "" ? (
          <Empty>No code was kept</Empty>
        ) : (
          <Snippet code={visible(run.source)} what="code" />
        ),
    },
  ];
  const open = tabs.find(({ key }) => key === tab) ?? tabs[0]!;
  return (
    <>
      {run.error !== "" && (
        <Notice kind="error">
          <Text value={run.error} limit={2000} />
        </Notice>
      )}
      <Tabs label="About this run" tabs={tabs} value={tab} onChange={onTab}>
        {open.content()}
      </Tabs>
    </>
  );
}

function Facts({ run }: { run: RunDetail }) {
  const { link, started, ended, tags, notes } = run;
  return (
    <div class="ja-overview">
      {notes !== "" && (
        <p class="ja-description">
          <Text value={notes} limit={4000} />
        </p>
      )}
      <KeyValue
        facts={[
          ["State", <Text key="s" value={link.state} />],
          ["Started", <Moment key="b" seconds={started} />],
          ended !== null && ["Took", duration(ended - started)],
          link.job_type !== "" && ["Job type", <Text key="j" value={link.job_type} limit={100} />],
          tags.length > 0 && [
            "Tags",
            <span key="t">
              {tags.slice(0, 20).map((tag) => (
                <Chip key={tag}>
                  <Text value={tag} limit={60} />
                </Chip>
              ))}
            </span>,
          ],
        ]}
      />
    </div>
  );
}
