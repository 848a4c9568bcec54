import { useMemo } from "preact/hooks";
import type { AnyRow, Column } from "./columns";

interface RowProps {
  index: number;
  /** undefined while it is not here. */
  row: AnyRow | undefined;
  columns: readonly Column[];
  selected: boolean;
  /** The column with the grid's tab stop, or -1. */
  stop: number;
}

/** A row of the grid; drawn anew only when something of it changed, not at every step of a scroll. */
export function Row({ index, row, columns, selected, stop }: RowProps) {
  return useMemo(
    () => (
      <tr aria-rowindex={index + 2} aria-selected={row && selected}>
        {columns.map((column, at) => (
          <td
            key={column.sort || column.title}
            tabIndex={at === stop ? 0 : -1}
            class={column.number ? "ja-num" : undefined}
          >
            {row ? column.cell(row) : <span class="ja-wait" />}
          </td>
        ))}
      </tr>
    ),
    [index, row, columns, selected, stop],
  );
}
