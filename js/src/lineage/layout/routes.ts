import type { Edge } from "./graph";
import type { Part } from "./part";
import type { Sizes } from "./sizes";
import type { Trunks } from "./trunks";
import type { Route } from "./types";

/** The line of an edge of a part that begins `first` layers on and is moved by `by`. */
export function forwardRoute(
  { graph, y }: Part,
  [from, to]: Edge,
  { pitch, along }: Sizes,
  first: number,
  by: number,
  trunks: Trunks,
): Route {
  const start = first + graph.layer[from]!;
  const end = first + graph.layer[to]!;
  const points: number[] = [];
  const shares: number[] = [];
  let last = from;
  let v = graph.chain[from]!;
  for (let l = start; l < end; l++) {
    const next = l + 1 < end ? v++ : to;
    const left = l * pitch + along;
    const right = (l + 1) * pitch;
    const share = trunks(last, next);
    points.push(left, y[last]! + by, right, y[next]! + by);
    shares.push(share && left + share * (right - left));
    last = next;
  }
  return { kind: "forward", points, trunks: shares.some(Boolean) ? shares : undefined };
}

/** The room that so many arcs need on both sides of a part. */
export function arcRoom(arcs: number): number {
  return arcs === 0 ? 0 : RISE + LANE * Math.min(arcs, LANES);
}

/**
 * The line of an edge against the direction: an arc over everything in the layers that it
 * passes, or under it where fewer nodes stand in its way there. Where some do on both sides, the
 * line goes around the layer of its nodes, instead of behind them. `x` is along the direction.
 */
export function arcRoute(
  [from, to]: Edge,
  lane: number,
  x: Float64Array,
  y: Float64Array,
  nodes: readonly number[],
  { along, across }: Sizes,
): Route {
  const inWay = (way: number) =>
    nodes.filter((v) => [from, to].some((end) => x[v] === x[end] && y[v]! * way > y[end]! * way)).length;
  const below = inWay(1);
  const above = inWay(-1);
  const way = below < above ? 1 : -1;
  const far = (v: number) => y[v]! * way;
  const left = Math.min(x[from]!, x[to]!);
  const right = Math.max(x[from]!, x[to]!);
  const near = Math.min(far(from), far(to));
  const passed = nodes.filter((v) => x[v]! >= left && x[v]! <= right && far(v) >= near);
  const crest = Math.max(...passed.map(far)) + across / 2 + RISE + LANE * (lane % LANES);
  const kind = from === to ? "loop" : "back";
  if (below && above) {
    const [fromX, fromY, toX, toY] = [x[from]! + along / 2, y[from]!, x[to]! - along / 2, y[to]!];
    const top = crest * way;
    const out = [fromX, fromY, fromX + TURN, fromY, fromX + TURN, top, fromX, top, fromX, top];
    return { kind, points: [...out, toX, top, toX, top, toX - TURN, top, toX - TURN, toY, toX, toY] };
  }
  const start = far(from) + across / 2;
  const end = far(to) + across / 2;
  // A cubic whose two control points lie at one height rises three quarters of the way to it.
  const control = (crest + (crest - Math.max(start, end)) / 3) * way;
  const startX = x[from]! + along / 4;
  const endX = x[to]! - along / 4;
  return {
    kind,
    points: [startX, start * way, startX, control, endX, control, endX, end * way],
  };
}

/** How far arcs rise over what they pass; they lie in lanes, so that few lie on one another. */
const RISE = 24;
const LANE = 8;
const LANES = 5;
/** How far beside a layer the control points are of what goes around it. */
const TURN = 28;
