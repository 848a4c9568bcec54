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
        {columns.map(({ title, sort: key, width, number }, index) => {
          const order = key !== sort ? "none" : descending ? "descending" : "ascending";
          const tab = index === stop ? 0 : -1;
          return (
            <th
              key={title}
              scope="col"
              class={number ? "ja-num" : undefined}
              style={width > 0 ? { width: `${width}px` } : undefined}
              aria-sort={key ? order : undefined}
              tabIndex={key ? undefined : tab}
            >
              {key ? (
                <button
                  type="button"
                  tabIndex={tab}
                  aria-disabled={onSort === null}
                  onClick={() => onSort?.(key)}
                >
                  {title}
                  <span class="ja-order" aria-hidden="true">
                    {order === "none" ? "" : descending ? "↓" : "↑"}
                  </span>
                </button>
              ) : (
                title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
