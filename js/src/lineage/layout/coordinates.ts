import type { Ranks } from "./ranks";
import { LINE, type Sizes } from "./sizes";
import type { Work } from "./work";

/**
 * Give every node a place across the direction, near the mean of its neighbours.
 *
 * Layer by layer the exact least-squares answer that keeps the order and the gaps
 * (pool adjacent violators), swept back and forth. `known` are places of an
 * earlier drawing, NaN for new nodes: those nodes stay near them.
 */
export function* coordinates(ranks: Ranks, { across, gap }: Sizes, known?: Float64Array): Work<Float64Array> {
  const { graph, layers } = ranks;
  const y = new Float64Array(graph.count);
  const room = (v: number) => (v < graph.real ? across + gap : LINE);
  const want = new Float64Array(graph.count);
  const weight = (v: number) => (v >= graph.real ? LINE_WEIGHT : isKnown(known, v) ? KNOWN_WEIGHT : 1);
  for (const layer of layers) {
    let down = 0;
    for (const v of layer) {
      y[v] = down + room(v) / 2;
      down += room(v);
    }
    for (const v of layer) y[v]! -= down / 2;
  }
  for (let round = 0; round < ROUNDS; round++) {
    const rightwards = round % 2 === 0;
    yield;
    for (let step = 0; step < layers.length; step++) {
      const layer = layers[rightwards ? step : layers.length - 1 - step]!;
      for (const v of layer) want[v] = pull(ranks, y, v, round < 2 ? rightwards : null, known);
      place(layer, want, y, room, weight);
    }
  }
  straighten(ranks, y, room, known);
  return y;
}

/** What lies nearly level with an input is put level with it, where there is room: a line bent by a hair looks wrong. */
function straighten(
  { graph: { inputs, real }, layers }: Ranks,
  y: Float64Array,
  room: (v: number) => number,
  known: Float64Array | undefined,
): void {
  for (const layer of layers) {
    layer.forEach((v, i) => {
      if (v < real && isKnown(known, v)) return;
      let to = Number.NaN;
      for (let k = inputs.start[v]!; k < inputs.start[v + 1]!; k++) {
        const level = y[inputs.list[k]!]!;
        if (!(Math.abs(level - y[v]!) >= Math.abs(to - y[v]!))) to = level;
      }
      const apart = (w: number) => (room(v) + room(w)) / 2;
      const [before, after] = [layer[i - 1], layer[i + 1]];
      const clear =
        (before === undefined || to - y[before]! >= apart(before)) &&
        (after === undefined || y[after]! - to >= apart(after));
      if (Math.abs(to - y[v]!) <= NEARLY && clear) y[v] = to;
    });
  }
}

function isKnown(known: Float64Array | undefined, v: number): known is Float64Array {
  return known !== undefined && !Number.isNaN(known[v]!);
}

/** Where a node would like to be: with its neighbours, on one side or on both. */
function pull(
  { graph }: Ranks,
  y: Float64Array,
  v: number,
  rightwards: boolean | null,
  known: Float64Array | undefined,
): number {
  if (v < graph.real && isKnown(known, v)) return known[v]!;
  let sum = 0;
  let shares = 0;
  const add = ({ start, list }: typeof graph.inputs) => {
    for (let k = start[v]!; k < start[v + 1]!; k++) {
      const w = list[k]!;
      // Lines that pass layers by should be straight before anything else is.
      const share = v >= graph.real && w >= graph.real ? STRAIGHT : 1;
      sum += share * y[w]!;
      shares += share;
    }
  };
  if (rightwards !== false) add(graph.inputs);
  if (rightwards !== true) add(graph.outputs);
  return shares > 0 ? sum / shares : y[v]!;
}

/** Put a layer's nodes as near to what they want as order and room allow. */
function place(
  layer: Int32Array,
  want: Float64Array,
  y: Float64Array,
  room: (v: number) => number,
  weightOf: (v: number) => number,
): void {
  const offset = new Float64Array(layer.length);
  const sums: number[] = [];
  const weights: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < layer.length; i++) {
    const v = layer[i]!;
    if (i > 0) offset[i] = offset[i - 1]! + (room(layer[i - 1]!) + room(v)) / 2;
    const weight = weightOf(v);
    let sum = weight * (want[v]! - offset[i]!);
    let total = weight;
    let size = 1;
    while (sums.length > 0 && sums[sums.length - 1]! * total > sum * weights[weights.length - 1]!) {
      sum += sums.pop()!;
      total += weights.pop()!;
      size += sizes.pop()!;
    }
    sums.push(sum);
    weights.push(total);
    sizes.push(size);
  }
  let i = 0;
  for (let block = 0; block < sums.length; block++) {
    const base = sums[block]! / weights[block]!;
    for (let k = 0; k < sizes[block]!; k++, i++) y[layer[i]!] = base + offset[i]!;
  }
}

const ROUNDS = 16;
/** So few pixels are no step. */
const NEARLY = 9;
/** How firmly stand-ins of lines, and nodes of an earlier picture, hold their places; others 1. */
const LINE_WEIGHT = 4;
const KNOWN_WEIGHT = 100;
/** How much more the next stand-in of a line counts than other neighbours. */
const STRAIGHT = 8;
