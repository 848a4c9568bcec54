import type { TargetedEvent } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { usePages, useSize } from "../shared/hooks";
import { gridMove } from "../shared/keyboard";
import type { Pages } from "../shared/pages";
import type { ExampleItem, ExamplesView } from "../shared/protocol.gen";
import { Scroller } from "../shared/virtual";
import { say } from "../shared/words";
import { fitTiles } from "./fit";
import type { Sheets } from "./sheets";
import { Tile } from "./Tile";

export type Keys = Pick<MouseEvent, "ctrlKey" | "metaKey" | "shiftKey">;

interface TilesProps {
  pages: Pages<ExampleItem>;
  sheets: Sheets;
  names: readonly string[];
  versions: readonly string[];
  /** Columns that somebody chose; 0 as many as fit. */
  cols: number;
  sort: ExamplesView["sort"];
  ratio: number;
  selected: readonly number[];
  /** Rows that are seen at once, at most. */
  most: number;
  onPick(item: ExampleItem, place: number, keys: Keys): void;
  onOpen(item: ExampleItem, place: number): void;
  onEscape(): void;
}

/** An APG grid of pictures: any number, of which those in view are drawn. */
export function Tiles(props: TilesProps) {
  const { pages, sheets, names, versions, cols, sort, ratio, selected, most } = props;
  usePages(pages);
  const named = names.some((name) => name.length > 2);
  const [box, { width }] = useSize<HTMLDivElement>();
  const [, draw] = useReducer((n: number, _: null) => n + 1, 0);
  useEffect(() => sheets.subscribe(() => draw(null)), [sheets]);
  const lines = versions.length > 0 ? 3 : named ? 2 : 1;
  const { columns, height } = fitTiles(width, ratio, lines, cols);
  const [scroller, setScroller] = useState(() => new Scroller(height));
  if (scroller.rowHeight !== height) {
    // The panel got wider or narrower: the same row stays on top.
    const next = new Scroller(height);
    next.top = (scroller.top / scroller.rowHeight) * height;
    setScroller(next);
  }
  const [place, setPlace] = useState(0);
  const inside = useRef(false);

  const total = pages.total;
  scroller.rows = Math.ceil(total / columns);
  scroller.view = Math.max(1, Math.min(most, scroller.rows)) * height;
  const { first, end, shift } = scroller.window(1);
  const at = Math.min(place, Math.max(0, total - 1));

  useEffect(() => {
    void pages.ensure(first * columns, end * columns);
    // In whole blocks, so that scrolling asks for a sheet now and then and not for every row.
    const here: number[] = [];
    const from = Math.floor((first * columns) / BLOCK) * BLOCK;
    for (let i = from; i < Math.ceil((end * columns) / BLOCK) * BLOCK; i++) {
      const item = pages.get(i);
      if (item) here.push(item.tile);
    }
    sheets.ensure(here);
  });

  useLayoutEffect(() => {
    if (!inside.current || !box.current) return;
    const cell = box.current.querySelector<HTMLElement>("[role=gridcell][tabindex='0']");
    if (cell && cell.ownerDocument.activeElement !== cell) cell.focus({ preventScroll: true });
  });

  const onScroll = (event: TargetedEvent<HTMLDivElement>) => {
    scroller.scrolled(event.currentTarget.scrollTop);
    draw(null);
  };

  const pointed = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-place]");
    const index = Number(cell?.dataset.place);
    return { index, item: cell ? pages.get(index) : undefined };
  };
  const onClick = (event: MouseEvent) => {
    const { index, item } = pointed(event);
    // The second click of a double click opens; it does not take the selection back.
    if (!item || event.detail > 1) return;
    inside.current = true;
    setPlace(index);
    props.onPick(item, index, event);
  };
  const onDblClick = (event: MouseEvent) => {
    const { index, item } = pointed(event);
    if (item) props.onOpen(item, index);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const item = pages.get(at);
    if (event.key === "Escape") return props.onEscape();
    if (event.key === "Enter" && item) {
      event.preventDefault();
      return props.onOpen(item, at);
    }
    if (event.key === " " && item) {
      event.preventDefault();
      const keys = { ctrlKey: !event.shiftKey, metaKey: false, shiftKey: event.shiftKey };
      return props.onPick(item, at, keys);
    }
    const from = { row: Math.floor(at / columns), column: at % columns };
    const shape = { rows: scroller.rows, columns, page: Math.max(1, most - 1) };
    const to = gridMove(event, from, shape) ?? overTheEdge(event.key, from.row, from.column, columns);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    inside.current = true;
    const next = Math.max(0, Math.min(to.row * columns + to.column, total - 1));
    if (scroller.reveal(Math.floor(next / columns)) && box.current) box.current.scrollTop = scroller.settle();
    setPlace(next);
    const there = pages.get(next);
    if (event.shiftKey && there && next !== at) props.onPick(there, next, event);
  };

  const rows = [];
  for (let row = first; row < end; row++) {
    const cells = [];
    for (let column = 0; column < columns && row * columns + column < total; column++) {
      const index = row * columns + column;
      const item = pages.get(index);
      cells.push(
        <Tile
          key={column}
          item={item}
          names={names}
          versions={versions}
          sheets={sheets}
          value={item ? shownValue(item, sort) : null}
          ratio={ratio}
          column={column}
          place={index}
          named={named}
          selected={item !== undefined && selected.includes(item.tile)}
          stop={index === at}
        />,
      );
    }
    rows.push(
      <div key={row} role="row" class="ja-tile-row" aria-rowindex={row + 1} style={{ height: `${height}px` }}>
        {cells}
      </div>,
    );
  }
  return (
    <div
      ref={box}
      class="ja-tiles"
      role="grid"
      aria-label={say("Examples")}
      aria-rowcount={scroller.rows}
      aria-colcount={columns}
      aria-multiselectable="true"
      aria-busy={pages.loading}
      style={{ height: `${scroller.view}px`, "--ja-columns": columns }}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDblClick={onDblClick}
      onFocusOut={(event) => {
        const to = event.relatedTarget as Node | null;
        if (to && !box.current?.contains(to)) inside.current = false;
      }}
    >
      <div class="ja-tile-track" role="presentation" style={{ height: `${scroller.track}px` }}>
        <div class="ja-tile-rows" role="presentation" style={{ transform: `translateY(${shift}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** So many places are asked for together. */
const BLOCK = 48;

// In a grid of pictures the line has no meaning: Right at its end goes on in the next one.
function overTheEdge(key: string, row: number, column: number, columns: number) {
  if (key === "ArrowRight" && column === columns - 1) return { row: row + 1, column: 0 };
  if (key === "ArrowLeft" && column === 0 && row > 0) return { row: row - 1, column: columns - 1 };
  return null;
}

function shownValue(item: ExampleItem, sort: ExamplesView["sort"]): number | null {
  return sort === "index" ? item.loss : item[sort];
}
