import { adjacency, degree, type Edge } from "./graph";
import { tighten } from "./simplex";

/**
 * Give every node of a connected graph without cycles a layer, 0 on the left.
 *
 * Every edge goes at least one layer to the right; the sum of their lengths is
 * the smallest there is.
 */
export function layering(count: number, edges: readonly Edge[]): Int32Array {
  const layer = longestPath(count, edges);
  tighten(count, edges, layer);
  let first = Number.POSITIVE_INFINITY;
  for (const l of layer) first = Math.min(first, l);
  for (let v = 0; v < count; v++) layer[v]! -= first;
  return layer;
}

/** The smallest layer that each node can have. */
export function longestPath(count: number, edges: readonly Edge[]): Int32Array {
  const { inputs, outputs } = adjacency(count, edges);
  const layer = new Int32Array(count);
  const waiting = new Int32Array(count);
  const ready: number[] = [];
  for (let v = 0; v < count; v++) {
    waiting[v] = degree(inputs, v);
    if (waiting[v] === 0) ready.push(v);
  }
  for (let k = 0; k < ready.length; k++) {
    const v = ready[k]!;
    for (let i = outputs.start[v]!; i < outputs.start[v + 1]!; i++) {
      const to = outputs.list[i]!;
      layer[to] = Math.max(layer[to]!, layer[v]! + 1);
      waiting[to]! -= 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  return layer;
}
