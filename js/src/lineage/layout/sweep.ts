import type { Arrangement } from "./arrangement";
import type { Adjacency } from "./graph";

/** What a node is drawn to, from the places of its neighbours on one side. */
export type Pull = (side: Adjacency, v: number, at: Int32Array) => number;

/** The mean of the neighbours' places. */
export const barycentre: Pull = (side, v, at) => {
  let sum = 0;
  const from = side.start[v]!;
  const to = side.start[v + 1]!;
  for (let k = from; k < to; k++) sum += at[side.list[k]!]!;
  return sum / (to - from);
};

/** The weighted median of the neighbours' places (Gansner et al., 1993). */
export const median: Pull = (side, v, at) => {
  const places: number[] = [];
  for (let k = side.start[v]!; k < side.start[v + 1]!; k++) places.push(at[side.list[k]!]!);
  places.sort((a, b) => a - b);
  const middle = places.length >> 1;
  if (places.length % 2 === 1) return places[middle]!;
  if (places.length === 2) return (places[0]! + places[1]!) / 2;
  const left = places[middle - 1]! - places[0]!;
  const right = places[places.length - 1]! - places[middle]!;
  if (left + right === 0) return (places[middle - 1]! + places[middle]!) / 2;
  return (places[middle - 1]! * right + places[middle]! * left) / (left + right);
};

/** Order every layer by what pulls its nodes, from one end of the graph to the other. */
export function sweep(arrangement: Arrangement, rightwards: boolean, pull: Pull): void {
  const { graph, layers, at } = arrangement;
  const side = rightwards ? graph.inputs : graph.outputs;
  const key = new Float64Array(graph.count);
  for (let step = 1; step < layers.length; step++) {
    const layer = layers[rightwards ? step : layers.length - 1 - step]!;
    for (const v of layer) {
      key[v] = side.start[v + 1]! > side.start[v]! ? pull(side, v, at) : at[v]!;
    }
    layer.sort((a, b) => key[a]! - key[b]! || at[a]! - at[b]!);
    arrangement.number(layer);
  }
}
