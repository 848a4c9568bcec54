import type { Edge } from "./graph";
import type { Route, Sizes } from "./types";

/** The room that so many arcs need above and below a part. */
export function arcRoom(arcs: number): number {
  return arcs === 0 ? 0 : RISE + LANE * Math.min(arcs, LANES);
}

/**
 * The line of an edge from right to left: an arc over everything in the columns that it
 * passes, or under it where fewer nodes stand in its way there.
 */
export function arcRoute(
  [from, to]: Edge,
  lane: number,
  x: Float64Array,
  y: Float64Array,
  nodes: readonly number[],
  sizes: Sizes,
): Route {
  const inWay = (way: number) =>
    nodes.filter((v) => [from, to].some((end) => x[v] === x[end] && y[v]! * way > y[end]! * way)).length;
  const way = inWay(1) < inWay(-1) ? 1 : -1;
  const far = (v: number) => y[v]! * way;
  const left = Math.min(x[from]!, x[to]!);
  const right = Math.max(x[from]!, x[to]!);
  const near = Math.min(far(from), far(to));
  const passed = nodes.filter((v) => x[v]! >= left && x[v]! <= right && far(v) >= near);
  const half = sizes.height / 2;
  const crest = Math.max(...passed.map(far)) + half + RISE + LANE * (lane % LANES);
  const start = far(from) + half;
  const end = far(to) + half;
  // A cubic whose two control points lie at one height rises three quarters of the way to it.
  const control = (crest + (crest - Math.max(start, end)) / 3) * way;
  const startX = x[from]! + sizes.width / 4;
  const endX = x[to]! - sizes.width / 4;
  return {
    kind: from === to ? "loop" : "back",
    points: [startX, start * way, startX, control, endX, control, endX, end * way],
  };
}

/** How far arcs rise over what they pass; they lie in lanes, so that few lie on one another. */
const RISE = 24;
const LANE = 8;
const LANES = 5;
