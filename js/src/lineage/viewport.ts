// Where the picture stands in its window: pan and zoom as plain numbers.

import type { Box } from "./layout";

/** A point of the picture at `x`, `y` is seen at `x * zoom + left`, `y * zoom + top`. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2;
/** Below it labels cannot be read: a picture never opens smaller. */
export const READABLE = 0.6;
/** How a picture opens that would have to be smaller to be seen whole. */
export const COMFORTABLE = 0.75;

export function clampZoom(zoom: number): number {
  return Number.isFinite(zoom) ? Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom)) : 1;
}

/** The zoom at which a box just fits, never above 1. */
export function fitZoom(box: Box, size: Size, margin = MARGIN): number {
  const width = Math.max(1, box.right - box.left);
  const height = Math.max(1, box.bottom - box.top);
  return clampZoom(Math.min(1, (size.width - 2 * margin) / width, (size.height - 2 * margin) / height));
}

/** Show a point in the middle. */
export function centred(point: Point, size: Size, zoom: number): Viewport {
  return { left: size.width / 2 - point.x * zoom, top: size.height / 2 - point.y * zoom, zoom };
}

/**
 * How a picture opens: whole where that is readable, else around a point.
 *
 * Where the picture overflows on one axis only, the other axis shows it whole; and it
 * is not pushed further from a border than it has to be.
 */
export function opening(box: Box, size: Size, around: Point, zoom?: number): Viewport {
  const whole = fitZoom(box, size);
  const scale = zoom ?? (whole >= READABLE ? whole : COMFORTABLE);
  const middle = centred(around, size, scale);
  return {
    left: settle(middle.left, box.left * scale, box.right * scale, size.width),
    top: settle(middle.top, box.top * scale, box.bottom * scale, size.height),
    zoom: scale,
  };
}

/** Moves an interval so that it is centred where it fits, and leaves no gap at a border where not. */
function settle(offset: number, low: number, high: number, room: number): number {
  if (high - low <= room - 2 * MARGIN) return (room - low - high) / 2;
  return Math.min(MARGIN - low, Math.max(room - MARGIN - high, offset));
}

/** Zoom by a factor, a point of the window standing still. */
export function zoomAt(view: Viewport, factor: number, x: number, y: number): Viewport {
  const zoom = clampZoom(view.zoom * factor);
  const ratio = zoom / view.zoom;
  return { left: x - (x - view.left) * ratio, top: y - (y - view.top) * ratio, zoom };
}

export function panBy(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, left: view.left + dx, top: view.top + dy };
}

/** The part of the picture that is in the window. */
export function visible(view: Viewport, size: Size): Box {
  return {
    left: -view.left / view.zoom,
    top: -view.top / view.zoom,
    right: (size.width - view.left) / view.zoom,
    bottom: (size.height - view.top) / view.zoom,
  };
}

/** Pan as little as brings a box into the window, and not at all where it is in it. */
export function reveal(view: Viewport, box: Box, size: Size): Viewport {
  const shift = (low: number, high: number, room: number) => {
    if (high - low > room - 2 * MARGIN) return room / 2 - (low + high) / 2;
    return Math.max(0, MARGIN - low) + Math.min(0, room - MARGIN - high);
  };
  const dx = shift(box.left * view.zoom + view.left, box.right * view.zoom + view.left, size.width);
  const dy = shift(box.top * view.zoom + view.top, box.bottom * view.zoom + view.top, size.height);
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy);
}

/** Keep at least a corner of the picture in the window. */
export function tether(view: Viewport, box: Box, size: Size): Viewport {
  const keep = (offset: number, low: number, high: number, room: number) =>
    Math.min(room - TETHER - low * view.zoom, Math.max(TETHER - high * view.zoom, offset));
  return {
    left: keep(view.left, box.left, box.right, size.width),
    top: keep(view.top, box.top, box.bottom, size.height),
    zoom: view.zoom,
  };
}

/** The factor of a wheel turn; browsers count in pixels, lines or pages. */
export function wheelFactor(event: { deltaY: number; deltaMode: number }): number {
  const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
  return Math.exp(-Math.max(-160, Math.min(160, pixels)) / 320);
}

/** Two fingers moved: pan by their middle, zoom by how far they are apart. */
export function pinch(
  view: Viewport,
  before: readonly [Point, Point],
  after: readonly [Point, Point],
): Viewport {
  const middle = ([a, b]: readonly [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const apart = ([a, b]: readonly [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const [from, to] = [middle(before), middle(after)];
  return zoomAt(panBy(view, to.x - from.x, to.y - from.y), apart(after) / apart(before), to.x, to.y);
}

/** Room around the picture, and how much of it always stays in sight. */
const MARGIN = 24;
const TETHER = 60;
