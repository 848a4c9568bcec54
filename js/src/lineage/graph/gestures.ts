// Pointers and wheel, turned into pan, zoom and click.

import type { Point } from "../viewport";
import { wheelFactor } from "../viewport";

export interface Gestures {
  pan(dx: number, dy: number): void;
  /** A box is dragged. */
  drag(item: number, dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  pinch(before: readonly [Point, Point], after: readonly [Point, Point]): void;
  /** The background was clicked, and nothing was dragged. */
  click(x: number, y: number, twice: boolean): void;
}

/**
 * Watch an element until `signal` aborts.
 *
 * A plain wheel and one finger stay with the page, which scrolls; Ctrl or Cmd with the
 * wheel (a pinched touchpad sends that too) and two fingers zoom. Dragging with a
 * button down moves the node that it begins on, else it pans: nothing is clicked then.
 */
export function watchGestures(element: HTMLElement, to: Gestures, signal: AbortSignal): void {
  const down = new Map<number, Point>();
  let dragged = false;
  let grabbed = -1;
  let start: Point = { x: 0, y: 0 };
  let corner: Point = { x: 0, y: 0 };
  /** Where an event is; what moves lies where it lay when it began, to ask again would cost a layout a frame. */
  const at = (event: MouseEvent, again = true): Point => {
    const { left, top } = again ? element.getBoundingClientRect() : { left: corner.x, top: corner.y };
    corner = { x: left, y: top };
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const ours = (event: Event) => !(event.target as Element).closest("[data-controls]");

  const onDown = (event: PointerEvent) => {
    // A drag may have ended without a click to swallow.
    if (down.size === 0) dragged = false;
    if (!ours(event) || (event.pointerType === "mouse" && event.button > 1)) return;
    if (down.size === 0) {
      start = at(event);
      grabbed = Number((event.target as Element).closest<HTMLElement>("[data-item]")?.dataset.item ?? -1);
    }
    down.set(event.pointerId, at(event));
  };
  const onMove = (event: PointerEvent) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = at(event, false);
    if (down.size === 2) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1] as Point;
      to.pinch([before, other], [now, other]);
      dragged = true;
    } else if (event.pointerType !== "touch") {
      if (!dragged && Math.hypot(now.x - start.x, now.y - start.y) < SLACK) return;
      if (!dragged) element.setPointerCapture(event.pointerId);
      dragged = true;
      element.dataset.dragging = "";
      if (grabbed >= 0) to.drag(grabbed, now.x - before.x, now.y - before.y);
      else to.pan(now.x - before.x, now.y - before.y);
    }
    down.set(event.pointerId, now);
  };
  const onUp = (event: PointerEvent) => {
    down.delete(event.pointerId);
    delete element.dataset.dragging;
  };
  const onClick = (event: MouseEvent) => {
    if (dragged) {
      event.preventDefault();
      event.stopPropagation();
      dragged = false;
      return;
    }
    const free = ours(event) && !(event.target as Element).closest("button");
    if (free) to.click(at(event).x, at(event).y, event.detail === 2);
  };
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    to.zoom(wheelFactor(event), at(event).x, at(event).y);
  };
  element.addEventListener("pointerdown", onDown, { signal });
  element.addEventListener("pointermove", onMove, { signal });
  element.addEventListener("pointerup", onUp, { signal });
  element.addEventListener("pointercancel", onUp, { signal });
  element.addEventListener("click", onClick, { signal, capture: true });
  element.addEventListener("wheel", onWheel, { signal, passive: false });
}

/** Pixels that a press may move and still be a click. */
const SLACK = 4;
