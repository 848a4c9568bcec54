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

/** A width and a height, or a left and a top; each in pixels or in layers. */
export type Pair = readonly [x: number, y: number];

/**
 * Find places for parcels on shelves from top to bottom, as wide as the widest and
 * at least `least`; they keep their order, and the gaps between them.
 */
export function pack(parcels: readonly Pair[], least: number, [beside, below]: Pair): Pair[] {
  const most = parcels.reduce((so, [width]) => Math.max(so, width), least);
  let left = 0;
  let top = 0;
  let shelf = 0;
  return parcels.map(([width, height]) => {
    if (left > 0 && left + width > most) {
      top += shelf + below;
      left = 0;
      shelf = 0;
    }
    const place = [left, top] as const;
    left += width + beside;
    shelf = Math.max(shelf, height);
    return place;
  });
}
