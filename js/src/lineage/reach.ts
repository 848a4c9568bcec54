// What lies upstream and downstream of a box, and how far.

import { type Adjacency, adjacency, type Edge } from "./layout/graph";
import type { Picture } from "./levels";

/** Marks of `related`. */
export const UP = 1;
export const DOWN = 2;

/** What belongs to an item's past and future: marks by item and by edge, 0 for the rest. */
export interface Related {
  readonly items: Uint8Array;
  readonly edges: Uint8Array;
}

/**
 * Mark all ancestors and descendants of an item.
 *
 * Followed from node to node and not from box to box: a group lights up only where
 * one of its members is meant.
 */
export function related({ graph, items, edges, itemOf }: Picture, item: number): Related {
  const pairs = graph.edges as unknown as readonly Edge[];
  const { inputs, outputs } = adjacency(graph.nodes.length, pairs);
  const start = items[item]?.members ?? [];
  const marks = new Uint8Array(items.length);
  const lit = new Map<number, number>();
  for (const [side, mark] of [
    [inputs, UP],
    [outputs, DOWN],
  ] as const) {
    const reached = hops(start, side, graph.nodes.length);
    reached.forEach((far, v) => {
      if (far >= 0) marks[itemOf[v]!]! |= mark;
    });
    for (const [from, to] of pairs) {
      if (reached[from]! < 0 || reached[to]! < 0) continue;
      const pair = itemOf[from]! * items.length + itemOf[to]!;
      lit.set(pair, (lit.get(pair) ?? 0) | mark);
    }
  }
  const edgeMarks = Uint8Array.from(edges, ([from, to]) => lit.get(from * items.length + to) ?? 0);
  return { items: marks, edges: edgeMarks };
}

/** Hops from any of some nodes along one side; -1 where they do not lead. */
export function hops(from: readonly number[], side: Adjacency, count: number): Int32Array {
  const far = new Int32Array(count).fill(-1);
  const queue = [...from];
  for (const v of queue) far[v] = 0;
  for (let k = 0; k < queue.length; k++) {
    const v = queue[k]!;
    for (let i = side.start[v]!; i < side.start[v + 1]!; i++) {
      const to = side.list[i]!;
      if (far[to]! >= 0) continue;
      far[to] = far[v]! + 1;
      queue.push(to);
    }
  }
  return far;
}

/** A line of the list: where an item stands as seen from the start. */
export interface Step {
  readonly item: number;
  readonly direction: "start" | "up" | "down" | "both" | "none" | "alone";
  /** Edges between it and the start, -1 where none lead there. */
  readonly hops: number;
  /** The items next to it on the shortest way to the start; where there is no start, its inputs. */
  readonly via: readonly number[];
}

/** Every item with its way to `start`, the nearest first; without a start, in the order of the picture. */
export function steps({ items, edges }: Picture, start: number): Step[] {
  const { inputs, outputs } = adjacency(items.length, edges);
  const from = start < 0 ? [] : [start];
  const up = hops(from, inputs, items.length);
  const down = hops(from, outputs, items.length);
  const found = items.map((_, item): Step => {
    const [above, below] = [up[item]!, down[item]!];
    if (start < 0) {
      const causes = inputs.list.slice(inputs.start[item]!, inputs.start[item + 1]!);
      return { item, direction: "alone", hops: -1, via: [...causes] };
    }
    if (item === start) return { item, direction: "start", hops: 0, via: [] };
    if (above < 0 && below < 0) return { item, direction: "none", hops: -1, via: [] };
    const rising = below < 0 || (above >= 0 && above <= below);
    const [far, next] = rising ? [up, outputs] : [down, inputs];
    const beside = next.list.slice(next.start[item]!, next.start[item + 1]!);
    return {
      item,
      direction: above >= 0 && below >= 0 ? "both" : rising ? "up" : "down",
      hops: far[item]!,
      via: [...beside].filter((other) => far[other] === far[item]! - 1),
    };
  });
  const rank = { start: 0, up: 1, both: 2, down: 3, none: 4, alone: 5 };
  return found.sort((a, b) => rank[a.direction] - rank[b.direction] || a.hops - b.hops || a.item - b.item);
}
