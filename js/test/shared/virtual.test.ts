import { describe, expect, it } from "vitest";
import { MAX_TRACK, Scroller } from "../../src/shared/virtual";

function make(rows: number, view = 340) {
  const scroller = new Scroller(34);
  scroller.rows = rows;
  scroller.view = view;
  return scroller;
}

describe("a list that fits its track", () => {
  it("moves by pixels", () => {
    const scroller = make(1000);
    expect(scroller.track).toBe(34_000);
    scroller.scrolled(50);
    expect(scroller.window(0)).toEqual({ first: 1, end: 12, shift: -16 });
    scroller.scrolled(34_000 - 340);
    expect(scroller.window(0)).toEqual({ first: 990, end: 1000, shift: 0 });
    expect(scroller.settle()).toBe(34_000 - 340);
  });
  it("draws more at either end, never beyond", () => {
    const scroller = make(1000);
    expect(scroller.window(3)).toEqual({ first: 0, end: 13, shift: 0 });
    scroller.scrolled(3400);
    expect(scroller.window(3)).toEqual({ first: 97, end: 113, shift: -102 });
  });
  it("follows when rows go", () => {
    const scroller = make(1000);
    scroller.scrolled(30_000);
    scroller.rows = 5;
    expect(scroller.window(0)).toEqual({ first: 0, end: 5, shift: 0 });
  });
  it("knows an empty list", () => {
    expect(make(0).window()).toEqual({ first: 0, end: 0, shift: 0 });
  });
});

describe("ten million rows", () => {
  const rows = 10_000_000;
  it("scrolls on a track that browsers can lay out", () => expect(make(rows).track).toBe(MAX_TRACK));
  it("moves by pixels in small steps", () => {
    const scroller = make(rows);
    scroller.scrolled(34);
    scroller.scrolled(68);
    expect(scroller.window(0).first).toBe(2);
  });
  it("reaches any part by the bar, and both ends", () => {
    const scroller = make(rows);
    scroller.scrolled(MAX_TRACK / 2);
    expect(scroller.window(0).first / rows).toBeCloseTo(0.5, 3);
    scroller.scrolled(MAX_TRACK - 340);
    expect(scroller.window(0).end).toBe(rows);
    scroller.scrolled(0);
    expect(scroller.window(0).first).toBe(0);
  });
  it("brings the bar to the rows when it rests, without moving them", () => {
    const scroller = make(rows);
    for (let step = 1; step <= 100; step++) scroller.scrolled(step * 100);
    const before = scroller.window(0).first;
    expect(before).toBe(Math.floor(10_000 / 34));
    const settled = scroller.settle();
    expect(settled).toBeLessThan(1000);
    scroller.scrolled(settled);
    expect(scroller.window(0).first).toBe(before);
  });
  it("can show every row", () => {
    const scroller = make(rows);
    for (const row of [0, 1, 4_999_999, 7_777_777, rows - 1]) {
      scroller.reveal(row);
      scroller.scrolled(scroller.settle());
      const { first, end } = scroller.window(0);
      expect(first <= row && row < end).toBe(true);
    }
  });
});

it("reveals a row only where it has to", () => {
  const scroller = make(1000);
  expect(scroller.reveal(5)).toBe(false);
  expect(scroller.reveal(10)).toBe(true);
  expect(scroller.top).toBe(34);
  expect(scroller.reveal(0)).toBe(true);
  expect(scroller.top).toBe(0);
});
