/**
 * A layered layout from left to right, after Sugiyama, Tagawa and Toda (1981) and
 * Gansner, Koutsofios, North and Vo (1993): open the cycles, give every node a
 * column, lead long edges through the columns between, order the columns so that
 * few edges cross, and put every node near its neighbours.
 */

import { components, pack } from "./components";
import { backEdges } from "./cycles";
import type { Edge } from "./graph";
import { layoutPart, type Part } from "./part";
import { arcRoom, arcRoute, forwardRoute } from "./routes";
import { GAP_Y, HEIGHT, PITCH, WIDTH } from "./sizes";
import type { Box, Earlier, Layout, Route } from "./types";
import { finish, type Work } from "./work";

export type { Box, Earlier, Edge, Layout, Route } from "./types";

/**
 * Lay out a graph; the same graph always gets the same picture.
 *
 * @param count - How many nodes there are.
 * @param edges - Positions of cause and effect; repetitions, loops and cycles are allowed.
 * @param earlier - An earlier picture: nodes that it had keep their order, so that what is
 *   opened only pushes the rest aside.
 */
export function layout(...graph: Parameters<typeof layoutSteps>): Layout {
  return finish(layoutSteps(...graph));
}

/** The same as work that can be interrupted. */
export function* layoutSteps(count: number, edges: readonly Edge[], earlier?: Earlier): Work<Layout> {
  const back = backEdges(count, edges);
  const parts = components(count, edges).map((nodes) => ({ nodes, edges: [] as Edge[], arcs: 0 }));
  const height = new Map(earlier && parts.map((part) => [part, meanOf(part.nodes, earlier.y)]));
  parts.sort((a, b) => {
    const higher = earlier ? height.get(a)! - height.get(b)! : 0;
    return higher || b.nodes.length - a.nodes.length || a.nodes[0]! - b.nodes[0]!;
  });
  const partOf = new Int32Array(count);
  const local = new Int32Array(count);
  parts.forEach(({ nodes }, p) => {
    nodes.forEach((v, i) => {
      partOf[v] = p;
      local[v] = i;
    });
  });
  const isArc = edges.map(([from, to], i) => {
    const part = parts[partOf[from]!]!;
    const ends: Edge = [local[from]!, local[to]!];
    if (from !== to) part.edges.push(back[i] ? [ends[1], ends[0]] : ends);
    const arc = from === to || back[i] === 1;
    if (arc) part.arcs += 1;
    return arc;
  });
  const drawn: Part[] = [];
  for (const { nodes, edges: own } of parts) {
    const before = earlier && { stay: earlier.stay, y: Float64Array.from(nodes, (v) => earlier.y[v]!) };
    drawn.push(yield* layoutPart(nodes.length, own, before));
  }
  const places = pack(
    drawn.map(({ graph, top, bottom }, p) => ({
      columns: graph.depth,
      height: bottom - top + 2 * arcRoom(parts[p]!.arcs),
    })),
    COLUMNS,
    2 * GAP_Y,
  );

  const down = drawn.map(({ top }, p) => places[p]!.top + arcRoom(parts[p]!.arcs) - top);
  const column = Int32Array.from(partOf, (p, v) => places[p]!.column + drawn[p]!.graph.layer[local[v]!]!);
  const x = Float64Array.from(column, (at) => at * PITCH + WIDTH / 2);
  const y = Float64Array.from(partOf, (p, v) => drawn[p]!.y[local[v]!]! + down[p]!);
  const routes = edges.map((edge, i): Route => {
    const p = partOf[edge[0]]!;
    if (isArc[i]) return arcRoute(edge, parts[p]!.arcs--, x, y, parts[p]!.nodes);
    return forwardRoute(drawn[p]!, [local[edge[0]]!, local[edge[1]]!], places[p]!.column * PITCH, down[p]!);
  });
  return { x, y, column, routes, box: boxOf(x, y, routes) };
}

/** The mean height that nodes had, or below everything where they had none. */
function meanOf(nodes: readonly number[], known: Float64Array): number {
  const heights = nodes.map((v) => known[v]!).filter((y) => !Number.isNaN(y));
  return heights.length === 0 ? Number.MAX_VALUE : heights.reduce((sum, y) => sum + y / heights.length, 0);
}

function boxOf(x: Float64Array, y: Float64Array, routes: readonly Route[]): Box {
  if (x.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  const ys = [...y].flatMap((at) => [at - HEIGHT / 2, at + HEIGHT / 2]);
  for (const { kind, points } of routes) {
    if (kind === "forward") continue;
    // An arc rises three quarters of the way to its control points.
    for (const end of [points[1]!, points[7]!]) ys.push(end + (points[3]! - end) * 0.75);
  }
  const least = (values: Iterable<number>) => [...values].reduce((a, b) => Math.min(a, b));
  const most = (values: Iterable<number>) => [...values].reduce((a, b) => Math.max(a, b));
  return { left: least(x) - WIDTH / 2, top: least(ys), right: most(x) + WIDTH / 2, bottom: most(ys) };
}

/** Parts stand side by side until they are at least so many columns wide. */
const COLUMNS = 5;
