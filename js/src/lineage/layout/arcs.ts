import type { Edge } from "./graph";
import type { Route, Sizes } from "./types";

/** Arcs are drawn in lanes, so that few lie on one another. */
export const ARC = { rise: 24, lane: 8, lanes: 5 };

/** The room that so many arcs need above a part. */
export function arcRoom(arcs: number): number {
  return arcs === 0 ? 0 : ARC.rise + ARC.lane * Math.min(arcs, ARC.lanes);
}

/** The line of an edge from right to left: an arc over everything in the columns that it passes. */
export function arcRoute(
  [from, to]: Edge,
  lane: number,
  x: Float64Array,
  y: Float64Array,
  nodes: readonly number[],
  sizes: Sizes,
): Route {
  const left = Math.min(x[from]!, x[to]!);
  const right = Math.max(x[from]!, x[to]!);
  const low = Math.max(y[from]!, y[to]!);
  let roof = low;
  for (const v of nodes) {
    if (x[v]! >= left && x[v]! <= right && y[v]! <= low) roof = Math.min(roof, y[v]!);
  }
  const half = sizes.height / 2;
  const crest = roof - half - ARC.rise - ARC.lane * (lane % ARC.lanes);
  const startX = x[from]! + sizes.width / 4;
  const endX = x[to]! - sizes.width / 4;
  const startY = y[from]! - half;
  const endY = y[to]! - half;
  // A cubic whose two control points lie at one height rises three quarters of the way to it.
  const control = crest - (Math.min(startY, endY) - crest) / 3;
  return {
    kind: from === to ? "loop" : "back",
    points: [startX, startY, startX, control, endX, control, endX, endY],
  };
}
