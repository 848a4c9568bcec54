/**
 * A layered layout, after Sugiyama, Tagawa and Toda (1981) and
 * Gansner, Koutsofios, North and Vo (1993): open the cycles, give every node a
 * layer, lead long edges through the layers between, order the layers so that
 * few edges cross, and put every node near its neighbours. From left to right, or with
 * the same order from top to bottom: until its last step the layout knows along and
 * across only.
 */

import { components, type Pair, pack } from "./components";
import { backEdges } from "./cycles";
import type { Edge } from "./graph";
import { layoutPart, type Part } from "./part";
import { arcRoom, arcRoute, forwardRoute } from "./routes";
import { DOWN, FAR, RIGHT, type Sizes } from "./sizes";
import { trunksOf } from "./trunks";
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
 * @param down - Effects are put under their causes.
 */
export function layout(...graph: Parameters<typeof layoutSteps>): Layout {
  return finish(layoutSteps(...graph));
}

/** The same as work that can be interrupted. */
export function* layoutSteps(
  count: number,
  edges: readonly Edge[],
  earlier?: Earlier,
  down = false,
): Work<Layout> {
  const sizes = down ? DOWN : RIGHT;
  const back = backEdges(count, edges);
  const parts = components(count, edges).map((nodes) => ({ nodes, edges: [] as Edge[], arcs: 0 }));
  const was = new Map(earlier && parts.map((part) => [part, meanOf(part.nodes, earlier.across)]));
  parts.sort((a, b) => {
    const earlierFirst = earlier ? was.get(a)! - was.get(b)! : 0;
    return earlierFirst || b.nodes.length - a.nodes.length || a.nodes[0]! - b.nodes[0]!;
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
    const before = earlier && {
      stay: earlier.stay,
      across: Float64Array.from(nodes, (v) => earlier.across[v]!),
    };
    drawn.push(yield* layoutPart(nodes.length, own, sizes, before));
  }
  const turned = ([x, y]: Pair): Pair => (down ? [y, x] : [x, y]);
  const parcels = drawn.map(({ graph, top, bottom }, p) =>
    turned([graph.depth, bottom - top + 2 * arcRoom(parts[p]!.arcs)]),
  );
  const places = pack(parcels, COLUMNS * (down ? sizes.across + sizes.gap : 1), turned([0, 2 * sizes.gap]));
  const first = places.map((place) => turned(place)[0]);
  const by = places.map((place, p) => turned(place)[1] + arcRoom(parts[p]!.arcs) - drawn[p]!.top);

  const layer = Int32Array.from(partOf, (p, v) => first[p]! + drawn[p]!.graph.layer[local[v]!]!);
  const x = Float64Array.from(layer, (at) => at * sizes.pitch + sizes.along / 2);
  const y = Float64Array.from(partOf, (p, v) => drawn[p]!.y[local[v]!]! + by[p]!);
  const trunks = drawn.map(trunksOf);
  const routes = edges.map((edge, i): Route => {
    const p = partOf[edge[0]]!;
    if (isArc[i]) return arcRoute(edge, parts[p]!.arcs--, x, y, parts[p]!.nodes, sizes);
    return forwardRoute(drawn[p]!, [local[edge[0]]!, local[edge[1]]!], sizes, first[p]!, by[p]!, trunks[p]!);
  });
  const box = boxOf(x, y, routes, sizes);
  if (!down) return { down, x, y, layer, routes, box };
  const { left, top, right, bottom } = box;
  return {
    down,
    x: y,
    y: x,
    layer,
    routes: routes.map((route) => ({ ...route, points: route.points.map((_, i) => route.points[i ^ 1]!) })),
    box: { left: top, top: left, right: bottom, bottom: right },
  };
}

/** The mean of nodes' earlier places, or after everything where they had none. */
function meanOf(nodes: readonly number[], known: Float64Array): number {
  const places = nodes.map((v) => known[v]!).filter((place) => !Number.isNaN(place));
  return places.length === 0 ? Number.MAX_VALUE : places.reduce((sum, at) => sum + at / places.length, 0);
}

function boxOf(x: Float64Array, y: Float64Array, routes: readonly Route[], { along, across }: Sizes): Box {
  if (x.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  const box = {
    left: FAR,
    top: FAR,
    right: -FAR,
    bottom: -FAR,
  };
  const widen = (atX: number, atY: number, halfX: number, halfY: number) => {
    box.left = Math.min(box.left, atX - halfX);
    box.right = Math.max(box.right, atX + halfX);
    box.top = Math.min(box.top, atY - halfY);
    box.bottom = Math.max(box.bottom, atY + halfY);
  };
  for (let v = 0; v < x.length; v++) widen(x[v]!, y[v]!, along / 2, across / 2);
  for (const { kind, points } of routes) {
    if (kind === "forward") continue;
    // An arc rises three quarters of the way to its control points.
    for (const end of [1, 7])
      widen(points[end - 1]!, points[end]! + (points[3]! - points[end]!) * 0.75, 0, 0);
  }
  return box;
}

/** Parts stand side by side until they are at least so many nodes wide. */
const COLUMNS = 5;
