import type { Edge } from "./graph";

/**
 * Shorten the edges of a layered, connected graph as far as possible, in place.
 *
 * Network simplex on the layers (Gansner, Koutsofios, North and Vo, 1993): keep a
 * spanning tree of edges of length 1; the tree edge with the most negative cut value
 * leaves it for the shortest edge that crosses the cut the other way.
 */
export function tighten(count: number, edges: readonly Edge[], layer: Int32Array): void {
  const tail = Int32Array.from(edges, (edge) => edge[0]);
  const head = Int32Array.from(edges, (edge) => edge[1]);
  const incident: number[][] = Array.from({ length: count }, () => []);
  for (let edge = 0; edge < edges.length; edge++) {
    incident[tail[edge]!]!.push(edge);
    incident[head[edge]!]!.push(edge);
  }
  const other = (edge: number, v: number) => (tail[edge] === v ? head[edge]! : tail[edge]!);
  const slack = (edge: number) => layer[head[edge]!]! - layer[tail[edge]!]! - 1;
  const inTree = new Uint8Array(edges.length);

  // Nodes of the tree, each after its parent; the edge to it; and the last place in its subtree.
  const order = new Int32Array(count);
  const place = new Int32Array(count).fill(-1);
  const up = new Int32Array(count);
  const last = new Int32Array(count);
  const cut = new Int32Array(count);

  let found = 0;
  /** Take in what tree edges lead to from `start`; growing, tight edges become tree edges. */
  const walk = (start: number, edge: number, grow: boolean) => {
    const stack = [start];
    up[start] = edge;
    while (stack.length > 0) {
      const v = stack.pop()!;
      if (place[v]! >= 0) continue;
      if (grow && up[v]! >= 0) inTree[up[v]!] = 1;
      place[v] = found;
      order[found++] = v;
      for (const next of incident[v]!) {
        const w = other(next, v);
        if (place[w]! >= 0 || !(grow ? slack(next) === 0 : inTree[next])) continue;
        up[w] = next;
        stack.push(w);
      }
    }
  };

  // Pull the nearest node to the tree until all are in it.
  walk(0, -1, true);
  while (found < count) {
    let nearest = -1;
    for (let edge = 0; edge < edges.length; edge++) {
      const crosses = place[tail[edge]!]! < 0 !== place[head[edge]!]! < 0;
      if (crosses && (nearest < 0 || slack(edge) < slack(nearest))) nearest = edge;
    }
    const forward = place[tail[nearest]!]! >= 0;
    const shift = forward ? slack(nearest) : -slack(nearest);
    for (let k = 0; k < found; k++) layer[order[k]!]! += shift;
    walk(forward ? head[nearest]! : tail[nearest]!, nearest, true);
  }

  // A bound, so that a degenerate graph ends: far fewer rounds are enough.
  for (let rounds = 3 * count; rounds > 0; rounds--) {
    place.fill(-1);
    found = 0;
    walk(0, -1, false);
    const leaving: number[] = [];
    for (let k = count - 1; k > 0; k--) {
      // Edges out of the subtree less edges into it; its children have been counted.
      const v = order[k]!;
      let balance = 0;
      last[v] = k;
      for (const edge of incident[v]!) {
        balance += tail[edge] === v ? 1 : -1;
        const w = other(edge, v);
        if (inTree[edge] && edge !== up[v]) {
          balance += cut[w]!;
          last[v] = Math.max(last[v]!, last[w]!);
        }
      }
      cut[v] = balance;
      if (tail[up[v]!] === v ? balance < 0 : balance > 0) leaving.push(v);
    }
    if (leaving.length === 0) return;
    leaving.sort((a, b) => Math.abs(cut[b]!) - Math.abs(cut[a]!) || a - b);
    // Subtrees that have nothing to do with one another are moved in one round.
    const moved: number[] = [];
    const hooked: number[] = [];
    for (const root of leaving) {
      const low = place[root]!;
      const high = last[root]!;
      const inside = (v: number) => place[v]! >= low && place[v]! <= high;
      const within = (v: number) => place[v]! <= low && last[v]! >= high;
      if (moved.some(inside) || moved.some(within) || hooked.some(inside)) continue;
      const outwards = head[up[root]!] === root;
      let entering = -1;
      for (let k = low; k <= high; k++) {
        for (const edge of incident[order[k]!]!) {
          const leads = (outwards ? tail[edge] : head[edge]) === order[k] && !inside(other(edge, order[k]!));
          if (leads && (entering < 0 || slack(edge) < slack(entering))) entering = edge;
        }
      }
      const shift = outwards ? slack(entering) : -slack(entering);
      for (let k = low; k <= high; k++) layer[order[k]!]! += shift;
      inTree[up[root]!] = 0;
      inTree[entering] = 1;
      moved.push(root);
      hooked.push(outwards ? head[entering]! : tail[entering]!);
    }
  }
}
