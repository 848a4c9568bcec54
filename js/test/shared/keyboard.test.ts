import { describe, expect, it } from "vitest";
import { gridMove, type KeyLike, listMove, rowMove, select } from "../../src/shared/keyboard";

const key = (name: string, more: Partial<KeyLike> = {}): KeyLike => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("gridMove", () => {
  const shape = { rows: 100, columns: 7, page: 10 };
  const from = { row: 50, column: 3 };
  it.each([
    ["ArrowUp", { row: 49, column: 3 }],
    ["ArrowDown", { row: 51, column: 3 }],
    ["ArrowLeft", { row: 50, column: 2 }],
    ["ArrowRight", { row: 50, column: 4 }],
    ["Home", { row: 50, column: 0 }],
    ["End", { row: 50, column: 6 }],
    ["PageUp", { row: 40, column: 3 }],
    ["PageDown", { row: 60, column: 3 }],
  ])("%s", (name, to) => expect(gridMove(key(name), from, shape)).toEqual(to));

  it("goes to the corners with Ctrl", () => {
    expect(gridMove(key("Home", { ctrlKey: true }), from, shape)).toEqual({ row: 0, column: 0 });
    expect(gridMove(key("End", { ctrlKey: true }), from, shape)).toEqual({ row: 99, column: 6 });
  });
  it("stays inside", () => {
    expect(gridMove(key("ArrowUp"), { row: 0, column: 0 }, shape)).toEqual({ row: 0, column: 0 });
    expect(gridMove(key("PageDown"), { row: 95, column: 6 }, shape)).toEqual({ row: 99, column: 6 });
    expect(gridMove(key("ArrowRight"), { row: 95, column: 6 }, shape)).toEqual({ row: 95, column: 6 });
  });
  it("leaves other keys to the host", () => {
    expect(gridMove(key("a"), from, shape)).toBeNull();
    expect(gridMove(key("ArrowUp", { ctrlKey: true }), from, shape)).toBeNull();
    expect(gridMove(key("ArrowRight", { ctrlKey: true }), from, shape)).toBeNull();
    expect(gridMove(key("ArrowDown", { altKey: true }), from, shape)).toBeNull();
    expect(gridMove(key("Home", { metaKey: true }), from, shape)).toBeNull();
  });
});

describe("rowMove", () => {
  it("moves among no rows nowhere but to the first", () => expect(rowMove("ArrowDown", 0, 1, 10)).toBe(0));
  it("does not know other keys", () => expect(rowMove("toString", 0, 5, 10)).toBeNull());
});

describe("listMove", () => {
  it("goes round", () => {
    expect(listMove(key("ArrowRight"), 2, 3, "x")).toBe(0);
    expect(listMove(key("ArrowUp"), 0, 3, "y")).toBe(2);
  });
  it("keeps to its direction", () => {
    expect(listMove(key("ArrowDown"), 0, 3, "x")).toBeNull();
    expect(listMove(key("ArrowLeft"), 0, 3, "y")).toBeNull();
    expect(listMove(key("ArrowDown"), 0, 3, "xy")).toBe(1);
  });
  it("goes to the ends", () => {
    expect(listMove(key("Home"), 2, 3, "x")).toBe(0);
    expect(listMove(key("End"), 0, 3, "x")).toBe(2);
  });
  it("leaves keys with modifiers, and empty lists", () => {
    expect(listMove(key("End", { ctrlKey: true }), 0, 3, "x")).toBeNull();
    expect(listMove(key("End"), 0, 0, "x")).toBeNull();
  });
});

describe("select", () => {
  const range = (from: number, to: number) => {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  };
  const none = { ctrlKey: false, metaKey: false, shiftKey: false };
  it("replaces by a plain click", () => expect(select([1, 2], 5, none, range, 1)).toEqual([5]));
  it("toggles with Ctrl or Cmd", () => {
    expect(select([1, 2], 5, { ...none, ctrlKey: true }, range, 1)).toEqual([1, 2, 5]);
    expect(select([1, 2, 5], 2, { ...none, metaKey: true }, range, 1)).toEqual([1, 5]);
  });
  it("takes a range with Shift, either way", () => {
    expect(select([9], 5, { ...none, shiftKey: true }, range, 3)).toEqual([3, 4, 5]);
    expect(select([9], 1, { ...none, shiftKey: true }, range, 3)).toEqual([1, 2, 3]);
  });
  it("has nothing to extend from at first", () => {
    expect(select([], 5, { ...none, shiftKey: true }, range, null)).toEqual([5]);
  });
});
