// The window on the picture: it knows where it stands, paints it, and tells which boxes are buttons.

import type { Colors } from "../../shared/theme";
import { type Box, SIZES } from "../layout";
import type { Related } from "../reach";
import {
  COMFORTABLE,
  centred,
  clampZoom,
  fitZoom,
  opening,
  panBy,
  pinch,
  reveal,
  type Size,
  tether,
  type Viewport,
  visible,
  zoomAt,
} from "../viewport";
import { watchGestures } from "./gestures";
import { mapping, paint, paintMap } from "./paint";
import { boxOf, keyOf, type Scene } from "./scene";

export interface StageEvents {
  /** Other boxes are buttons now. */
  buttons(items: readonly number[]): void;
  /** The reader zoomed. */
  zoomed(zoom: number): void;
  /** The background, or a box that is painted, was clicked. */
  clicked(item: number, twice: boolean): void;
  /** The picture overflows the window, or no longer. */
  overflows(is: boolean): void;
}

export interface StageParts {
  readonly window: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** What holds the buttons; it is moved as a whole. */
  readonly layer: HTMLElement;
  readonly map: HTMLCanvasElement;
}

/** Boxes are buttons from this zoom on, and while they are no more than so many. */
export const NEAR = 0.35;
export const MOST_BUTTONS = 400;
const MAP: Size = { width: 150, height: 90 };

export class Stage {
  #view: Viewport = { left: 0, top: 0, zoom: 1 };
  #size: Size = { width: 0, height: 0 };
  #scene: Scene | null = null;
  #colors: Colors | null = null;
  #related: Related | null = null;
  #selected = -1;
  #region: Box | null = null;
  #buttons: readonly number[] = [];
  #painted = false;
  #overflows = false;
  #frame = 0;
  readonly #parts: StageParts;
  readonly #events: StageEvents;

  constructor(parts: StageParts, events: StageEvents, signal: AbortSignal) {
    this.#parts = parts;
    this.#events = events;
    const user = (view: Viewport) => {
      const zoomed = view.zoom !== this.#view.zoom;
      this.#move(view);
      if (zoomed) events.zoomed(view.zoom);
    };
    watchGestures(
      parts.window,
      {
        pan: (dx, dy) => user(panBy(this.#view, dx, dy)),
        zoom: (factor, x, y) => user(zoomAt(this.#view, factor, x, y)),
        pinch: (before, after) => user(pinch(this.#view, before, after)),
        click: (x, y, twice) => events.clicked(this.#at(x, y), twice),
      },
      signal,
    );
    watchMap(parts.map, (x, y) => this.#lookAt(x, y), signal);
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame));
  }

  get zoom(): number {
    return this.#view.zoom;
  }

  /** Take the window's size; the middle of the picture stays in the middle. */
  resize(size: Size): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    const before = this.#size;
    this.#size = size;
    const shift = panBy(this.#view, (size.width - before.width) / 2, (size.height - before.height) / 2);
    this.#move(before.width === 0 ? this.#view : shift);
  }

  /** Show another picture, around an item or where it begins. */
  open(scene: Scene, around: number, zoom: number | undefined): void {
    this.#scene = scene;
    this.#region = null;
    const { x, y, box } = scene.layout;
    const item = around >= 0 ? around : firstOf(scene);
    this.#move(opening(box, this.#size, { x: x[item]!, y: y[item]! }, zoom));
  }

  /** Show a changed picture, an item of both standing still. */
  change(scene: Scene, anchor: number): void {
    const before = this.#scene;
    this.#scene = scene;
    this.#region = null;
    const item = scene.picture.items[anchor];
    const was = item && before?.picture.items.findIndex((each) => keyOf(each) === keyOf(item));
    if (!before || was === undefined || was < 0) {
      this.#move(this.#view);
      return;
    }
    const { zoom } = this.#view;
    const dx = before.layout.x[was]! - scene.layout.x[anchor]!;
    const dy = before.layout.y[was]! - scene.layout.y[anchor]!;
    this.#move(panBy(this.#view, dx * zoom, dy * zoom));
  }

  /** Take what the paint depends on. */
  look(colors: Colors, related: Related | null, selected: number): void {
    this.#colors = colors;
    this.#related = related;
    this.#selected = selected;
    this.#draw();
  }

  /** Zoom around the middle. */
  zoomBy(factor: number): void {
    this.#move(zoomAt(this.#view, factor, this.#size.width / 2, this.#size.height / 2));
  }

  /** Show everything, however small. */
  fit(): void {
    if (!this.#scene) return;
    const { box } = this.#scene.layout;
    const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
    this.#move(centred(middle, this.#size, fitZoom(box, this.#size)));
  }

  zoomTo(zoom: number): void {
    this.zoomBy(clampZoom(zoom) / this.#view.zoom);
  }

  /** Bring an item into sight; `readable` also zooms in where it would be too small to read. */
  reveal(item: number, readable = false): void {
    if (!this.#scene || item < 0) return;
    if (readable && this.#view.zoom < NEAR) {
      const { x, y } = this.#scene.layout;
      this.#move(centred({ x: x[item]!, y: y[item]! }, this.#size, COMFORTABLE));
      this.#events.zoomed(COMFORTABLE);
    } else this.#move(reveal(this.#view, boxOf(this.#scene.layout, item), this.#size));
  }

  #at(x: number, y: number): number {
    if (!this.#scene || !this.#painted) return -1;
    const { left, top, zoom } = this.#view;
    const point = { x: (x - left) / zoom, y: (y - top) / zoom };
    const spot = { left: point.x, top: point.y, right: point.x, bottom: point.y };
    return this.#scene.nodes.within(spot)[0] ?? -1;
  }

  #lookAt(x: number, y: number): void {
    if (!this.#scene) return;
    const { scale, left, top } = mapping(this.#scene.layout.box, MAP);
    this.#move(centred({ x: (x - left) / scale, y: (y - top) / scale }, this.#size, this.#view.zoom));
  }

  #move(view: Viewport): void {
    if (!this.#scene || this.#size.width === 0) return;
    this.#view = tether(view, this.#scene.layout.box, this.#size);
    this.#chooseButtons();
    const { box } = this.#scene.layout;
    const inside = visible(this.#view, this.#size);
    const overflows =
      box.left < inside.left ||
      box.top < inside.top ||
      box.right > inside.right ||
      box.bottom > inside.bottom;
    if (overflows !== this.#overflows) {
      this.#overflows = overflows;
      this.#events.overflows(overflows);
    }
    this.#draw();
  }

  /** Boxes in sight and a good way around it are buttons, so that a pan seldom changes them. */
  #chooseButtons(): void {
    const scene = this.#scene as Scene;
    const inside = visible(this.#view, this.#size);
    const near = this.#view.zoom >= NEAR;
    if (near && this.#region && !this.#painted && holds(this.#region, inside)) return;
    let items: readonly number[] = [];
    let region = grown(inside);
    if (near) {
      items = scene.nodes.within(region);
      if (items.length > MOST_BUTTONS) {
        region = inside;
        items = scene.nodes.within(inside);
      }
    }
    this.#painted = !near || items.length > MOST_BUTTONS;
    this.#region = this.#painted ? null : region;
    if (this.#painted) items = [];
    if (items.length === this.#buttons.length && items.every((item, i) => item === this.#buttons[i])) return;
    this.#buttons = items;
    this.#events.buttons(items);
  }

  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const { canvas, layer, map, window } = this.#parts;
    const scene = this.#scene;
    if (!scene || !this.#colors) return;
    const { left, top, zoom } = this.#view;
    layer.style.transform = `translate(${left}px,${top}px) scale(${zoom})`;
    let step = 24 * zoom;
    while (step < 12) step *= 4;
    window.style.backgroundSize = `${step}px ${step}px`;
    window.style.backgroundPosition = `${left}px ${top}px`;
    const ratio = Math.max(1, canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1);
    const pen = sized(canvas, this.#size, ratio);
    const look = {
      colors: this.#colors,
      related: this.#related,
      selected: this.#selected,
      boxes: this.#painted,
    };
    if (pen) paint(pen, scene, this.#view, this.#size, ratio, look);
    const small = this.#overflows ? sized(map, MAP, ratio) : null;
    if (small) paintMap(small, scene, this.#view, this.#size, MAP, ratio, this.#colors);
  }
}

/** The item in the first column that is nearest to the middle. */
function firstOf({ layout: { column, y, box } }: Scene): number {
  const off = (item: number) => column[item]! * 1e6 + Math.abs(y[item]! - (box.top + box.bottom) / 2);
  return y.reduce((best, _, item) => (off(item) < off(best) ? item : best), 0);
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

/** Press and drag in the map. */
function watchMap(map: HTMLCanvasElement, lookAt: (x: number, y: number) => void, signal: AbortSignal): void {
  const go = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const { left, top } = map.getBoundingClientRect();
    lookAt(event.clientX - left, event.clientY - top);
  };
  const down = (event: PointerEvent) => {
    map.setPointerCapture(event.pointerId);
    go(event);
  };
  map.addEventListener("pointerdown", down, { signal });
  map.addEventListener("pointermove", go, { signal });
}

function holds(outer: Box, inner: Box): boolean {
  return (
    outer.left <= inner.left &&
    outer.top <= inner.top &&
    outer.right >= inner.right &&
    outer.bottom >= inner.bottom
  );
}

function grown({ left, top, right, bottom }: Box): Box {
  const [x, y] = [2 * SIZES.width, (bottom - top) / 2];
  return { left: left - x, top: top - y, right: right + x, bottom: bottom + y };
}
