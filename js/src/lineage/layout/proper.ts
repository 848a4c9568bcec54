import { type Adjacency, adjacency, type Edge } from "./graph";

/**
 * A layered graph whose edges all join neighbouring layers.
 *
 * Where an edge passes layers by, a chain of stand-ins fills them in; all edges of
 * one source share one chain, so that a much-used dataset is drawn as one line
 * with branches. Stand-ins come after the `real` nodes.
 */
export interface Proper {
  readonly real: number;
  readonly count: number;
  readonly depth: number;
  readonly layer: Int32Array;
  readonly inputs: Adjacency;
  readonly outputs: Adjacency;
  /** The first stand-in of each real node, -1 without; the rest follow it, layer by layer. */
  readonly chain: Int32Array;
}

/** Fill the layers that edges pass by with stand-ins. */
export function proper(real: number, edges: readonly Edge[], layers: Int32Array): Proper {
  const { outputs } = adjacency(real, edges);
  const layer = Array.from(layers);
  const chain = new Int32Array(real).fill(-1);
  const joins: Edge[] = [];
  for (let v = 0; v < real; v++) {
    const targets = outputs.list.slice(outputs.start[v]!, outputs.start[v + 1]!);
    let last = layer[v]! + 1;
    for (const to of targets) last = Math.max(last, layer[to]!);
    if (last > layer[v]! + 1) chain[v] = layer.length;
    for (const to of targets) joins.push([holder(v, layer[v]!, layer[to]!, chain), to]);
    for (let l = layer[v]! + 1; l < last; l++) {
      joins.push([holder(v, layer[v]!, l, chain), layer.length]);
      layer.push(l);
    }
  }
  const depth = layer.reduce((most, l) => Math.max(most, l + 1), 0);
  const filled = Int32Array.from(layer);
  return { real, count: layer.length, depth, layer: filled, chain, ...adjacency(layer.length, joins) };
}

/** What stands for `v` one layer before layer `l`. */
function holder(v: number, own: number, l: number, chain: Int32Array): number {
  return l === own + 1 ? v : chain[v]! + l - own - 2;
}
