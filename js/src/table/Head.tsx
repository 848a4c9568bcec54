import { number } from "../shared/format";
import type { ColumnFacts } from "../shared/protocol.gen";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import type { Column } from "./columns";

interface HeadProps {
  columns: readonly Column[];
  sort: string;
  descending: boolean;
  onSort: ((sort: string) => void) | null;
  /** What columns hold, by what they are sorted by; empty until the kernel told. */
  facts: ReadonlyMap<string, ColumnFacts>;
  /** The column with the grid's tab stop, or -1. */
  stop: number;
}

/** The head line: a click or Enter sorts, once more turns the order. */
export function Head({ columns, sort, descending, onSort, facts, stop }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ title, sort: key, width, number: right, said }, index) => {
          const order = key !== sort ? "none" : descending ? "descending" : "ascending";
          const tab = index === stop ? 0 : -1;
          const name = said ? say(title) : <Text value={title} limit={40} whole />;
          const spread = right ? facts.get(key) : undefined;
          return (
            <th
              key={key || title}
              scope="col"
              class={right ? "ja-num" : undefined}
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
                  {name}
                  <span class="ja-order" aria-hidden="true">
                    {order === "none" ? "" : descending ? "↓" : "↑"}
                  </span>
                </button>
              ) : (
                name
              )}
              {spread && <Histogram facts={spread} />}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** How a column's numbers are spread, in words when it is hovered. */
function Histogram({ facts: { bins, low, high, numbers } }: { facts: ColumnFacts }) {
  if (low === null || high === null) return null;
  const most = Math.max(...bins, 1);
  const bars = bins.map((bin, at) => {
    const height = bin && Math.max(1, (bin / most) * 12);
    return `M${at} 12v${-height}h.85v${height}z`;
  });
  const words = say("{low} to {high} in {n} rows", { low: number(low), high: number(high), n: numbers });
  return (
    <span class="ja-hist" title={words}>
      <svg viewBox={`0 0 ${bins.length || 1} 12`} preserveAspectRatio="none" aria-hidden="true">
        <path d={bars.join("")} />
      </svg>
    </span>
  );
}
