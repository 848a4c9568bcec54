import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../format";
import { type Opened, type TreeRow, treeMove, typeAhead } from "../tree";
import { say } from "../words";
import { Button } from "./Button";
import { ChevronIcon } from "./icons";
import { Empty } from "./Notice";
import { SearchBox } from "./SearchBox";
import "./parts.css";

interface TreeGridProps<R extends TreeRow> {
  label: string;
  columns: readonly { title: string; kind?: string }[];
  /** The rows to be seen, for what was opened and what is searched. Kept until `data` changes. */
  rows(opened: Opened, query: string): R[];
  data: unknown;
  /** The cells of a row, one for each column. */
  cells(row: R): ComponentChildren[];
  /** Enter or a click on a row that cannot be opened. */
  onPick?: ((row: R) => void) | undefined;
  /** Asks for a search box, with this in it. */
  find?: string | false;
  /** Beside the search box, while nothing is searched. */
  note?: ComponentChildren;
}

// More rows than this are drawn on demand: a folder may hold ten thousand files.
const STEP = 400;

/** An APG tree grid whose rows take the focus: Right opens, Left closes, letters find. */
export function TreeGrid<R extends TreeRow>({
  label,
  columns,
  rows,
  data,
  cells,
  onPick,
  find,
  note,
}: TreeGridProps<R>) {
  const [query, setQuery] = useState("");
  const [opened, setOpened] = useState<Opened>(new Map());
  const [most, setMost] = useState(STEP);
  const [current, setCurrent] = useState<string | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = useRef(false);
  const all = useMemo(() => rows(opened, query), [data, opened, query]);
  const shown = all.slice(0, most);
  const at = Math.max(
    0,
    shown.findIndex((row) => row.id === current),
  );

  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    (body.current?.children[at] as HTMLElement | undefined)?.focus();
  });

  const toggle = (row: R | undefined) => {
    if (row && row.open !== null) setOpened(new Map(opened).set(row.id, !row.open));
    else if (row) onPick?.(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const found = key.length === 1 && key !== " " ? typeAhead(shown, at, key) : -1;
    if (key === "Enter" && shown[at]?.open === null) toggle(shown[at]);
    const move = found < 0 ? treeMove(key, shown, at) : { to: found };
    if (move === null) return;
    event.preventDefault();
    event.stopPropagation();
    if ("toggle" in move) return toggle(shown[move.toggle]);
    wanted.current = true;
    setCurrent(shown[move.to]?.id ?? null);
  };
  return (
    <>
      {find && (
        <div class="ja-sub">
          <SearchBox
            label={say("Find in {what}", { what: label })}
            placeholder={find}
            value={query}
            onInput={setQuery}
          />
          <span class="ja-mut" role="status">
            {query === "" ? note : count(all.length, "row")}
          </span>
        </div>
      )}
      {shown.length === 0 && <Empty>{say("Nothing matches")}</Empty>}
      {shown.length > 0 && (
        <table
          class="ja-tree"
          role="treegrid"
          aria-label={label}
          aria-rowcount={all.length + 1}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <th key={column.title} scope="col" class={column.kind}>
                  {say(column.title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row, index) => (
              <tr
                key={row.id}
                aria-rowindex={index + 2}
                aria-level={row.level}
                aria-expanded={row.open ?? undefined}
                tabIndex={index === at ? 0 : -1}
                onFocus={() => setCurrent(row.id)}
                onClick={() => toggle(row)}
              >
                {cells(row).map((cell, column) => (
                  <td
                    key={column}
                    class={columns[column]?.kind}
                    style={column > 0 ? undefined : { paddingInlineStart: `${row.level * 18 - 6}px` }}
                  >
                    {column === 0 && <span class="ja-twist">{row.open !== null && <ChevronIcon />}</span>}
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {all.length > most && (
        <div class="ja-more">
          <Button onClick={() => setMost(most + STEP)}>{say("Show more")}</Button>
          <span class="ja-mut">{say("{n} more rows", { n: all.length - most })}</span>
        </div>
      )}
    </>
  );
}
