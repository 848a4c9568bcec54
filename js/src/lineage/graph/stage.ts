// The window on the picture: it knows where it stands, paints it, and tells which boxes are buttons.

import type { Colors } from "../../shared/theme";
import type { Box } from "../layout";
import { WIDTH } from "../layout/sizes";
import type { Related } from "../reach";
import {
  COMFORTABLE,
  centred,
  clampZoom,
  fitZoom,
  opening,
  panBy,
  pinch,
  READABLE,
  reveal,
  type Size,
  tether,
  type Viewport,
  visible,
  zoomAt,
} from "../viewport";
import { watchGestures } from "./gestures";
import { type Look, mapping, paint, paintMap } from "./paint";
import { acrossOf, boxOf, keyOf, type Scene } from "./scene";

export interface StageEvents {
  /** Other boxes are buttons now. */
  buttons(items: readonly number[]): void;
  /** The reader zoomed. */
  zoomed(zoom: number): void;
  /** The background, or a box that is painted, was clicked. */
  clicked(item: number, twice: boolean): void;
  /** A box was dragged, by so much of the picture. */
  dragged(item: number, dx: number, dy: number): void;
  /** The picture overflows the window, or no longer. */
  overflows(is: boolean): void;
}

export interface StageParts {
  readonly window: HTMLElement;
  /** The pattern behind everything. */
  readonly dots: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** What holds the buttons; it is moved as a whole. */
  readonly layer: HTMLElement;
  readonly map: HTMLCanvasElement;
}

export interface Stage {
  zoom(): number;
  /** Take the window's size; the middle of the picture stays in the middle. */
  resize(size: Size): void;
  /** Show another picture, around an item or where it begins. */
  open(scene: Scene, around: number, zoom: number | undefined): void;
  /** Show a changed picture, an item of both standing still. */
  change(scene: Scene, anchor: number): void;
  /** Take what the paint depends on. */
  look(colors: Colors, related: Related | null, selected: number): void;
  /** Zoom around the middle. */
  zoomTo(zoom: number): void;
  /** Show everything, however small. */
  fit(): void;
  /** Bring an item into sight; `readable` also zooms in where it would be too small to read. */
  reveal(item: number, readable?: boolean): void;
}

/** Boxes are buttons from this zoom on, and while they are no more than so many. */
const NEAR = 0.35;
const MOST_BUTTONS = 400;
const MAP: Size = { width: 150, height: 90 };
/** How far beyond the window the canvas is painted: so far a pan only moves it. */
const BEYOND: Size = { width: 256, height: 160 };
/** Milliseconds after which a pan is over. */
const REST = 300;

export function createStage(
  { window, dots, canvas, layer, map }: StageParts,
  events: StageEvents,
  signal: AbortSignal,
): Stage {
  let view: Viewport = { left: 0, top: 0, zoom: 1 };
  let size: Size = { width: 0, height: 0 };
  let scene: Scene | undefined;
  let look: { colors: Colors; related: Related | null; selected: number } | undefined;
  let buttons: readonly number[] = [];
  /** What the buttons cover; null where the boxes are painted. */
  let region: Box | null = null;
  let overflows = false;
  let frame = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  /** What the canvas holds, and where the picture stood then. */
  let painted: { view: Viewport; of: readonly unknown[] } | undefined;

  const move = (to: Viewport) => {
    if (!scene || size.width === 0) return;
    const { box } = scene.layout;
    glide(to.zoom === view.zoom);
    view = tether(to, box, size);
    chooseButtons(scene);
    if (overflows === holds(visible(view, size), box)) {
      overflows = !overflows;
      events.overflows(overflows);
    }
    draw();
  };
  const user = (to: Viewport) => {
    const zoomed = to.zoom !== view.zoom;
    move(to);
    if (zoomed) events.zoomed(view.zoom);
  };

  /** While they are panned dots, lines and buttons are layers of their own; at rest and in growth these would blur text. */
  const glide = (on: boolean) => {
    clearTimeout(rest);
    for (const each of [dots, canvas, layer]) each.style.willChange = on ? "transform" : "";
    if (on) rest = setTimeout(() => glide(false), REST);
  };

  /** Boxes in sight and a good way around it are buttons, so that a pan seldom changes them. */
  const chooseButtons = ({ nodes }: Scene) => {
    const inside = visible(view, size);
    const near = view.zoom >= NEAR;
    if (near && region && holds(region, inside)) return;
    region = {
      left: inside.left - 2 * WIDTH,
      top: inside.top - 200,
      right: inside.right + 2 * WIDTH,
      bottom: inside.bottom + 200,
    };
    let items = near ? nodes(region) : [];
    if (items.length > MOST_BUTTONS) {
      region = inside;
      items = nodes(inside);
    }
    if (!near || items.length > MOST_BUTTONS) {
      region = null;
      items = [];
    }
    if (items.length === buttons.length && items.every((item, i) => item === buttons[i])) return;
    buttons = items;
    events.buttons(items);
  };

  const draw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (!scene || !look) return;
      const { left, top, zoom } = view;
      layer.style.transform = `translate(${left}px,${top}px) scale(${zoom})`;
      let step = 24 * zoom;
      while (step < 12) step *= 4;
      dots.style.backgroundSize = `${step}px ${step}px`;
      dots.style.transform = `translate(${left % step}px,${top % step}px)`;
      const ratio = Math.max(1, canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1);
      const of = [scene, look, zoom, ratio, size, !region];
      const same = painted?.of.every((part, i) => part === of[i]) ? painted.view : undefined;
      const [dx, dy] = same ? [left - same.left, top - same.top] : [BEYOND.width + 1, 0];
      if (Math.abs(dx) > BEYOND.width || Math.abs(dy) > BEYOND.height) {
        painted = { view, of };
        repaint(scene, { ...look, boxes: !region }, ratio);
      } else canvas.style.transform = `translate(${dx - BEYOND.width}px,${dy - BEYOND.height}px)`;
      const small = overflows && sized(map, MAP, ratio);
      if (small) paintMap(small, scene, view, size, MAP, ratio, look.colors);
    });
  };

  const repaint = (drawn: Scene, how: Look, ratio: number) => {
    const all = { width: size.width + 2 * BEYOND.width, height: size.height + 2 * BEYOND.height };
    canvas.style.width = `${all.width}px`;
    canvas.style.height = `${all.height}px`;
    canvas.style.transform = `translate(${-BEYOND.width}px,${-BEYOND.height}px)`;
    const pen = sized(canvas, all, ratio);
    if (pen) paint(pen, drawn, panBy(view, BEYOND.width, BEYOND.height), all, ratio, how);
  };

  const clicked = (x: number, y: number, twice: boolean) => {
    const at = { x: (x - view.left) / view.zoom, y: (y - view.top) / view.zoom };
    const spot = { left: at.x, top: at.y, right: at.x, bottom: at.y };
    events.clicked((region ? undefined : scene?.nodes(spot)[0]) ?? -1, twice);
  };
  watchGestures(
    window,
    {
      pan: (dx, dy) => user(panBy(view, dx, dy)),
      drag: (item, dx, dy) => events.dragged(item, dx / view.zoom, dy / view.zoom),
      zoom: (factor, x, y) => user(zoomAt(view, factor, x, y)),
      pinch: (before, after) => user(pinch(view, before, after)),
      click: clicked,
    },
    signal,
  );
  const onMap = (event: PointerEvent) => {
    if (event.buttons === 0 || !scene) return;
    if (event.type === "pointerdown") map.setPointerCapture(event.pointerId);
    const { left, top } = map.getBoundingClientRect();
    const lies = mapping(scene.layout.box, MAP);
    const x = (event.clientX - left - lies.left) / lies.scale;
    move(centred({ x, y: (event.clientY - top - lies.top) / lies.scale }, size, view.zoom));
  };
  map.addEventListener("pointerdown", onMap, { signal });
  map.addEventListener("pointermove", onMap, { signal });
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
  });

  const centre = ({ layout: { x, y } }: Scene, item: number) => ({ x: x[item]!, y: y[item]! });
  return {
    zoom: () => view.zoom,
    resize(now) {
      if (now.width === size.width && now.height === size.height) return;
      const [dx, dy] = size.width ? [(now.width - size.width) / 2, (now.height - size.height) / 2] : [0, 0];
      size = now;
      move(panBy(view, dx, dy));
    },
    open(next, around, zoom) {
      scene = next;
      region = null;
      move(opening(next.layout.box, size, centre(next, around < 0 ? startOf(next, size) : around), zoom));
    },
    change(next, anchor) {
      const before = scene;
      scene = next;
      region = null;
      const key = next.picture.items[anchor] && keyOf(next.picture.items[anchor]);
      const was = before?.picture.items.findIndex((item) => keyOf(item) === key) ?? -1;
      if (!before || was < 0) return move(view);
      const [from, to] = [centre(before, was), centre(next, anchor)];
      move(panBy(view, (from.x - to.x) * view.zoom, (from.y - to.y) * view.zoom));
    },
    look(colors, related, selected) {
      look = { colors, related, selected };
      draw();
    },
    zoomTo: (zoom) => move(zoomAt(view, clampZoom(zoom) / view.zoom, size.width / 2, size.height / 2)),
    fit() {
      if (!scene) return;
      const { box } = scene.layout;
      const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
      move(centred(middle, size, fitZoom(box, size)));
    },
    reveal(item, readable = false) {
      if (!scene || item < 0) return;
      if (readable && view.zoom < NEAR) user(centred(centre(scene, item), size, COMFORTABLE));
      else move(reveal(view, boxOf(scene.layout, item), size));
    },
  };
}

/**
 * The item that a picture opens on: in the first layer; where it stands alone in a picture that overflows
 * the window, one among many more.
 */
function startOf(scene: Scene, size: Size): number {
  const { x, y, box } = scene.layout;
  const first = firstOf(scene);
  if (fitZoom(box, size) >= READABLE) return first;
  const seen = (item: number) => {
    const view = opening(box, size, { x: x[item]!, y: y[item]! });
    return scene.nodes(visible(view, size)).length;
  };
  let best = first;
  let most = 2 * seen(first);
  for (let k = 0; k < SAMPLES; k++) {
    const item = Math.floor((k * x.length) / SAMPLES);
    const found = seen(item);
    if (found > most) [best, most] = [item, found];
  }
  return best;
}

const SAMPLES = 24;

/** The item in the first layer that is nearest to the middle. */
function firstOf({ layout }: Scene): number {
  const { down, layer, box } = layout;
  const across = acrossOf(layout);
  const middle = down ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2;
  const off = (item: number) => layer[item]! * 1e6 + Math.abs(across[item]! - middle);
  return across.reduce((best, _, item) => (off(item) < off(best) ? item : best), 0);
}

/** Give a canvas as many pixels as it covers. */
function sized(
  canvas: HTMLCanvasElement,
  { width, height }: Size,
  ratio: number,
): CanvasRenderingContext2D | null {
  const wide = Math.round(width * ratio);
  const high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  return canvas.getContext("2d");
}

function holds(outer: Box, inner: Box): boolean {
  return (
    outer.left <= inner.left &&
    outer.top <= inner.top &&
    outer.right >= inner.right &&
    outer.bottom >= inner.bottom
  );
}
