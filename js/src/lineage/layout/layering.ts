import { adjacency, degree, type Edge } from "./graph";
import { tighten } from "./simplex";

/**
 * Give every node of a connected graph without cycles a layer, 0 on the left.
 *
 * Every edge goes at least one layer to the right; the sum of their lengths is
 * the smallest there is.
 */
export function layering(count: number, edges: readonly Edge[]): Int32Array {
  const layer = latest(count, edges);
  tighten(count, edges, layer);
  const first = layer.reduce((least, l) => Math.min(least, l), 0);
  return layer.map((l) => l - first);
}

/** Put every node as far to the right as what follows it allows; the last are in layer 0. */
export function latest(count: number, edges: readonly Edge[]): Int32Array {
  const { inputs, outputs } = adjacency(count, edges);
  const layer = new Int32Array(count);
  const waiting = Int32Array.from({ length: count }, (_, v) => degree(outputs, v));
  const ready: number[] = [];
  for (let v = 0; v < count; v++) if (waiting[v] === 0) ready.push(v);
  for (let k = 0; k < ready.length; k++) {
    const v = ready[k]!;
    for (let i = inputs.start[v]!; i < inputs.start[v + 1]!; i++) {
      const from = inputs.list[i]!;
      layer[from] = Math.min(layer[from]!, layer[v]! - 1);
      waiting[from]! -= 1;
      if (waiting[from] === 0) ready.push(from);
    }
  }
  return layer;
}
