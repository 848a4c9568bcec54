import { useState } from "preact/hooks";
import { Difference } from "../shared/diff/Difference";
import { visible } from "../shared/format";
import { useAsk, useRevision, useSaid } from "../shared/hooks";
import type { DiffFilter } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { CopyButton } from "../shared/ui/CopyButton";
import { CrossIcon } from "../shared/ui/icons";
import { Empty, Notice } from "../shared/ui/Notice";
import { say } from "../shared/words";

interface ComparedProps {
  before: number;
  after: number;
  onClose(): void;
}

/** What differs between the two selected versions, below the table. */
export function Compared({ before, after, onClose }: ComparedProps) {
  const { data, error, loading } = useAsk("diff.get", { before, after }, useRevision());
  const [shown, setShown] = useState<DiffFilter>("differ");
  const [query, setQuery] = useState("");
  const [one, other] = data ? [data.before.label, data.after.label] : ["", ""];
  useSaid(
    data && !loading
      ? say("{before} and {after} compared", { before: visible(one, 120), after: visible(other, 120) })
      : "",
  );
  const labels =
    data && [data.before.label, data.after.label].map((label) => JSON.stringify(label)).join(", ");
  return (
    <aside class="ja-pane" aria-label={say("Difference")} aria-busy={loading}>
      <header class="ja-pane-head">
        <h4 class="ja-title">{say("Difference")}</h4>
        <div class="ja-pane-tools">
          {labels && (
            <CopyButton text={`ja.artifact_diff(${labels})`} label={say("Copy a Python reference")} words />
          )}{" "}
          <Button kind="ghost" label={say("Close")} onClick={onClose}>
            <CrossIcon />
          </Button>
        </div>
      </header>
      {error && <Notice kind="error">{error.message}</Notice>}
      {data && <Difference diff={data} shown={shown} query={query} onShown={setShown} onQuery={setQuery} />}
      {!data && !error && (
        <Empty>{loading ? say("Loading…") : say("The kernel is needed to show this version")}</Empty>
      )}
    </aside>
  );
}
