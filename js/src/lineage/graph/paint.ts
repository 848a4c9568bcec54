// The canvas: all edges, and the boxes too where they are too small or too many to be buttons.

import type { Colors } from "../../shared/theme";
import { HEIGHT, WIDTH } from "../layout/sizes";
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
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * view.left, ratio * view.top);
  const inside = visible(view, size);
  paintEdges(pen, scene, scene.edges(inside), zoom, look);
  if (look.boxes) paintBoxes(pen, scene, scene.nodes(inside), zoom, look);
}

function paintEdges(
  pen: CanvasRenderingContext2D,
  { picture, layout }: Scene,
  edges: readonly number[],
  zoom: number,
  { colors, related }: Look,
): void {
  const thin = Math.max(1, 0.5 / zoom);
  for (const lit of related ? [false, true] : [false]) {
    pen.globalAlpha = related && !lit ? 0.3 : 1;
    pen.strokeStyle = pen.fillStyle = lit ? colors.brand : colors.edge;
    // One stroke for all lines that look alike: by thickness, then dashed by thickness.
    const alike: number[][] = Array.from({ length: 2 * LINE_WIDTHS.length }, () => []);
    for (const edge of edges) {
      if (related && related.edges[edge]! > 0 !== lit) continue;
      const dashed = layout.routes[edge]!.kind === "forward" ? 0 : LINE_WIDTHS.length;
      alike[dashed + thickness(picture.weights[edge]!)]!.push(edge);
    }
    alike.forEach((some, look) => {
      if (some.length === 0) return;
      pen.setLineDash(look < LINE_WIDTHS.length ? [] : [6, 5]);
      pen.lineWidth = LINE_WIDTHS[look % LINE_WIDTHS.length]! * thin * (lit ? 1.3 : 1);
      pen.beginPath();
      for (const edge of some) trace(layout.routes[edge]!, pen, zoom < PLAIN);
      pen.stroke();
      if (zoom < HEADS) return;
      pen.beginPath();
      for (const edge of some) head(layout.routes[edge]!, pen);
      pen.fill();
    });
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function paintBoxes(
  pen: CanvasRenderingContext2D,
  { picture, layout }: Scene,
  items: readonly number[],
  zoom: number,
  { colors, related, selected }: Look,
): void {
  for (const kind of ["run", "artifact"] as const) {
    for (const dim of related ? [true, false] : [false]) {
      const some = items.filter(
        (item) => picture.items[item]!.kind === kind && (related ? related.items[item] === 0 : false) === dim,
      );
      pen.globalAlpha = dim ? 0.25 : 1;
      pen.fillStyle = kind === "run" ? colors.run : colors.art;
      pen.beginPath();
      for (const item of some) {
        const { left, top } = boxOf(layout, item);
        if (zoom < PLAIN) pen.rect(left, top, WIDTH, HEIGHT);
        else pen.roundRect(left, top, WIDTH, HEIGHT, kind === "run" ? HEIGHT / 2 : 6);
      }
      pen.fill();
      if (zoom < WORDS) continue;
      pen.fillStyle = colors.bg;
      pen.font = "600 22px system-ui, sans-serif";
      for (const item of some) {
        const { left, top } = boxOf(layout, item);
        pen.fillText(picture.items[item]!.label.slice(0, 24), left + 12, top + 30, WIDTH - 24);
      }
    }
  }
  pen.globalAlpha = 1;
  for (const item of items) {
    const { kind, group, members } = picture.items[item]!;
    const failed = !group && picture.graph.nodes[members[0]!]!.state === "failed";
    if (item !== selected && !failed) continue;
    pen.lineWidth = (item === selected ? 3 : 1.5) / zoom;
    pen.strokeStyle = item === selected ? colors.brand : colors.err;
    pen.setLineDash(item === selected ? [] : [4 / zoom, 3 / zoom]);
    const { left, top } = boxOf(layout, item);
    pen.beginPath();
    pen.roundRect(left, top, WIDTH, HEIGHT, kind === "run" ? HEIGHT / 2 : 6);
    pen.stroke();
  }
  pen.setLineDash([]);
}

/** The whole picture in small, and the part that is in the window. */
export function paintMap(
  pen: CanvasRenderingContext2D,
  { picture, layout }: Scene,
  view: Viewport,
  size: Size,
  map: Size,
  ratio: number,
  colors: Colors,
): void {
  const { scale, left, top } = mapping(layout.box, map);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, map.width, map.height);
  picture.items.forEach(({ kind }, item) => {
    const box = boxOf(layout, item);
    pen.fillStyle = kind === "run" ? colors.run : colors.art;
    const wide = Math.max(1.5, WIDTH * scale);
    pen.fillRect(box.left * scale + left, box.top * scale + top, wide, Math.max(1, HEIGHT * scale));
  });
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
