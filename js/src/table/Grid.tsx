import type { TargetedEvent } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { usePages } from "../shared/hooks";
import { type GridPlace, gridMove } from "../shared/keyboard";
import type { Pages } from "../shared/pages";
import type { ColumnFacts } from "../shared/protocol.gen";
import { Scroller } from "../shared/virtual";
import type { AnyRow, Column } from "./columns";
import { Head } from "./Head";
import { Row } from "./Row";

export const ROW_HEIGHT = 34;
const HEAD_HEIGHT = 32;
const TALL_HEAD_HEIGHT = 46;
const SETTLE_MS = 140;
// Rows drawn beyond those in view, at both ends together: a row's elements are used again for another one.
const SPARE = 6;

export type Keys = Pick<MouseEvent, "ctrlKey" | "metaKey" | "shiftKey">;

interface GridProps {
  label: string;
  columns: readonly Column[];
  pages: Pages<AnyRow>;
  sort: string;
  descending: boolean;
  /** null while nothing can be sorted. */
  onSort: ((sort: string) => void) | null;
  selected: readonly number[];
  multiple: boolean;
  /** A row was clicked or chosen with Space. */
  onSelect(row: AnyRow, index: number, keys: Keys): void;
  /** A row's name was clicked, or Enter pressed on it. */
  onOpen(row: AnyRow): void;
  onEscape(): void;
  facts: ReadonlyMap<string, ColumnFacts>;
  /** Rows that are seen at once, at most. */
  most: number;
}

/** An APG data grid on a real table: as many rows as there are, of which those in view are drawn. */
export function Grid(props: GridProps) {
  const { label, columns, pages, selected, multiple, most, facts } = props;
  usePages(pages);
  const [scroller] = useState(() => new Scroller(ROW_HEIGHT));
  const [, draw] = useReducer((n: number, _: null) => n + 1, 0);
  // Row 0 is the head line: it takes part in the keyboard's grid, for sorting.
  const [place, setPlace] = useState<GridPlace>({ row: 1, column: 0 });
  const box = useRef<HTMLDivElement>(null);
  const inside = useRef(false);

  scroller.rows = pages.total;
  scroller.view = Math.max(1, Math.min(most, pages.total)) * ROW_HEIGHT;
  const { first, end, shift } = scroller.window();
  const column = Math.min(place.column, columns.length - 1);
  const row = Math.min(place.row, pages.total);
  // A row that is scrolled away cannot hold the tab stop: the topmost one in view does.
  const stop = row === 0 || (row > first && row <= end) ? row : Math.ceil(scroller.top / ROW_HEIGHT) + 1;

  const tall = columns.some(({ sort, number }) => number && facts.get(sort)?.bins.length);
  const head = tall ? TALL_HEAD_HEIGHT : HEAD_HEIGHT;

  useFetching(pages, first, end);

  // After a redraw the element with the focus may stand for another row, or be gone: then the focus waits
  // on the box, which hears the same keys.
  useLayoutEffect(() => {
    const element = box.current;
    if (!inside.current || !element) return;
    // Who leaves the page tells nobody where to: once he is elsewhere in it, the focus is his.
    const { body, activeElement } = element.ownerDocument;
    const now = (element.getRootNode() as Document | ShadowRoot).activeElement ?? activeElement;
    if (now && now !== body && !element.contains(now)) {
      inside.current = false;
      return;
    }
    const line = element.querySelector(`[aria-rowindex="${row + 1}"]`);
    const cell = line?.children[column] as HTMLElement | undefined;
    const target = cell?.querySelector<HTMLElement>("button") ?? cell ?? element;
    if (now !== target) target.focus({ preventScroll: true });
  });

  // Another order or filter is read from its beginning.
  useLayoutEffect(() => {
    scroller.top = 0;
    if (box.current) box.current.scrollTop = scroller.settle();
    setPlace(({ row, column }) => ({ row: Math.min(row, 1), column }));
    draw(null);
  }, [pages]);

  // When the wheel rests, the bar is put where the rows are: on a shortened track the two drift apart.
  const settling = useRef<ReturnType<typeof setTimeout> | null>(null);
  const settle = () => {
    if (settling.current !== null) clearTimeout(settling.current);
    settling.current = setTimeout(() => {
      if (box.current) box.current.scrollTop = scroller.settle();
    }, SETTLE_MS);
  };
  useEffect(() => () => void (settling.current !== null && clearTimeout(settling.current)), []);

  const onScroll = (event: TargetedEvent<HTMLDivElement>) => {
    scroller.scrolled(event.currentTarget.scrollTop);
    settle();
    draw(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const at = { row, column };
    const here = row > 0 ? pages.get(row - 1) : undefined;
    if (event.key === "Escape") return props.onEscape();
    if (event.key === "Enter" && here) {
      event.preventDefault();
      return props.onOpen(here);
    }
    if (event.key === " " && here) {
      event.preventDefault();
      return props.onSelect(here, row - 1, {
        ctrlKey: !event.shiftKey,
        metaKey: false,
        shiftKey: event.shiftKey,
      });
    }
    const next = gridMove(event, at, { rows: pages.total + 1, columns: columns.length, page: most - 1 });
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    inside.current = true;
    if (next.row > 0 && scroller.reveal(next.row - 1) && box.current) {
      box.current.scrollTop = scroller.settle();
    }
    setPlace(next);
    const there = pages.get(next.row - 1);
    if (event.shiftKey && next.row !== row && next.row > 0 && there)
      props.onSelect(there, next.row - 1, event);
  };

  const onClick = (event: MouseEvent) => {
    const at = placeOf(event.target);
    const data = at && pages.get(at.row - 1);
    if (!at || !data) return;
    setPlace(at);
    props.onSelect(data, at.row - 1, event);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    const named = (event.target as Element).closest(".ja-name");
    if (plain && (named || event.detail === 2)) props.onOpen(data);
  };
  // Tab or a click came in at another cell than the one that was left.
  const onFocusIn = (event: FocusEvent) => {
    inside.current = true;
    const at = placeOf(event.target);
    if (at && (at.row !== row || at.column !== column)) setPlace(at);
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    // Nowhere is where the focus goes when its element is taken away: then it is still ours.
    if (relatedTarget && !box.current?.contains(relatedTarget as Node)) inside.current = false;
  };

  const lines = [];
  for (let index = first; index < end; index++) {
    const data = pages.get(index);
    lines.push(
      <Row
        key={index % (most + SPARE)}
        index={index}
        row={data}
        columns={columns}
        selected={data !== undefined && selected.includes(data.id)}
        stop={index + 1 === stop ? column : -1}
      />,
    );
  }
  return (
    <div
      ref={box}
      class="ja-scroll"
      role="none"
      tabIndex={-1}
      style={{ height: `${head + scroller.view}px` }}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
      // Shift selects rows, not words.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onFocusIn={onFocusIn}
      onFocusOut={onFocusOut}
    >
      <div class="ja-track" style={{ height: `${head + scroller.track}px` }}>
        <table
          class={tall ? "ja-grid ja-tall" : "ja-grid"}
          role="grid"
          aria-label={label}
          aria-rowcount={pages.known ? pages.total + 1 : -1}
          aria-colcount={columns.length}
          aria-multiselectable={multiple}
          aria-busy={pages.loading}
        >
          <Head {...props} stop={stop === 0 ? column : -1} />
          <tbody style={{ transform: `translateY(${shift}px)` }}>{lines}</tbody>
        </table>
      </div>
    </div>
  );
}

/** The cell that an element is (in), as a place in the grid. */
function placeOf(target: EventTarget | null): GridPlace | null {
  const cell = (target as Element).closest("td,th");
  const line = cell?.parentElement;
  if (!cell || !line) return null;
  return { row: Number(line.getAttribute("aria-rowindex")) - 1, column: [...line.children].indexOf(cell) };
}

// Rows that fly past are not worth a request: it goes out when the scrolling slows down.
function useFetching(pages: Pages<AnyRow>, first: number, end: number): void {
  const last = useRef({ first, at: 0 });
  useEffect(() => {
    const now = performance.now();
    const fast = Math.abs(first - last.current.first) > pages.size && now - last.current.at < 100;
    last.current = { first, at: now };
    if (!fast) return void pages.ensure(first, end);
    const timer = setTimeout(() => pages.ensure(first, end), 60);
    return () => clearTimeout(timer);
  }, [pages, first, end, pages.generation]);
}
