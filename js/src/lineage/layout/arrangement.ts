import { crossings } from "./crossings";
import type { Proper } from "./proper";

/** An order of the nodes in every layer, and each node's place in it. */
export class Arrangement {
  readonly graph: Proper;
  readonly layers: Int32Array[];
  readonly at: Int32Array;

  constructor(graph: Proper, layers: Int32Array[]) {
    this.graph = graph;
    this.layers = layers;
    this.at = new Int32Array(graph.count);
    for (const layer of layers) this.number(layer);
  }

  /** Write the places of a layer's nodes after its order has changed. */
  number(layer: Int32Array): void {
    for (let i = 0; i < layer.length; i++) this.at[layer[i]!] = i;
  }

  /** Take the node at one place of a layer out and put it in at another. */
  move(layer: Int32Array, from: number, to: number): void {
    const v = layer[from]!;
    if (to < from) layer.copyWithin(to + 1, to, from);
    else layer.copyWithin(from, from + 1, to + 1);
    layer[to] = v;
    for (let i = Math.min(from, to); i <= Math.max(from, to); i++) this.at[layer[i]!] = i;
  }

  /** How many edges cross between layer `l` and the next. */
  crossingsAfter(l: number): number {
    if (l < 0 || l + 1 >= this.layers.length) return 0;
    return crossings(this.layers[l]!, this.graph.outputs, this.at, this.layers[l + 1]!.length);
  }

  copy(): Arrangement {
    return new Arrangement(
      this.graph,
      this.layers.map((layer) => layer.slice()),
    );
  }

  crossings(): number {
    let total = 0;
    for (let l = 0; l + 1 < this.layers.length; l++) total += this.crossingsAfter(l);
    return total;
  }
}
