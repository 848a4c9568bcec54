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

/**
 * Where a key leads to in a grid; null when the key is not the grid's.
 * Row 0 is the first row, or the header row where that takes part.
 */
export function gridMove(event: KeyLike, place: GridPlace, shape: GridShape): GridPlace | null {
  if (event.altKey || event.metaKey) return null;
  const lastRow = shape.rows - 1;
  const lastColumn = shape.columns - 1;
  const { row, column } = place;
  const to = (r: number, c: number) => ({ row: clamp(r, 0, lastRow), column: clamp(c, 0, lastColumn) });
  if (event.ctrlKey) {
    if (event.key === "Home") return to(0, 0);
    if (event.key === "End") return to(lastRow, lastColumn);
    return null;
  }
  switch (event.key) {
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "Home":
      return to(row, 0);
    case "End":
      return to(row, lastColumn);
    case "PageUp":
      return to(row - shape.page, column);
    case "PageDown":
      return to(row + shape.page, column);
    default:
      return null;
  }
}

/** Where a key leads to in a list that goes round (tabs, menus, radio groups); null when it is not a move. */
export function listMove(
  event: KeyLike,
  index: number,
  count: number,
  direction: "x" | "y" | "xy",
): number | null {
  if (event.altKey || event.metaKey || event.ctrlKey || count === 0) return null;
  const { key } = event;
  if ((key === "ArrowRight" && direction !== "y") || (key === "ArrowDown" && direction !== "x"))
    return (index + 1) % count;
  if ((key === "ArrowLeft" && direction !== "y") || (key === "ArrowUp" && direction !== "x"))
    return (index + count - 1) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
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
