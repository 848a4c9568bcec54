// Where a key leads to in the patterns of the ARIA Authoring Practices. Pure: focus is the caller's.

export interface KeyLike {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export interface GridPlace {
  row: number;
  column: number;
}

export interface GridShape {
  rows: number;
  columns: number;
  /** Rows that PageUp and PageDown move by. */
  page: number;
}

/** Where a key leads to among rows one below the other; null when it is not such a move. */
export function rowMove(key: string, row: number, rows: number, page: number): number | null {
  const [, far, way] = /^(Arrow|Page)(Up|Down)$/.exec(key) ?? [];
  if (way === undefined) return null;
  const step = far === "Page" ? page : 1;
  return clamp(way === "Up" ? row - step : row + step, 0, rows - 1);
}

/**
 * Where a key leads to in a grid; null when the key is not the grid's.
 * Row 0 is the first row, or the header row where that takes part.
 */
export function gridMove(event: KeyLike, place: GridPlace, shape: GridShape): GridPlace | null {
  const { key, ctrlKey } = event;
  if (event.altKey || event.metaKey) return null;
  let { row, column } = place;
  const next = ctrlKey ? null : rowMove(key, row, shape.rows, shape.page);
  if (next !== null) row = next;
  else if (key === "Home") column = 0;
  else if (key === "End") column = shape.columns;
  else if (key === "ArrowLeft" && !ctrlKey) column--;
  else if (key === "ArrowRight" && !ctrlKey) column++;
  else return null;
  if (ctrlKey) row = key === "Home" ? 0 : shape.rows - 1;
  return { row, column: clamp(column, 0, shape.columns - 1) };
}

/** Where a key leads to in a list that goes round (tabs, menus, radio groups); null when it is not a move. */
export function listMove(
  event: KeyLike,
  index: number,
  count: number,
  direction: "x" | "y" | "xy",
): number | null {
  const { key } = event;
  if (event.altKey || event.metaKey || event.ctrlKey || count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const across = direction !== "y";
  const along = direction !== "x";
  if ((across && key === "ArrowRight") || (along && key === "ArrowDown")) return (index + 1) % count;
  if ((across && key === "ArrowLeft") || (along && key === "ArrowUp")) return (index + count - 1) % count;
  return null;
}

/** What a click or Space does to a selection of ids in `order`; `anchor` is where Shift selects from. */
export function select<Id>(
  selected: readonly Id[],
  id: Id,
  event: Pick<KeyLike, "ctrlKey" | "metaKey" | "shiftKey">,
  range: (from: Id, to: Id) => readonly Id[],
  anchor: Id | null,
): Id[] {
  if (event.shiftKey && anchor !== null) return [...range(anchor, id)];
  if (event.ctrlKey || event.metaKey) {
    return selected.includes(id) ? selected.filter((each) => each !== id) : [...selected, id];
  }
  return [id];
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
