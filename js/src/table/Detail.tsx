import { useState } from "preact/hooks";
import { DetailView } from "../shared/detail/DetailView";
import { Excerpt } from "../shared/detail/Excerpt";
import { visible } from "../shared/format";
import { useAsk, useRevision, useSaid } from "../shared/hooks";
import { Button } from "../shared/ui/Button";
import { Aliases, TypeMark } from "../shared/ui/Chip";
import { CopyButton } from "../shared/ui/CopyButton";
import { CrossIcon } from "../shared/ui/icons";
import { Empty, Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

interface DetailProps {
  id: number;
  onOpen(id: number): void;
  onClose(): void;
}

/** The opened version, beside the table or below it. While another one comes, the one before stays. */
export function Detail({ id, onOpen, onClose }: DetailProps) {
  const [tab, setTab] = useState("overview");
  const { data, error, loading } = useAsk("artifact.get", { id }, useRevision());
  useSaid(data && !loading ? say("{name} opened", { name: visible(data.row.label, 120) }) : "");
  return (
    <aside class="ja-pane" aria-label={say("Opened version")} aria-busy={loading}>
      <header class="ja-pane-head">
        <div>
          <h4 class="ja-title">{data ? <Text value={data.row.label} limit={200} /> : "…"}</h4>
          {data && (
            <>
              <TypeMark type={data.row.type} /> <Aliases names={data.row.aliases} />
            </>
          )}
        </div>
        <div class="ja-pane-tools">
          {data?.usage[0] !== undefined && (
            <CopyButton text={data.usage[0]} label={say("Copy a Python reference")} />
          )}
          <Button kind="ghost" label={say("Close")} onClick={onClose}>
            <CrossIcon />
          </Button>
        </div>
      </header>
      {error && <Notice kind="error">{error.message}</Notice>}
      {data && (
        <DetailView
          detail={data}
          tab={tab}
          onTab={setTab}
          onOpen={onOpen}
          more={[
            {
              key: "lineage",
              text: say("Lineage"),
              content: () => <Excerpt detail={data} onOpen={onOpen} />,
            },
          ]}
        />
      )}
      {!data && !error && (
        <Empty>{loading ? say("Loading…") : say("The kernel is needed to show this version")}</Empty>
      )}
    </aside>
  );
}
