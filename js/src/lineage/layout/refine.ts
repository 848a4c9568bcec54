import type { Arrangement } from "./arrangement";
import type { Adjacency } from "./graph";
import { random } from "./random";
import { siftLayer } from "./sift";

/**
 * Look for a better order around a good one, in place.
 *
 * Again and again: move a tenth of the nodes of one to three neighbouring layers
 * somewhere else, sift them and their neighbours, and take it back where more edges
 * cross. The steps and the work are bounded, not the time, so that the same graph
 * always gets the same picture.
 */
export function refine(arrangement: Arrangement): void {
  const { layers } = arrangement;
  const next = random(1);
  const patience = Math.min(IDLE, 20 + 4 * arrangement.graph.count);
  const loose = new Marks(arrangement);
  let total = arrangement.crossings();
  let idle = 0;
  let work = 0;
  for (let step = 0; step < STEPS && idle < patience && work < WORK && total > 0; step++) {
    const low = Math.floor(next() * layers.length);
    const high = Math.min(layers.length - 1, low + Math.floor(next() * 3));
    const first = Math.max(0, low - 1);
    const last = Math.min(layers.length - 1, high + 1);
    const before = between(arrangement, first - 1, last);
    idle++;
    if (before === 0) continue;
    const kept = layers.slice(first, last + 1).map((layer) => layer.slice());
    for (let l = low; l <= high; l++) {
      const { length } = layers[l]!;
      work += (4 * length * length) / SHARE;
      for (let moves = Math.ceil(length / SHARE); moves > 0; moves--) {
        const from = Math.floor(next() * length);
        loose.around(layers[l]![from]!);
        arrangement.move(layers[l]!, from, Math.floor(next() * length));
      }
    }
    settle(arrangement, first, last, loose.marked);
    loose.clear();
    const change = between(arrangement, first - 1, last) - before;
    total += Math.min(0, change);
    if (change < 0) idle = 0;
    if (change > 0) restore(arrangement, first, kept);
  }
}

/** Sift the marked nodes of some layers, to and fro, while it helps. */
export function settle(arrangement: Arrangement, first: number, last: number, marked?: Uint8Array): void {
  for (let round = 0, gained = 1; round < 4 && gained > 0; round++) {
    gained = 0;
    for (let l = first; l <= last; l++) {
      gained += siftLayer(arrangement, round % 2 === 0 ? l : first + last - l, marked);
    }
  }
}

/** A set of nodes that is emptied in the time it took to fill it. */
class Marks {
  readonly marked: Uint8Array;
  readonly #graph: Arrangement["graph"];
  #list: number[] = [];

  constructor({ graph }: Arrangement) {
    this.marked = new Uint8Array(graph.count);
    this.#graph = graph;
  }

  around(v: number): void {
    this.#add(v);
    this.#addAll(this.#graph.inputs, v);
    this.#addAll(this.#graph.outputs, v);
  }

  clear(): void {
    for (const v of this.#list) this.marked[v] = 0;
    this.#list = [];
  }

  #addAll({ start, list }: Adjacency, v: number): void {
    for (let k = start[v]!; k < start[v + 1]!; k++) this.#add(list[k]!);
  }

  #add(v: number): void {
    this.marked[v] = 1;
    this.#list.push(v);
  }
}

function between(arrangement: Arrangement, first: number, last: number): number {
  let total = 0;
  for (let l = first; l <= last; l++) total += arrangement.crossingsAfter(l);
  return total;
}

function restore(arrangement: Arrangement, first: number, kept: Int32Array[]): void {
  kept.forEach((layer, i) => {
    arrangement.layers[first + i]!.set(layer);
    arrangement.number(arrangement.layers[first + i]!);
  });
}

/** Most tries, tries without gain before giving up, and pairs of nodes to look at in all. */
const STEPS = 800;
const IDLE = 400;
const WORK = 2e5;
/** One in so many nodes of a layer is moved at a time. */
const SHARE = 10;
