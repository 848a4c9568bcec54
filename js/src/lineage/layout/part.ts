import { coordinates } from "./coordinates";
import { type Edge, simple } from "./graph";
import { layering } from "./layering";
import { order, reorder } from "./order";
import { type Proper, proper } from "./proper";
import type { Earlier, Route, Sizes } from "./types";

/** A connected part of a graph, laid out by itself; its nodes have places of their own. */
export interface Part {
  readonly graph: Proper;
  /** Heights of the nodes and of the stand-ins after them. */
  readonly y: Float64Array;
  readonly top: number;
  readonly bottom: number;
}

/** Lay out a connected graph without cycles. */
export function layoutPart(count: number, edges: readonly Edge[], sizes: Sizes, earlier?: Earlier): Part {
  const forward = simple(count, edges);
  const graph = proper(count, forward, layering(count, forward));
  const spacing = { nodeHeight: sizes.height, gapY: sizes.gapY, lineHeight: LINE };
  const ranks = earlier ? reorder(graph, earlier.y) : order(graph);
  const y = coordinates(ranks, spacing, earlier?.stay ? earlier.y : undefined);
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < graph.count; v++) {
    const half = v < count ? sizes.height / 2 : LINE / 2;
    top = Math.min(top, y[v]! - half);
    bottom = Math.max(bottom, y[v]! + half);
  }
  return { graph, y, top, bottom };
}

/** The line of an edge of a part that starts `left` to the right and `down` below its place. */
export function forwardRoute(
  { graph, y }: Part,
  [from, to]: Edge,
  left: number,
  down: number,
  sizes: Sizes,
): Route {
  const pitch = sizes.width + sizes.gapX;
  const start = graph.layer[from]!;
  const end = graph.layer[to]!;
  const points = [left + start * pitch + sizes.width, y[from]! + down];
  let v = graph.chain[from]!;
  for (let l = start + 1; l < end; l++, v++) {
    points.push(left + l * pitch, y[v]! + down, left + l * pitch + sizes.width, y[v]! + down);
  }
  points.push(left + end * pitch, y[to]! + down);
  return { kind: "forward", points };
}

/** Room for a line that passes a column by. */
const LINE = 10;
