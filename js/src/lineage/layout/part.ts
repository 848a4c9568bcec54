import { coordinates } from "./coordinates";
import { type Edge, simple } from "./graph";
import { layering } from "./layering";
import { order } from "./order";
import { type Proper, proper } from "./proper";
import { FAR, LINE, type Sizes } from "./sizes";
import type { Earlier } from "./types";
import type { Work } from "./work";

/** A connected part of a graph, laid out by itself; its nodes have places of their own. */
export interface Part {
  readonly graph: Proper;
  /** Places of the nodes, and of the stand-ins after them, across the direction. */
  readonly y: Float64Array;
  readonly top: number;
  readonly bottom: number;
}

/** Lay out a connected graph without cycles. */
export function* layoutPart(
  count: number,
  edges: readonly Edge[],
  sizes: Sizes,
  earlier?: Earlier,
): Work<Part> {
  const forward = simple(count, edges);
  const graph = proper(count, forward, layering(count, forward));
  yield;
  const ranks = yield* order(graph, earlier?.across);
  const y = yield* coordinates(ranks, sizes, earlier?.stay ? earlier.across : undefined);
  const half = (v: number) => (v < count ? sizes.across : LINE) / 2;
  const top = y.reduce((least, at, v) => Math.min(least, at - half(v)), FAR);
  const bottom = y.reduce((most, at, v) => Math.max(most, at + half(v)), -FAR);
  return { graph, y, top, bottom };
}
