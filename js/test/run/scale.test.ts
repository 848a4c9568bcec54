import { describe, expect, it } from "vitest";
import { series } from "../../dev/fixtures/run";
import { band, extentOf, lineOf, nearest, path, scale, smoothed, ticks } from "../../src/run/scale";
import { merged } from "../../src/run/useSeries";

const one = (step: number[], last: number[]) => ({
  run: "r",
  key: "k",
  points: last.length,
  step,
  time: step.map((at) => at / 2),
  last,
  low: last,
  high: last,
});

describe("lines", () => {
  it("lie along the chosen axis", () => {
    expect(lineOf(one([0, 10], [1, 2]), "time", 0, false).x).toEqual([0, 5]);
  });

  it("are put in order where steps went back", () => {
    const line = lineOf(one([0, 10, 5], [1, 2, 3]), "step", 0, false);
    expect(line.x).toEqual([0, 5, 10]);
    expect(line.y).toEqual([1, 3, 2]);
  });

  it("leave out on a log scale what has no logarithm", () => {
    expect(lineOf(one([0, 1, 2], [0, 1, -1]), "step", 0, true).x).toEqual([1]);
  });
});

describe("smoothing", () => {
  it("changes nothing at 0, and keeps a constant", () => {
    expect(smoothed([3, 1, 2], 0)).toEqual([3, 1, 2]);
    for (const value of smoothed([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  });

  it("is not pulled to zero at its start", () => {
    expect(smoothed([10, 10], 0.99)[0]).toBeCloseTo(10, 9);
  });
});

describe("extents and ticks", () => {
  it("cover all lines, and a constant", () => {
    const lines = [
      lineOf(one([0, 4], [1, 3]), "step", 0, false),
      lineOf(one([2, 9], [0, 2]), "step", 0, false),
    ];
    const extent = extentOf(lines, false);
    expect(extent?.x).toEqual([0, 9]);
    expect(extent?.y[0]).toBeLessThan(0);
    expect(extent?.y[1]).toBeGreaterThan(3);
    const flat = extentOf([lineOf(one([0, 1], [2, 2]), "step", 0, false)], false);
    expect(flat && flat.y[1] > flat.y[0]).toBe(true);
    expect(extentOf([], false)).toBeNull();
  });

  it("are round, inside, and not added up wrong", () => {
    expect(ticks([0, 1], 4)).toEqual([0, 0.5, 1]);
    expect(ticks([0, 0.5], 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(ticks([1e-4, 10], 6, true)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
    for (const high of [1e-9, 3, 7e12]) {
      const found = ticks([0, high], 5);
      expect(found.length).toBeGreaterThan(1);
      expect(found.length).toBeLessThan(8);
      expect(Math.max(...found)).toBeLessThanOrEqual(high * 1.0000001);
    }
  });
});

it("maps there and back", () => {
  const there = scale([10, 20], [100, 200]);
  expect([there(10), there(15), there(20)]).toEqual([100, 150, 200]);
  expect(scale([1, 100], [0, 10], true)(10)).toBeCloseTo(5, 12);
});

it("finds the nearest point", () => {
  const xs = [0, 1, 5, 6, 100];
  for (const at of [-5, 0, 0.4, 0.6, 3, 5.4, 52, 54, 1000]) {
    const best = xs.reduce((a, b) => (Math.abs(b - at) < Math.abs(a - at) ? b : a));
    expect(xs[nearest(xs, at)]).toBe(best);
  }
});

it("draws paths", () => {
  expect(path([0, 1.234], [2, 3])).toBe("M0 2L1.2 3");
  expect(band([0, 1], [5, 6], [1, 2])).toBe("M0 1L1 2L1 6L0 5Z");
});

it("an answer that was long on its way takes nothing back", () => {
  const short = series("r", "k", 5, () => 1);
  const long = series("r", "k", 9, () => 1);
  expect(merged([long], [short])).toEqual([long]);
  expect(merged([short], [long])).toEqual([long]);
  expect(merged([short], [{ ...long, key: "other" }])).toHaveLength(2);
});
