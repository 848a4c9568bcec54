// A picture with its layout, ready to be drawn: on the canvas, as buttons, as SVG.

import { engine } from "../engine";
import type { Given } from "../later";
import type { Box, Earlier, Layout, Route } from "../layout";
import { HEIGHT, WIDTH } from "../layout/sizes";
import type { Item, Picture } from "../levels";
import { also, type Touching, touchingOf } from "./touching";

export interface Scene {
  readonly picture: Picture;
  readonly layout: Layout;
  readonly nodes: Touching;
  readonly edges: Touching;
}

/** What the layout is asked. What an earlier scene has in common with the picture keeps its place among the rest. */
export function givenOf(picture: Picture, down: boolean, earlier: Scene | null): Given {
  return [picture.items.length, picture.edges, earlier ? kept(picture, earlier) : undefined, down];
}

/** A picture with its layout, which is made at once where it is not given. */
export function sceneOf(picture: Picture, down = false, earlier: Scene | null = null, made?: Layout): Scene {
  const drawn = made ?? engine().layout(...givenOf(picture, down, earlier));
  return {
    picture,
    layout: drawn,
    nodes: touchingOf(picture.items.map((_, item) => boxOf(drawn, item))),
    edges: touchingOf(drawn.routes.map(aroundRoute)),
  };
}

/** How far boxes were moved by hand, by `keyOf` their items. */
export type Moves = ReadonlyMap<string, readonly [dx: number, dy: number]>;

/** The scene with some boxes elsewhere, and their lines after them. */
export function withMoves(scene: Scene, moves: Moves): Scene {
  if (moves.size === 0) return scene;
  const { picture, layout } = scene;
  const by = picture.items.map((item) => moves.get(keyOf(item)));
  const moved = (old: Float64Array, axis: 0 | 1) => old.map((value, item) => value + (by[item]?.[axis] ?? 0));
  const routes = layout.routes.map((route, edge) => {
    const [from, to] = picture.edges[edge]!;
    return by[from] || by[to] ? bent(route, by[from] ?? NOWHERE, by[to] ?? NOWHERE) : route;
  });
  const drawn = { ...layout, x: moved(layout.x, 0), y: moved(layout.y, 1), routes };
  const items = [...by.keys()].filter((item) => by[item]);
  const edges = [...routes.keys()].filter((edge) => routes[edge] !== layout.routes[edge]);
  const boxes = items.map((item) => boxOf(drawn, item));
  return {
    picture,
    layout: { ...drawn, box: boxes.reduce(around, layout.box) },
    nodes: also(scene.nodes, items, boxes),
    edges: also(
      scene.edges,
      edges,
      edges.map((edge) => aroundRoute(routes[edge]!)),
    ),
  };
}

const NOWHERE = [0, 0] as const;

/** A line whose ends have moved; what is between them stays. */
function bent(
  { kind, points }: Route,
  from: readonly [number, number],
  to: readonly [number, number],
): Route {
  // The control points of an arc go with its ends.
  const near = kind === "forward" ? 2 : points.length / 2;
  return {
    kind,
    points: points.map(
      (value, i) => value + (i < near ? from[i % 2]! : 0) + (i >= points.length - near ? to[i % 2]! : 0),
    ),
  };
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The box that an item covers. */
export function boxOf({ x, y }: Layout, item: number): Box {
  return {
    left: x[item]! - WIDTH / 2,
    top: y[item]! - HEIGHT / 2,
    right: x[item]! + WIDTH / 2,
    bottom: y[item]! + HEIGHT / 2,
  };
}

/** Whether two pictures' items are the same box; a group may have the id of a node. */
export function keyOf({ id, group }: Item): string {
  return (group ? "g" : "n") + id;
}

function kept(picture: Picture, { picture: before, layout }: Scene): Earlier | undefined {
  const old = acrossOf(layout);
  const places = new Map(before.items.map((item, i) => [keyOf(item), old[i]!]));
  const across = Float64Array.from(picture.items, (item) => places.get(keyOf(item)) ?? Number.NaN);
  if (across.every(Number.isNaN)) return undefined;
  // Where boxes have gone the rest moves together; where some came it stays and is pushed aside.
  return { across, stay: picture.items.length >= before.items.length };
}

function aroundRoute({ points }: Route): Box {
  const box = { left: points[0]!, top: points[1]!, right: points[0]!, bottom: points[1]! };
  for (let i = 2; i < points.length; i += 2) {
    box.left = Math.min(box.left, points[i]!);
    box.right = Math.max(box.right, points[i]!);
    box.top = Math.min(box.top, points[i + 1]!);
    box.bottom = Math.max(box.bottom, points[i + 1]!);
  }
  return box;
}

/** What draws lines: a canvas's path, or a writer of SVG path data. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
}

/** Where the nodes are across the direction: how high, or where effects are below, how far left. */
export function acrossOf({ down, x, y }: Layout): Float64Array {
  return down ? x : y;
}

/** Lead a pen along an edge of a layout; `plain` draws no curves, for pictures from afar. */
export function trace({ kind, points, trunks }: Route, down: boolean, pen: Pen, plain = false): void {
  // Along and across, whichever way the picture is turned.
  const at = (i: number) => points[down ? i ^ 1 : i] as number;
  const line = (x: number, y: number) => (down ? pen.lineTo(y, x) : pen.lineTo(x, y));
  const curve = (x1: number, y1: number, x2: number, y2: number, x: number, y: number) =>
    down ? pen.bezierCurveTo(y1, x1, y2, x2, y, x) : pen.bezierCurveTo(x1, y1, x2, y2, x, y);
  pen.moveTo(points[0]!, points[1]!);
  if (kind !== "forward") {
    for (let i = 2; i < points.length; i += 6)
      curve(at(i), at(i + 1), at(i + 2), at(i + 3), at(i + 4), at(i + 5));
    return;
  }
  for (let i = 2; i < points.length; i += 2) {
    const [fromX, fromY, x, y] = [at(i - 2), at(i - 1), at(i), at(i + 1)];
    const trunk = trunks?.[(i - 2) / 4];
    const rise = y - fromY;
    if (plain || i % 4 !== 2 || Math.abs(rise) <= 0.5) line(x, y);
    else if (trunk) {
      // To the trunk, along it, and out of it, with round corners.
      const r = Math.min(Math.abs(rise) / 2, CORNER);
      const turn = Math.sign(rise) * r;
      line(trunk - r, fromY);
      curve(trunk - r / 2, fromY, trunk, fromY + turn / 2, trunk, fromY + turn);
      line(trunk, y - turn);
      curve(trunk, y - turn / 2, trunk + r / 2, y, trunk + r, y);
      line(x, y);
    } else {
      const middle = (fromX + x) / 2;
      curve(middle, fromY, middle, y, x, y);
    }
  }
}

const CORNER = 10;

/** Draw the arrow's head at an edge's end. */
export function head({ kind, points }: Route, down: boolean, pen: Pen): void {
  const [fromX, fromY, x, y] = points.slice(-4) as [number, number, number, number];
  // An arc's end is beside its last control point, or above or below it.
  const [dx, dy] =
    kind === "forward" ? [Number(!down), Number(down)] : [Math.sign(x - fromX), Math.sign(y - fromY)];
  pen.moveTo(x, y);
  pen.lineTo(x - 7 * dx - 3.5 * dy, y - 7 * dy - 3.5 * dx);
  pen.lineTo(x - 7 * dx + 3.5 * dy, y - 7 * dy + 3.5 * dx);
  pen.lineTo(x, y);
}

/** Lines that stand for many edges are thicker: 1, 2 to 9, 10 to 99, more. */
export function thickness(weight: number): number {
  return Math.min(3, Math.floor(Math.log10(Math.max(1, weight)) + (weight > 1 ? 1 : 0)));
}
export const LINE_WIDTHS: readonly number[] = [1.3, 1.9, 2.5, 3.1];
