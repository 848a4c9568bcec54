// The canvas: all edges, and the boxes too where they are too small or too many to be buttons.

import type { NodeKind } from "../../shared/protocol.gen";
import type { Colors } from "../../shared/theme";
import { HEIGHT, WIDTH } from "../layout/sizes";
import { isBad } from "../marks";
import type { Related } from "../reach";
import { type Size, type Viewport, visible } from "../viewport";
import { boxOf, head, LINE_WIDTHS, type Scene, thickness, trace } from "./scene";

export interface Look {
  readonly colors: Colors;
  /** What is lit; null lights everything evenly. */
  readonly related: Related | null;
  readonly selected: number;
  /** Whether the boxes are drawn here. */
  readonly boxes: boolean;
}

/** Draw what is in the window. */
export function paint(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  view: Viewport,
  size: Size,
  ratio: number,
  look: Look,
): void {
  const { zoom } = view;
  const { colors, related } = look;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * view.left, ratio * view.top);
  const inside = visible(view, size);
  const thin = Math.max(1, 0.5 / zoom);
  for (const { lit, dashed, width, line, heads } of linesOf(scene, scene.edges(inside), related, zoom)) {
    pen.globalAlpha = related && !lit ? 0.3 : 1;
    pen.strokeStyle = pen.fillStyle = lit ? colors.brand : colors.edge;
    pen.lineWidth = width * thin * (lit ? 1.3 : 1);
    pen.setLineDash(dashed ? [6, 5] : []);
    pen.stroke(line);
    if (zoom >= HEADS) pen.fill(heads);
  }
  pen.setLineDash([]);
  if (look.boxes) paintBoxes(pen, scene, scene.nodes(inside), zoom, look);
  pen.globalAlpha = 1;
}

/** Lines that look alike, drawn with one stroke. */
interface Lines {
  readonly lit: boolean;
  readonly dashed: boolean;
  readonly width: number;
  readonly line: Path2D;
  readonly heads: Path2D;
}

const linesOf = remembered(
  ({ picture }) => picture.edges.length,
  ({ picture, layout }: Scene, edges: readonly number[], related: Related | null, zoom: number): Lines[] => {
    const found = new Map<number, Lines>();
    for (const edge of edges) {
      const route = layout.routes[edge]!;
      const lit = related !== null && related.edges[edge]! > 0;
      const dashed = route.kind !== "forward";
      const step = thickness(picture.weights[edge]!);
      // What is lit lies on top.
      const key = Number(lit) * 16 + Number(dashed) * 8 + step;
      const lines = found.get(key) ?? {
        lit,
        dashed,
        width: LINE_WIDTHS[step]!,
        line: new Path2D(),
        heads: new Path2D(),
      };
      found.set(key, lines);
      trace(route, layout.down, lines.line, zoom < PLAIN);
      if (zoom >= HEADS) head(route, layout.down, lines.heads);
    }
    return [...found].sort(([a], [b]) => a - b).map(([, lines]) => lines);
  },
);

/** The boxes of a kind, the dimmed ones apart. */
interface Boxes {
  readonly kind: NodeKind;
  readonly dim: boolean;
  readonly shapes: Path2D;
}

const boxesOf = remembered(
  ({ picture }) => picture.items.length,
  (scene: Scene, items: readonly number[], related: Related | null, zoom: number): Boxes[] => {
    const found = new Map<string, Boxes>();
    for (const item of items) {
      const { kind } = scene.picture.items[item]!;
      const dim = related !== null && related.items[item] === 0;
      const boxes = found.get(kind + dim) ?? { kind, dim, shapes: new Path2D() };
      found.set(kind + dim, boxes);
      if (zoom >= PLAIN) shape(boxes.shapes, scene, item);
      else
        boxes.shapes.rect(
          scene.layout.x[item]! - WIDTH / 2,
          scene.layout.y[item]! - HEIGHT / 2,
          WIDTH,
          HEIGHT,
        );
    }
    return [...found.values()];
  },
);

type Collect<T> = (scene: Scene, some: readonly number[], related: Related | null, zoom: number) => T;

/**
 * Very many shapes are collected once for the whole scene, and not anew for every frame:
 * from far away nearly all of them are in sight anyway.
 */
function remembered<T>(all: (scene: Scene) => number, collect: Collect<T>): Collect<T> {
  const known = new WeakMap<Scene, { related: Related | null; result: T }>();
  return (scene, some, related, zoom) => {
    if (some.length < VERY_MANY || zoom >= PLAIN) return collect(scene, some, related, zoom);
    let last = known.get(scene);
    if (!last || last.related !== related) {
      last = { related, result: collect(scene, [...Array(all(scene)).keys()], related, 0) };
      known.set(scene, last);
    }
    return last.result;
  };
}

function paintBoxes(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  items: readonly number[],
  zoom: number,
  { colors, related, selected }: Look,
): void {
  const { picture, layout } = scene;
  for (const { kind, dim, shapes } of boxesOf(scene, items, related, zoom)) {
    pen.globalAlpha = dim ? 0.25 : 1;
    pen.fillStyle = kind === "run" ? colors.run : colors.art;
    pen.fill(shapes);
  }
  pen.globalAlpha = 1;
  pen.fillStyle = colors.bg;
  pen.font = "600 22px system-ui, sans-serif";
  for (const item of items) {
    const { group, members, label } = picture.items[item]!;
    const { left, top } = boxOf(layout, item);
    if (zoom >= WORDS) pen.fillText(label.slice(0, 24), left + 12, top + 30, WIDTH - 24);
    const failed = !group && isBad(picture.graph.nodes[members[0]!]!.state);
    if (item !== selected && !failed) continue;
    const outline = new Path2D();
    shape(outline, scene, item);
    pen.lineWidth = (item === selected ? 3 : 1.5) / zoom;
    pen.strokeStyle = item === selected ? colors.brand : colors.err;
    pen.setLineDash(item === selected ? [] : [4 / zoom, 3 / zoom]);
    pen.stroke(outline);
  }
  pen.setLineDash([]);
}

function shape(path: Path2D, { picture, layout }: Scene, item: number): void {
  const { left, top } = boxOf(layout, item);
  path.roundRect(left, top, WIDTH, HEIGHT, picture.items[item]!.kind === "run" ? HEIGHT / 2 : 6);
}

/** The whole picture in small, and the part that is in the window. */
export function paintMap(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  view: Viewport,
  size: Size,
  map: Size,
  ratio: number,
  colors: Colors,
): void {
  const { scale, left, top } = mapping(scene.layout.box, map);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.drawImage(mapOf(scene, pen.canvas, map, ratio, colors), 0, 0);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const inside = visible(view, size);
  pen.strokeStyle = colors.brand;
  pen.lineWidth = 1.5;
  pen.strokeRect(
    Math.max(1, inside.left * scale + left),
    Math.max(1, inside.top * scale + top),
    Math.min(map.width - 2, (inside.right - inside.left) * scale),
    Math.min(map.height - 2, (inside.bottom - inside.top) * scale),
  );
}

/** The boxes of a scene, painted once. */
const maps = new WeakMap<Scene, { of: readonly unknown[]; image: HTMLCanvasElement }>();

function mapOf(
  scene: Scene,
  canvas: HTMLCanvasElement,
  map: Size,
  ratio: number,
  colors: Colors,
): HTMLCanvasElement {
  const of = [colors, canvas.width, canvas.height];
  const known = maps.get(scene);
  if (known?.of.every((part, i) => part === of[i])) return known.image;
  const image = canvas.cloneNode() as HTMLCanvasElement;
  const pen = image.getContext("2d");
  const { scale, left, top } = mapping(scene.layout.box, map);
  pen?.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
  for (const { kind, shapes } of boxesOf(scene, [...scene.picture.items.keys()], null, 0)) {
    if (pen) pen.fillStyle = kind === "run" ? colors.run : colors.art;
    pen?.fill(shapes);
  }
  maps.set(scene, { of, image });
  return image;
}

/** How the picture lies in the map. */
export function mapping(box: Scene["layout"]["box"], map: Size) {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.min((map.width - 8) / width, (map.height - 8) / height);
  const left = map.width / 2 - ((box.left + box.right) / 2) * scale;
  return { scale, left, top: map.height / 2 - ((box.top + box.bottom) / 2) * scale };
}

/** Zooms from which on lines have curves, lines have heads, and painted boxes have words. */
const PLAIN = 0.2;
const HEADS = 0.28;
const WORDS = 0.2;
/** From so many shapes on they are collected once. */
const VERY_MANY = 1500;
