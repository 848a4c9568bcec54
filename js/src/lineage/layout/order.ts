import type { Proper } from "./proper";
import { random } from "./random";
import { type Ranks, ranked, shift, sift } from "./ranks";
import { FAR } from "./sizes";
import type { Work } from "./work";

/**
 * Order the nodes of every layer so that few edges cross: the best of several starts, refined.
 *
 * With `known`, the heights of an earlier drawing (NaN for nodes it did not have), nodes
 * that it had keep their order wherever they share a layer; the new ones are fitted in.
 */
export function* order(graph: Proper, known?: Float64Array): Work<Ranks> {
  if (known) return reordered(graph, known);
  let best: Ranks | undefined;
  let fewest = FAR;
  for (const rightwards of [false, true]) {
    for (const along of graph.count > MANY ? [rightwards] : [rightwards, !rightwards]) {
      const found = yield* improved(walked(graph, rightwards), along);
      const crossed = crossings(found);
      if (best && crossed >= fewest) continue;
      best = found;
      fewest = crossed;
    }
  }
  yield* refine(best!);
  return best!;
}

function reordered(graph: Proper, known: Float64Array): Ranks {
  const height = new Float64Array(graph.count).fill(Number.NaN);
  height.set(known);
  const loose = Uint8Array.from(height, (y) => Number(Number.isNaN(y)));
  // What is new takes the mean of its neighbours, from the known ones outwards.
  for (let open = true; open; ) {
    open = false;
    height.forEach((y, v) => {
      if (!Number.isNaN(y)) return;
      const beside = around(graph, v)
        .map((w) => height[w]!)
        .filter((each) => !Number.isNaN(each));
      if (beside.length === 0) return;
      height[v] = beside.reduce((sum, each) => sum + each / beside.length, 0);
      open = true;
    });
  }
  const layers: number[][] = Array.from({ length: graph.depth }, () => []);
  graph.layer.forEach((l, v) => {
    layers[l]!.push(v);
  });
  for (const layer of layers) layer.sort((a, b) => (height[a] || 0) - (height[b] || 0) || a - b);
  const found = ranked(graph, layers);
  settle(found, 0, graph.depth - 1, loose);
  return found;
}

/** The neighbours of a node on both sides. */
function around({ inputs, outputs }: Proper, v: number): number[] {
  const found: number[] = [];
  for (const { start, list } of [inputs, outputs]) {
    for (let k = start[v]!; k < start[v + 1]!; k++) found.push(list[k]!);
  }
  return found;
}

/** Nodes in the order in which a depth-first walk from one end of the graph meets them. */
function walked(graph: Proper, rightwards: boolean): Ranks {
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
  return ranked(graph, layers);
}

/** Sort layer by layer by the mean of the neighbours' places while it helps, then sift. */
function* improved(ranks: Ranks, rightwards: boolean): Work<Ranks> {
  const { graph, layers, at } = ranks;
  const last = layers.length - 1;
  const key = new Float64Array(graph.count);
  let best = ranked(graph, layers);
  let fewest = crossings(ranks);
  for (let round = 0, idle = 0; idle < 4 && fewest > 0; round++) {
    const forth = (round % 2 === 0) === rightwards;
    for (let step = 1; step <= last; step++) {
      const l = forth ? step : last - step;
      const { start, list } = forth ? graph.inputs : graph.outputs;
      for (const v of layers[l]!) {
        let sum = 0;
        for (let k = start[v]!; k < start[v + 1]!; k++) sum += at[list[k]!]!;
        key[v] = sum / (start[v + 1]! - start[v]!);
        if (Number.isNaN(key[v]!)) key[v] = at[v]!;
      }
      layers[l]!.sort((a, b) => key[a]! - key[b]! || at[a]! - at[b]!);
      layers[l]!.forEach((v, i) => {
        at[v] = i;
      });
    }
    yield;
    const crossed = crossings(ranks);
    idle = crossed < fewest ? 0 : idle + 1;
    if (idle > 0) continue;
    fewest = crossed;
    best = ranked(graph, layers);
  }
  settle(best, 0, last);
  return best;
}

/** Sift the loose nodes of some layers, to and fro, while it helps; returns the change in crossings. */
function settle(ranks: Ranks, first: number, last: number, loose?: Uint8Array): number {
  const rounds = ranks.graph.count > HUGE ? 1 : 4;
  let total = 0;
  for (let round = 0, change = -1; round < rounds && change < 0; round++) {
    change = 0;
    for (let l = first; l <= last; l++) change += sift(ranks, round % 2 === 0 ? l : first + last - l, loose);
    total += change;
  }
  return total;
}

/**
 * Look for a better order around a good one, in place.
 *
 * Again and again: move a tenth of the nodes of one to three neighbouring layers
 * somewhere else, sift them and their neighbours, and take it back where more edges
 * cross. The steps and the work are bounded, not the time, so that the same graph
 * always gets the same picture.
 */
function* refine(ranks: Ranks): Work<void> {
  const { graph, layers, at } = ranks;
  const next = random(1);
  const last = layers.length - 1;
  const patience = Math.min(IDLE, 20 + 4 * graph.count);
  let work = crossings(ranks) > 0 ? WORK : 0;
  for (let step = 0, idle = 0; step < STEPS && idle < patience && work > 0; step++) {
    const low = Math.floor(next() * layers.length);
    const high = Math.min(last, low + Math.floor(next() * 3));
    const [from, to] = [Math.max(0, low - 1), Math.min(last, high + 1)];
    const kept = layers.slice(from, to + 1).map((layer) => layer.slice());
    const loose = new Uint8Array(graph.count);
    let change = 0;
    yield;
    for (const layer of layers.slice(low, high + 1)) {
      const { length } = layer;
      work -= (4 * length * length) / SHARE;
      for (let moves = Math.ceil(length / SHARE); moves > 0; moves--) {
        const v = layer[Math.floor(next() * length)]!;
        for (const w of [v, ...around(graph, v)]) loose[w] = 1;
        change += shift(ranks, layer, at[v]!, Math.floor(next() * length));
      }
    }
    change += settle(ranks, from, to, loose);
    idle = change < 0 ? 0 : idle + 1;
    if (change <= 0) continue;
    kept.forEach((layer, i) => {
      layers[from + i]!.set(layer);
      layer.forEach((v, place) => {
        at[v] = place;
      });
    });
  }
}

/** How many edges cross: pairs that are the wrong way round, counted with a tree of partial sums. */
function crossings({ graph, layers, at }: Ranks): number {
  const { start, list } = graph.outputs;
  let total = 0;
  layers.forEach((layer, l) => {
    let base = 1;
    while (base < (layers[l + 1]?.length ?? 0)) base *= 2;
    const sums = new Int32Array(2 * base);
    for (const v of layer) {
      const end = start[v + 1]!;
      for (let k = start[v]!; k < end; k++) {
        for (let node = base + at[list[k]!]!; node > 1; node >>= 1) {
          if (node % 2 === 0) total += sums[node + 1]!;
        }
      }
      for (let k = start[v]!; k < end; k++) {
        for (let node = base + at[list[k]!]!; node > 0; node >>= 1) sums[node]! += 1;
      }
    }
  });
  return total;
}

/** Above so many nodes and stand-ins two starts have to do. */
const MANY = 1000;
/** Above so many each layer is sifted once: nobody sees the crossings. */
const HUGE = 6000;
/** Most tries, tries without gain before giving up, and pairs of nodes to look at in all. */
const STEPS = 800;
const IDLE = 400;
const WORK = 2e5;
/** One in so many nodes of a layer is moved at a time. */
const SHARE = 10;
