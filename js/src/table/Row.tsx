import type { AnyRow, Column } from "./columns";
import type { Keys } from "./Grid";

interface RowProps {
  index: number;
  /** undefined while it is not here. */
  row: AnyRow | undefined;
  columns: readonly Column[];
  selected: boolean;
  /** The column with the grid's tab stop, or -1. */
  stop: number;
  onPick(keys: Keys, column: number): void;
  onOpen(): void;
}

export function Row({ index, row, columns, selected, stop, onPick, onOpen }: RowProps) {
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest("td");
    onPick(event, cell ? [...(cell.parentElement?.children ?? [])].indexOf(cell) : 0);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (plain && (event.target as Element).closest(".ja-name")) onOpen();
  };
  // Shift selects rows, not words.
  const onMouseDown = (event: MouseEvent) => {
    if (event.shiftKey) event.preventDefault();
  };
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={row ? selected : undefined}
      class={index % 2 === 0 ? undefined : "ja-odd"}
      onClick={onClick}
      onMouseDown={onMouseDown}
      onDblClick={onOpen}
    >
      {columns.map((column, at) => (
        <td
          key={column.key}
          role="gridcell"
          tabIndex={at === stop ? 0 : -1}
          class={column.number ? "ja-num" : undefined}
        >
          {row ? column.cell(row) : <span class="ja-wait" />}
        </td>
      ))}
    </tr>
  );
}
