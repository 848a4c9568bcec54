import type { Edge } from "./graph";
import type { Part } from "./part";
import { HEIGHT, PITCH, WIDTH } from "./sizes";
import type { Route } from "./types";

/** The line of an edge of a part that starts `left` to the right of and `down` below its place. */
export function forwardRoute({ graph, y }: Part, [from, to]: Edge, left: number, down: number): Route {
  const start = graph.layer[from]!;
  const end = graph.layer[to]!;
  const points = [left + start * PITCH + WIDTH, y[from]! + down];
  let v = graph.chain[from]!;
  for (let l = start + 1; l < end; l++, v++) {
    points.push(left + l * PITCH, y[v]! + down, left + l * PITCH + WIDTH, y[v]! + down);
  }
  points.push(left + end * PITCH, y[to]! + down);
  return { kind: "forward", points };
}

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
): Route {
  const inWay = (way: number) =>
    nodes.filter((v) => [from, to].some((end) => x[v] === x[end] && y[v]! * way > y[end]! * way)).length;
  const way = inWay(1) < inWay(-1) ? 1 : -1;
  const far = (v: number) => y[v]! * way;
  const left = Math.min(x[from]!, x[to]!);
  const right = Math.max(x[from]!, x[to]!);
  const near = Math.min(far(from), far(to));
  const passed = nodes.filter((v) => x[v]! >= left && x[v]! <= right && far(v) >= near);
  const crest = Math.max(...passed.map(far)) + HEIGHT / 2 + RISE + LANE * (lane % LANES);
  const start = far(from) + HEIGHT / 2;
  const end = far(to) + HEIGHT / 2;
  // A cubic whose two control points lie at one height rises three quarters of the way to it.
  const control = (crest + (crest - Math.max(start, end)) / 3) * way;
  const startX = x[from]! + WIDTH / 4;
  const endX = x[to]! - WIDTH / 4;
  return {
    kind: from === to ? "loop" : "back",
    points: [startX, start * way, startX, control, endX, control, endX, end * way],
  };
}

/** How far arcs rise over what they pass; they lie in lanes, so that few lie on one another. */
const RISE = 24;
const LANE = 8;
const LANES = 5;
