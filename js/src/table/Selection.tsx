import { count } from "../shared/format";
import type { Pages } from "../shared/pages";
import { Button } from "../shared/ui/Button";
import { CopyButton } from "../shared/ui/CopyButton";
import type { AnyRow } from "./columns";

interface SelectionProps {
  ids: readonly number[];
  pages: Pages<AnyRow>;
  onOpen(id: number): void;
  onClear(): void;
}

/** What can be done with the selected versions. */
export function Selection({ ids, pages, onOpen, onClear }: SelectionProps) {
  const labels: string[] = [];
  for (const [, row] of pages.here()) if ("label" in row && ids.includes(row.id)) labels.push(row.label);
  const one = ids.length === 1 ? ids[0] : undefined;
  return (
    <div class="ja-selection">
      <b>{count(ids.length, "version")} selected</b>
      {one !== undefined && <span class="ja-mut">Ctrl or Shift with a click selects more</span>}
      <span class="ja-tools">
        {one !== undefined && <Button onClick={() => onOpen(one)}>Open</Button>}
        {labels.length > 0 && (
          <CopyButton
            text={labels.map((label) => `run.use_artifact(${JSON.stringify(label)})`).join("\n")}
            what={labels.length === 1 ? "reference" : "references"}
            words
          />
        )}
        <Button onClick={onClear}>Clear</Button>
      </span>
    </div>
  );
}
