/** An edge between positions in a list of nodes, cause first. */
export type Edge = readonly [from: number, to: number];

/** Neighbours of every node in one array: those of `v` lie from `start[v]` to `start[v + 1]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** Both directions of a graph. */
export interface Neighbours {
  readonly inputs: Adjacency;
  readonly outputs: Adjacency;
}

/** Collect the neighbours of `count` nodes; each list keeps the order of the edges. */
export function adjacency(count: number, edges: readonly Edge[]): Neighbours {
  return { inputs: side(count, edges, 1, 0), outputs: side(count, edges, 0, 1) };
}

function side(count: number, edges: readonly Edge[], from: 0 | 1, to: 0 | 1): Adjacency {
  const start = new Int32Array(count + 1);
  for (const edge of edges) start[edge[from] + 1]! += 1;
  for (let v = 0; v < count; v++) start[v + 1]! += start[v]!;
  const next = start.slice();
  const list = new Int32Array(edges.length);
  for (const edge of edges) list[next[edge[from]]!++] = edge[to];
  return { start, list };
}

/** How many neighbours a node has on one side. */
export function degree(side: Adjacency, v: number): number {
  return side.start[v + 1]! - side.start[v]!;
}

/** Edges without loops and repetitions, first come first kept. */
export function simple(count: number, edges: readonly Edge[]): Edge[] {
  const seen = new Set<number>();
  return edges.filter(([a, b]) => {
    const key = a * count + b;
    if (a === b || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
