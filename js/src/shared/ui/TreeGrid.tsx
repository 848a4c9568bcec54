import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { count } from "../format";
import { treeMove, typeAhead } from "../tree";
import { Button } from "./Button";
import { ChevronIcon } from "./icons";
import "./parts.css";

export interface GridRow {
  id: string;
  level: number;
  label: string;
  open: boolean | null;
}

interface TreeGridProps<R extends GridRow> {
  label: string;
  columns: readonly { title: string; kind?: string }[];
  rows: readonly R[];
  /** The cells of a row, one for each column. */
  cells(row: R): ComponentChildren[];
  onToggle(row: R, open: boolean): void;
}

// More rows than this are drawn on demand: a folder may hold ten thousand files.
const STEP = 400;

/** An APG tree grid whose rows take the focus: Right opens, Left closes, letters find. */
export function TreeGrid<R extends GridRow>({ label, columns, rows, cells, onToggle }: TreeGridProps<R>) {
  const [most, setMost] = useState(STEP);
  const [current, setCurrent] = useState<string | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = useRef(false);
  const shown = rows.slice(0, most);
  const at = Math.max(
    0,
    shown.findIndex((row) => row.id === current),
  );

  useEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    body.current?.rows[at]?.focus();
  });

  const go = (index: number) => {
    const row = shown[index];
    if (row === undefined) return;
    wanted.current = true;
    setCurrent(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(event.key, shown, at);
    if (move === null) {
      if (event.key.length !== 1 || event.key === " ") return;
      const found = typeAhead(shown, at, event.key);
      if (found >= 0) go(found);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if ("to" in move) return go(move.to);
    const row = shown[move.toggle];
    if (row) onToggle(row, !row.open);
  };
  return (
    <>
      <table class="ja-tree" aria-label={label} aria-rowcount={rows.length + 1} onKeyDown={onKeyDown}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={column.kind}>
                {column.title}
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
              onClick={() => row.open !== null && onToggle(row, !row.open)}
            >
              {cells(row).map((cell, column) => (
                <td
                  key={columns[column]?.title}
                  class={columns[column]?.kind}
                  style={column === 0 ? { paddingInlineStart: `${12 + (row.level - 1) * 18}px` } : undefined}
                >
                  {column === 0 && <span class="ja-twist">{row.open !== null && <ChevronIcon />}</span>}
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <div class="ja-more">
          <Button onClick={() => setMost(most + STEP)}>Show {Math.min(STEP, rows.length - most)} more</Button>
          <span class="ja-mut">{count(rows.length - most, "row")} not shown</span>
        </div>
      )}
    </>
  );
}
