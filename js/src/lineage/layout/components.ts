import type { Edge } from "./graph";

/** The connected parts of a graph, each in rising order, in the order of their first node. */
export function components(count: number, edges: readonly Edge[]): number[][] {
  const root = Int32Array.from({ length: count }, (_, v) => v);
  const find = (v: number): number => {
    let at = v;
    while (root[at] !== at) {
      root[at] = root[root[at]!]!;
      at = root[at]!;
    }
    return at;
  };
  for (const edge of edges) {
    const a = find(edge[0]);
    const b = find(edge[1]);
    root[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, number[]>();
  for (let v = 0; v < count; v++) {
    const first = find(v);
    const part = parts.get(first);
    if (part) part.push(v);
    else parts.set(first, [v]);
  }
  return [...parts.values()];
}

/** A rectangle of whole columns to find a place for. */
export interface Parcel {
  readonly columns: number;
  readonly height: number;
}

/**
 * Find places for parcels on shelves from top to bottom, as wide as the widest and
 * at least `least` columns; they keep their order.
 */
export function pack(
  parcels: readonly Parcel[],
  least: number,
  gap: number,
): { readonly column: number; readonly top: number }[] {
  const width = parcels.reduce((most, { columns }) => Math.max(most, columns), least);
  let column = 0;
  let top = 0;
  let shelf = 0;
  return parcels.map(({ columns, height }) => {
    if (column > 0 && column + columns > width) {
      top += shelf + gap;
      column = 0;
      shelf = 0;
    }
    const place = { column, top };
    column += columns;
    shelf = Math.max(shelf, height);
    return place;
  });
}
