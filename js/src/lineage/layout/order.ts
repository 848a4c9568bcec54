import { Arrangement } from "./arrangement";
import type { Adjacency } from "./graph";
import type { Proper } from "./proper";
import { refine, settle } from "./refine";
import { barycentre, median, type Pull, sweep } from "./sweep";

/** Order the nodes of every layer so that few edges cross; the best of several starts, refined. */
export function order(graph: Proper): Arrangement {
  let best: Arrangement | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [layers, rightwards, pull] of starts(graph)) {
    const found = improve(new Arrangement(graph, layers), rightwards, pull);
    const crossed = found.crossings();
    if (best && crossed >= fewest) continue;
    best = found;
    fewest = crossed;
  }
  refine(best!);
  return best!;
}

/**
 * Order the nodes as they were in an earlier drawing, and fit the new ones in.
 *
 * `known` are the heights of that drawing, NaN for nodes it did not have. Nodes it
 * had keep their order wherever they share a layer.
 */
export function reorder(graph: Proper, known: Float64Array): Arrangement {
  const height = new Float64Array(graph.count).fill(Number.NaN);
  height.set(known.subarray(0, graph.real));
  const loose = Uint8Array.from(height, (y) => (Number.isNaN(y) ? 1 : 0));
  for (let open = true; open; ) {
    open = false;
    for (let v = 0; v < graph.count; v++) {
      if (!Number.isNaN(height[v]!)) continue;
      height[v] = mean([graph.inputs, graph.outputs], v, height);
      open ||= !Number.isNaN(height[v]!);
    }
  }
  const layers: number[][] = Array.from({ length: graph.depth }, () => []);
  for (let v = 0; v < graph.count; v++) layers[graph.layer[v]!]!.push(v);
  for (const layer of layers) layer.sort((a, b) => (height[a] || 0) - (height[b] || 0) || a - b);
  const arrangement = new Arrangement(
    graph,
    layers.map((layer) => Int32Array.from(layer)),
  );
  settle(arrangement, 0, graph.depth - 1, loose);
  return arrangement;
}

/** The mean height of the neighbours that have one. */
function mean(sides: Adjacency[], v: number, height: Float64Array): number {
  let sum = 0;
  let found = 0;
  for (const { start, list } of sides) {
    for (let k = start[v]!; k < start[v + 1]!; k++) {
      const y = height[list[k]!]!;
      if (Number.isNaN(y)) continue;
      sum += y;
      found++;
    }
  }
  return found > 0 ? sum / found : Number.NaN;
}

/** Starting orders, and from which side and by what pull each is first swept. */
function* starts(graph: Proper): Iterable<[Int32Array[], boolean, Pull]> {
  yield [walk(graph, false), false, barycentre];
  yield [walk(graph, true), true, median];
  if (graph.count > MANY) return;
  yield [walk(graph, true), true, barycentre];
  yield [walk(graph, false), false, median];
}

/** Sweep while it helps, then sift while it helps. */
function improve(arrangement: Arrangement, rightwards: boolean, pull: Pull): Arrangement {
  let best = arrangement.copy();
  let fewest = arrangement.crossings();
  for (let round = 0, idle = 0; idle < 4 && fewest > 0; round++) {
    sweep(arrangement, (round % 2 === 0) === rightwards, pull);
    const crossed = arrangement.crossings();
    idle = crossed < fewest ? 0 : idle + 1;
    if (idle > 0) continue;
    fewest = crossed;
    best = arrangement.copy();
  }
  settle(best, 0, best.layers.length - 1);
  return best;
}

/** Nodes in the order in which a depth-first walk from one end of the graph meets them. */
function walk(graph: Proper, rightwards: boolean): Int32Array[] {
  const [before, after] = rightwards ? [graph.inputs, graph.outputs] : [graph.outputs, graph.inputs];
  const layers: number[][] = Array.from({ length: graph.depth }, () => []);
  const seen = new Uint8Array(graph.count);
  const stack: number[] = [];
  for (let v = graph.real - 1; v >= 0; v--) if (before.start[v] === before.start[v + 1]) stack.push(v);
  while (stack.length > 0) {
    const v = stack.pop()!;
    if (seen[v]) continue;
    seen[v] = 1;
    layers[graph.layer[v]!]!.push(v);
    for (let k = after.start[v + 1]! - 1; k >= after.start[v]!; k--) stack.push(after.list[k]!);
  }
  return layers.map((layer) => Int32Array.from(layer));
}

/** Above so many nodes and stand-ins two starts have to do. */
const MANY = 1000;
