import type { Edge } from "./graph";

/**
 * Mark the edges to turn round so that none of the rest closes a circle.
 *
 * A depth-first walk from the nodes without inputs; an edge back to a node on the
 * way is turned. Grouped lineage needs it: model, train, model.
 */
export function backEdges(count: number, edges: readonly Edge[]): Uint8Array {
  const out: number[][] = Array.from({ length: count }, () => []);
  const used = new Uint8Array(count);
  edges.forEach(([from, to], edge) => {
    out[from]!.push(edge);
    used[to] = 1;
  });
  const back = new Uint8Array(edges.length);
  /** 1 for a node on the way, 2 for one that is done with. */
  const state = new Uint8Array(count);
  const next = new Int32Array(count);
  const roots = Array.from(used.keys()).sort((a, b) => used[a]! - used[b]! || a - b);
  for (const root of roots) {
    const way = state[root] ? [] : [root];
    state[root] ||= 1;
    while (way.length > 0) {
      const v = way[way.length - 1]!;
      const edge = out[v]![next[v]!++];
      if (edge === undefined) {
        state[v] = 2;
        way.pop();
        continue;
      }
      const to = edges[edge]![1];
      if (state[to] === 1) back[edge] = 1;
      if (state[to]! > 0) continue;
      state[to] = 1;
      way.push(to);
    }
  }
  return back;
}
