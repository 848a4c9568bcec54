import type { Column } from "./columns";

interface HeadProps {
  columns: readonly Column[];
  sort: string;
  descending: boolean;
  onSort: ((sort: string) => void) | null;
  /** The column with the grid's tab stop, or -1. */
  stop: number;
}

/** The head line: a click or Enter sorts, once more turns the order. */
export function Head({ columns, sort, descending, onSort, stop }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column, index) => {
          const sorted = column.sort === sort;
          const order = descending ? "descending" : "ascending";
          const key = column.sort;
          return (
            <th
              key={column.key}
              scope="col"
              class={column.number ? "ja-num" : undefined}
              style={column.width > 0 ? { width: `${column.width}px` } : undefined}
              aria-sort={key === undefined ? undefined : sorted ? order : "none"}
              tabIndex={key === undefined ? (index === stop ? 0 : -1) : undefined}
            >
              {key === undefined ? (
                column.title
              ) : (
                <button
                  type="button"
                  tabIndex={index === stop ? 0 : -1}
                  aria-disabled={onSort === null}
                  onClick={() => onSort?.(key)}
                >
                  {column.title}
                  <span class="ja-order" aria-hidden="true">
                    {sorted ? (descending ? "↓" : "↑") : ""}
                  </span>
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
