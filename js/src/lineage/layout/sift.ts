import type { Arrangement } from "./arrangement";
import type { Adjacency } from "./graph";

/**
 * Put each node of a layer where it crosses least, the other nodes standing still.
 *
 * One walk past the others gives the crossings at every place; returns by how many
 * the total went down. With `loose`, only the nodes that it marks are moved.
 */
export function siftLayer(arrangement: Arrangement, l: number, loose?: Uint8Array): number {
  const { graph, at, layers } = arrangement;
  const layer = layers[l]!;
  if (layer.length < 2) return 0;
  const ins = arrangement.inputPlaces;
  const outs = arrangement.outputPlaces;
  if (l > 0) collect(layers[l - 1]!, layer, graph.outputs, graph.inputs, ins, arrangement.cursor, at);
  if (l + 1 < layers.length)
    collect(layers[l + 1]!, layer, graph.inputs, graph.outputs, outs, arrangement.cursor, at);
  const cost = (u: number, v: number) => swap(graph.inputs, ins, u, v) + swap(graph.outputs, outs, u, v);
  let gained = 0;
  for (const v of layer.slice()) {
    if (loose && loose[v] === 0) continue;
    const place = at[v]!;
    let best = 0;
    let target = place;
    for (let i = place - 1, change = 0; i >= 0; i--) {
      change += cost(layer[i]!, v);
      if (change < best) {
        best = change;
        target = i;
      }
    }
    for (let i = place + 1, change = 0; i < layer.length; i++) {
      change += cost(v, layer[i]!);
      if (change < best) {
        best = change;
        target = i;
      }
    }
    if (target === place) continue;
    gained -= best;
    arrangement.move(layer, place, target);
  }
  return gained;
}

/** Write the places of each node's neighbours in rising order, laid out as `own` is. */
function collect(
  neighbours: Int32Array,
  layer: Int32Array,
  theirs: Adjacency,
  own: Adjacency,
  places: Int32Array,
  cursor: Int32Array,
  at: Int32Array,
): void {
  for (let i = 0; i < layer.length; i++) cursor[layer[i]!] = own.start[layer[i]!]!;
  for (let i = 0; i < neighbours.length; i++) {
    const u = neighbours[i]!;
    const place = at[u]!;
    for (let k = theirs.start[u]!; k < theirs.start[u + 1]!; k++) places[cursor[theirs.list[k]!]!++] = place;
  }
}

/** By how much the crossings of `u` before `v` change when `v` comes before `u`. */
function swap(side: Adjacency, places: Int32Array, u: number, v: number): number {
  const u0 = side.start[u]!;
  const u1 = side.start[u + 1]!;
  const v0 = side.start[v]!;
  const v1 = side.start[v + 1]!;
  let total = 0;
  let less = v0;
  let upTo = v0;
  for (let k = u0; k < u1; k++) {
    const place = places[k]!;
    while (less < v1 && places[less]! < place) less++;
    while (upTo < v1 && places[upTo]! <= place) upTo++;
    total += v1 - upTo - (less - v0);
  }
  return total;
}
