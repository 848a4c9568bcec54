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
  const cost = (u: number, v: number) => swap(graph.inputs, at, u, v) + swap(graph.outputs, at, u, v);
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

/** By how much the crossings of `u` before `v` change when `v` comes before `u`. */
function swap({ start, list }: Adjacency, at: Int32Array, u: number, v: number): number {
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
