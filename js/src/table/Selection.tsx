import { count } from "../shared/format";
import type { Pages } from "../shared/pages";
import { Button } from "../shared/ui/Button";
import { CopyButton } from "../shared/ui/CopyButton";
import { say } from "../shared/words";
import type { AnyRow } from "./columns";

interface SelectionProps {
  ids: readonly number[];
  pages: Pages<AnyRow>;
  onOpen(id: number): void;
  /** Shows what differs between the two that are selected. */
  onCompare(): void;
  onClear(): void;
}

/** What can be done with the selected versions. */
export function Selection({ ids, pages, onOpen, onCompare, onClear }: SelectionProps) {
  const labels: string[] = [];
  for (const [, row] of pages.here()) if ("label" in row && ids.includes(row.id)) labels.push(row.label);
  const one = ids.length === 1 ? ids[0] : undefined;
  return (
    <div class="ja-selection">
      <b>{say("{versions} selected", { versions: count(ids.length, "version") })}</b>
      {one !== undefined && <span class="ja-mut">{say("Ctrl or Shift with a click selects more")}</span>}
      <span class="ja-tools">
        {one !== undefined && <Button onClick={() => onOpen(one)}>{say("Open")}</Button>}
        {ids.length === 2 && <Button onClick={onCompare}>{say("Compare")}</Button>}
        {labels.length > 0 && (
          <CopyButton
            text={labels.map((label) => `run.use_artifact(${JSON.stringify(label)})`).join("\n")}
            label={say("Copy a Python reference")}
            words
          />
        )}
        <Button onClick={onClear}>{say("Clear")}</Button>
      </span>
    </div>
  );
}
