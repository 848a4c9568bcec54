/**
 * A layered layout from left to right, after Sugiyama, Tagawa and Toda (1981) and
 * Gansner, Koutsofios, North and Vo (1993): open the cycles, give every node a
 * column, lead long edges through the columns between, order the columns so that
 * few edges cross, and put every node near its neighbours.
 */

import { arcRoom, arcRoute } from "./arcs";
import { components, pack } from "./components";
import { backEdges } from "./cycles";
import type { Edge } from "./graph";
import { forwardRoute, layoutPart, type Part } from "./part";
import type { Box, Earlier, Layout, Route, Sizes } from "./types";

export type { Box, Earlier, Edge, Layout, Route, Sizes } from "./types";

export const SIZES: Sizes = { width: 156, height: 44, gapX: 40, gapY: 14 };

/**
 * Lay out a graph; the same graph always gets the same picture.
 *
 * @param count - How many nodes there are.
 * @param edges - Positions of cause and effect; repetitions, loops and cycles are allowed.
 * @param sizes - Of the nodes, and the gaps.
 * @param earlier - An earlier picture: nodes that it had keep their order, so that what is
 *   opened only pushes the rest aside.
 */
export function layout(
  count: number,
  edges: readonly Edge[],
  sizes: Sizes = SIZES,
  earlier?: Earlier,
): Layout {
  const back = backEdges(count, edges);
  const groups = components(count, edges);
  const order = earlier ? groups.map((nodes) => meanOf(nodes, earlier.y)) : groups.map(() => 0);
  const ranked = groups.map((_, i) => i);
  ranked.sort((a, b) => order[a]! - order[b]! || groups[b]!.length - groups[a]!.length || a - b);
  const nodes = ranked.map((i) => groups[i]!);

  const partOf = new Int32Array(count);
  const local = new Int32Array(count);
  nodes.forEach((members, p) => {
    members.forEach((v, i) => {
      partOf[v] = p;
      local[v] = i;
    });
  });
  const inner: Edge[][] = nodes.map(() => []);
  const arcs = new Int32Array(nodes.length);
  edges.forEach(([from, to], i) => {
    const part = partOf[from]!;
    if (back[i] || from === to) arcs[part]! += 1;
    if (from !== to) inner[part]!.push(back[i] ? [local[to]!, local[from]!] : [local[from]!, local[to]!]);
  });
  const parts = nodes.map((members, p) =>
    layoutPart(members.length, inner[p]!, sizes, earlier && partOfEarlier(earlier, members)),
  );

  const pitch = sizes.width + sizes.gapX;
  const places = pack(
    parts.map(({ graph, top, bottom }, p) => ({
      columns: graph.depth,
      height: bottom - top + 2 * arcRoom(arcs[p]!),
    })),
    COLUMNS,
    2 * sizes.gapY,
  );
  const down = (p: number) => places[p]!.top + arcRoom(arcs[p]!) - parts[p]!.top;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const column = new Int32Array(count);
  for (let v = 0; v < count; v++) {
    const p = partOf[v]!;
    column[v] = places[p]!.column + parts[p]!.graph.layer[local[v]!]!;
    x[v] = column[v]! * pitch + sizes.width / 2;
    y[v] = parts[p]!.y[local[v]!]! + down(p);
  }
  const lanes = new Int32Array(nodes.length);
  const routes = edges.map((edge, i): Route => {
    const p = partOf[edge[0]]!;
    if (back[i] || edge[0] === edge[1]) return arcRoute(edge, lanes[p]!++, x, y, nodes[p]!, sizes);
    const inPart: Edge = [local[edge[0]]!, local[edge[1]]!];
    return forwardRoute(parts[p] as Part, inPart, places[p]!.column * pitch, down(p), sizes);
  });
  return { x, y, column, routes, box: boxOf(x, y, routes, sizes) };
}

function partOfEarlier({ y, stay }: Earlier, members: readonly number[]): Earlier {
  return { y: Float64Array.from(members, (v) => y[v]!), stay };
}

/** The mean height that nodes had, or below everything where they had none. */
function meanOf(nodes: readonly number[], known: Float64Array): number {
  const heights = nodes.map((v) => known[v]!).filter((y) => !Number.isNaN(y));
  return heights.length === 0 ? Number.MAX_VALUE : heights.reduce((sum, y) => sum + y / heights.length, 0);
}

function boxOf(x: Float64Array, y: Float64Array, routes: readonly Route[], sizes: Sizes): Box {
  let [left, top, right, bottom] = x.length > 0 ? [Infinity, Infinity, -Infinity, -Infinity] : [0, 0, 0, 0];
  for (let v = 0; v < x.length; v++) {
    left = Math.min(left, x[v]! - sizes.width / 2);
    right = Math.max(right, x[v]! + sizes.width / 2);
    top = Math.min(top, y[v]! - sizes.height / 2);
    bottom = Math.max(bottom, y[v]! + sizes.height / 2);
  }
  for (const { kind, points } of routes) {
    if (kind === "forward") continue;
    // An arc rises three quarters of the way to its control points.
    for (const end of [points[1]!, points[7]!]) {
      const crest = end + (points[3]! - end) * 0.75;
      top = Math.min(top, crest);
      bottom = Math.max(bottom, crest);
    }
  }
  return { left, top, right, bottom };
}

/** Parts stand side by side until they are at least so many columns wide. */
const COLUMNS = 5;
