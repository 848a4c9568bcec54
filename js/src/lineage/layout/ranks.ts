import type { Adjacency } from "./graph";
import type { Proper } from "./proper";

/** An order of the nodes in every layer, and each node's place in it. */
export interface Ranks {
  readonly graph: Proper;
  readonly layers: readonly Int32Array[];
  readonly at: Int32Array;
}

/** Take an order; the layers are copied. */
export function ranked(graph: Proper, layers: readonly ArrayLike<number>[]): Ranks {
  const at = new Int32Array(graph.count);
  const own = layers.map((layer) => Int32Array.from(layer));
  for (const layer of own) {
    layer.forEach((v, place) => {
      at[v] = place;
    });
  }
  return { graph, layers: own, at };
}

/** Move the node at one place of a layer to another; returns the change in crossings. */
export function shift({ graph, at }: Ranks, layer: Int32Array, from: number, to: number): number {
  const v = layer[from]!;
  const way = to < from ? -1 : 1;
  let change = 0;
  for (let i = from; i !== to; i += way) {
    const other = layer[i + way]!;
    change += way < 0 ? swap(graph, at, other, v) : swap(graph, at, v, other);
    layer[i] = other;
    at[other] = i;
  }
  layer[to] = v;
  at[v] = to;
  return change;
}

/**
 * Put each node of a layer where it crosses least, the others standing still: one walk
 * past them gives the crossings at every place. With `loose` only the nodes that it
 * marks are moved. Returns the change in crossings, never above 0.
 */
export function sift(ranks: Ranks, l: number, loose?: Uint8Array): number {
  const { graph, at } = ranks;
  const layer = ranks.layers[l]!;
  let total = 0;
  for (const v of layer.slice()) {
    if (loose && loose[v] === 0) continue;
    const place = at[v]!;
    let best = 0;
    let target = place;
    for (let i = place - 1, change = 0; i >= 0; i--) {
      change += swap(graph, at, layer[i]!, v);
      if (change < best) {
        best = change;
        target = i;
      }
    }
    for (let i = place + 1, change = 0; i < layer.length; i++) {
      change += swap(graph, at, v, layer[i]!);
      if (change < best) {
        best = change;
        target = i;
      }
    }
    if (target !== place) total += shift(ranks, layer, place, target);
  }
  return total;
}

/** By how much the crossings change when `v`, next after `u`, comes before it. */
function swap({ inputs, outputs }: Proper, at: Int32Array, u: number, v: number): number {
  return swapOn(inputs, at, u, v) + swapOn(outputs, at, u, v);
}

function swapOn({ start, list }: Adjacency, at: Int32Array, u: number, v: number): number {
  const first = start[v]!;
  const end = start[v + 1]!;
  let total = 0;
  for (let k = start[u]!; k < start[u + 1]!; k++) {
    const place = at[list[k]!]!;
    for (let j = first; j < end; j++) {
      const other = at[list[j]!]!;
      if (other > place) total++;
      else if (other < place) total--;
    }
  }
  return total;
}
