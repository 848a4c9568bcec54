// From numbers to pixels and back: pure, tested without a page.

import type { Axis, Series } from "../shared/protocol.gen";

export interface Line {
  run: string;
  /** Where each point lies on the axis; never falls. */
  x: readonly number[];
  /** What is drawn: the last number of each bucket, smoothed. */
  y: readonly number[];
  low: readonly number[];
  high: readonly number[];
}

export interface Extent {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** A series as a line along the axis; where a run's clock or steps went back, it is put in order. */
export function lineOf(series: Series, axis: Axis, smooth: number, log: boolean): Line {
  const { run, last, low, high } = series;
  const x = series[axis];
  let order = x.map((_, i) => i);
  if (log) order = order.filter((i) => (low[i] as number) > 0);
  if (x.some((at, i) => i > 0 && at < (x[i - 1] as number)))
    order.sort((a, b) => (x[a] as number) - (x[b] as number));
  const take = (from: readonly number[]) => order.map((i) => from[i] as number);
  return { run, x: take(x), y: smoothed(take(last), smooth), low: take(low), high: take(high) };
}

/** An exponential mean without the pull of its start (each value over the weight that it has seen). */
export function smoothed(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let seen = 0;
  return values.map((value) => {
    mean = mean * weight + (1 - weight) * value;
    seen = seen * weight + (1 - weight);
    return mean / seen;
  });
}

/** What the axes have to cover: a little more than the numbers, and never nothing. */
export function extentOf(lines: readonly Line[], log: boolean): Extent | null {
  const xs = lines.flatMap((line) => (line.x.length ? [line.x[0] as number, line.x.at(-1) as number] : []));
  if (xs.length === 0) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    for (const value of line.low) low = Math.min(low, value);
    for (const value of line.high) high = Math.max(high, value);
  }
  const x = [Math.min(...xs), Math.max(...xs)] as [number, number];
  if (x[0] === x[1]) x[1] = x[0] + 1;
  if (log) return { x, y: low === high ? [low / 2, high * 2] : [low, high] };
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return { x, y: [low - room, high + room] };
}

/** A map from an extent to pixels. */
export function scale(from: readonly [number, number], to: readonly [number, number], log = false) {
  const of = log ? Math.log10 : (value: number) => value;
  const start = of(from[0]);
  const span = of(from[1]) - start || 1;
  return (value: number) => to[0] + ((of(value) - start) / span) * (to[1] - to[0]);
}

/** Round numbers inside of an extent, about `most` of them. */
export function ticks([low, high]: readonly [number, number], most: number, log = false): number[] {
  if (log) {
    const powers = [];
    const every = Math.max(1, Math.ceil((Math.log10(high) - Math.log10(low)) / most));
    for (let power = Math.ceil(Math.log10(low)); power <= Math.floor(Math.log10(high)); power += every)
      powers.push(Number(`1e${power}`));
    if (powers.length > 1) return powers;
  }
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const found = [];
  // Counted, not added up: 0.1 + 0.2 is not 0.3.
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9; i++)
    found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** An SVG path through points. */
export function path(xs: readonly number[], ys: readonly number[]): string {
  let text = "";
  for (let i = 0; i < xs.length; i++)
    text += `${i ? "L" : "M"}${round(xs[i] as number)} ${round(ys[i] as number)}`;
  return text;
}

/** The outline of what lies between two lines. */
export function band(xs: readonly number[], low: readonly number[], high: readonly number[]): string {
  return `${path(xs, high)}${path([...xs].reverse(), [...low].reverse()).replace("M", "L")}Z`;
}

/** The point whose place is nearest, by halving. */
export function nearest(xs: readonly number[], at: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= at) low = middle;
    else high = middle;
  }
  return Math.abs((xs[high] as number) - at) < Math.abs((xs[low] as number) - at) ? high : low;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
