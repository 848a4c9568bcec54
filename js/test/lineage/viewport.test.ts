import { describe, expect, it } from "vitest";
import {
  COMFORTABLE,
  clampZoom,
  fitZoom,
  MAX_ZOOM,
  MIN_ZOOM,
  opening,
  panBy,
  pinch,
  READABLE,
  reveal,
  tether,
  type Viewport,
  visible,
  wheelFactor,
  zoomAt,
} from "../../src/lineage/viewport";

const size = { width: 1000, height: 430 };
const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const at = (view: Viewport, x: number, y: number) => [x * view.zoom + view.left, y * view.zoom + view.top];

describe("opening", () => {
  it("shows a small picture whole, in the middle, not enlarged", () => {
    const view = opening(box(0, 0, 400, 100), size, { x: 0, y: 0 });
    expect(view.zoom).toBe(1);
    expect(at(view, 200, 50)).toEqual([500, 215]);
  });

  it("shrinks a larger one to fit", () => {
    const view = opening(box(0, 0, 1300, 100), size, { x: 0, y: 0 });
    expect(view.zoom).toBeCloseTo(952 / 1300);
    expect(view.zoom).toBeGreaterThan(READABLE);
  });

  it("never opens smaller than is readable, and then around the focus", () => {
    const view = opening(box(0, 0, 20_000, 9000), size, { x: 10_000, y: 4000 });
    expect(view.zoom).toBe(COMFORTABLE);
    expect(view.zoom).toBeGreaterThan(READABLE);
    expect(at(view, 10_000, 4000)).toEqual([500, 215]);
  });

  it("wastes no room beside a picture that overflows", () => {
    const view = opening(box(0, 0, 20_000, 100), size, { x: 0, y: 0 });
    expect(at(view, 0, 50)).toEqual([24, 215]);
  });

  it("takes a given zoom", () => {
    expect(opening(box(0, 0, 20_000, 9000), size, { x: 0, y: 0 }, 0.1).zoom).toBe(0.1);
  });
});

describe("zoom", () => {
  const view = { left: -120, top: 33, zoom: 0.7 };

  it("keeps the point under the pointer", () => {
    for (const factor of [0.5, 1, 1.25, 100]) {
      const after = zoomAt(view, factor, 300, 200);
      const x = (300 - view.left) / view.zoom;
      const y = (200 - view.top) / view.zoom;
      const [seenX, seenY] = at(after, x, y) as [number, number];
      expect(seenX).toBeCloseTo(300);
      expect(seenY).toBeCloseTo(200);
    }
  });

  it("stays within its limits, whatever it is told", () => {
    expect(zoomAt(view, 1e9, 0, 0).zoom).toBe(MAX_ZOOM);
    expect(zoomAt(view, 1e-9, 0, 0).zoom).toBe(MIN_ZOOM);
    expect(clampZoom(Number.NaN)).toBe(1);
    expect(clampZoom(-3)).toBe(MIN_ZOOM);
  });

  it("fits to the tighter side", () => {
    expect(fitZoom(box(0, 0, 9520, 10), size)).toBeCloseTo(0.1);
    expect(fitZoom(box(0, 0, 10, 3820), size)).toBeCloseTo(0.1);
    expect(fitZoom(box(5, 5, 5, 5), size)).toBe(1);
  });

  it("turns wheel units into like steps, one way up and the other down", () => {
    expect(wheelFactor({ deltaY: 48, deltaMode: 0 })).toBe(wheelFactor({ deltaY: 3, deltaMode: 1 }));
    expect(
      wheelFactor({ deltaY: 100, deltaMode: 0 }) * wheelFactor({ deltaY: -100, deltaMode: 0 }),
    ).toBeCloseTo(1);
    expect(wheelFactor({ deltaY: 1, deltaMode: 2 })).toBeGreaterThan(0.5);
  });

  it("follows two fingers", () => {
    const after = pinch(
      view,
      [
        { x: 100, y: 100 },
        { x: 200, y: 100 },
      ],
      [
        { x: 150, y: 120 },
        { x: 350, y: 120 },
      ],
    );
    expect(after.zoom).toBeCloseTo(1.4);
    const x = (150 - view.left) / view.zoom;
    const y = (100 - view.top) / view.zoom;
    const [seenX, seenY] = at(after, x, y) as [number, number];
    expect(seenX).toBeCloseTo(250);
    expect(seenY).toBeCloseTo(120);
  });
});

describe("pan", () => {
  const view = { left: 0, top: 0, zoom: 1 };

  it("brings a node into sight and moves no further", () => {
    expect(reveal(view, box(100, 100, 200, 140), size)).toBe(view);
    expect(reveal(view, box(-50, 100, 60, 140), size)).toEqual(panBy(view, 74, 0));
    expect(reveal(view, box(950, 500, 1100, 540), size)).toEqual(panBy(view, -124, -134));
  });

  it("shows the middle of what is larger than the window", () => {
    expect(reveal(view, box(0, 0, 3000, 100), size).left).toBe(-1000);
  });

  it("cannot lose the picture", () => {
    const lost = tether(panBy(view, -9999, 9999), box(0, 0, 500, 300), size);
    expect(at(lost, 500, 0)).toEqual([60, 370]);
  });

  it("knows what is in sight", () => {
    expect(visible({ left: -100, top: 50, zoom: 0.5 }, size)).toEqual(box(200, -100, 2200, 760));
  });
});
