import { describe, expect, it } from "vitest";
import { fitTiles } from "../../src/examples/fit";
import { className, isWrong, score, told } from "../../src/examples/names";
import type { ExampleItem } from "../../src/shared/protocol.gen";

const ITEM: ExampleItem = {
  tile: 0,
  index: 1234,
  label: 4,
  predicted: 9,
  loss: 9.3784,
  confidence: 0.9,
  margin: -0.8,
  entropy: 0.3,
  change: null,
  other: null,
  caption: "",
};

describe("fitTiles", () => {
  it("fills the width with whole tiles, at every width", () => {
    for (let width = 60; width < 2000; width += 7) {
      const { columns, height } = fitTiles(width, 1, 1);
      expect(columns).toBeGreaterThanOrEqual(1);
      expect(columns * 94 - 8).toBeLessThanOrEqual(Math.max(86, width - 24));
      expect(Number.isFinite(height)).toBe(true);
    }
  });

  it("makes rows lower for wide pictures, and higher for named classes", () => {
    expect(fitTiles(800, 2, 1).height).toBeLessThan(fitTiles(800, 1, 1).height);
    expect(fitTiles(800, 1, 2).height).toBe(fitTiles(800, 1, 1).height + 16);
  });

  it("has an answer before the width is known", () => {
    expect(fitTiles(0, 1, 1).columns).toBe(7);
  });

  it("has as many columns as somebody chose", () => {
    expect(fitTiles(800, 1, 1, 3)).toEqual({ columns: 3, height: Math.round((776 - 16) / 3) + 32 });
    expect(fitTiles(100, 1, 1, 100).height).toBeGreaterThan(0);
  });
});

describe("names", () => {
  it("says a class by name, number, or not at all", () => {
    expect([className(["cat"], 0), className(["cat"], 1), className([], -1)]).toEqual(["cat", "1", "?"]);
  });

  it("knows what is wrong: a true and another predicted class", () => {
    expect(isWrong(ITEM)).toBe(true);
    expect(isWrong({ ...ITEM, predicted: 4 })).toBe(false);
    expect(isWrong({ ...ITEM, label: -1 })).toBe(false);
  });

  it("gives scores two decimals, unless that would say nothing", () => {
    expect([score(9.3784), score(0), score(null), score(1e-7)]).toEqual(["9.38", "0", "", "1e-7"]);
  });

  it("tells everything in one sentence", () => {
    expect(told(ITEM, [])).toBe("Example 1,234, true 4, predicted 9, wrong, loss 9.378");
    expect(told({ ...ITEM, label: -1, predicted: -1 }, [])).toBe("Example 1,234");
    const other = { predicted: 4, loss: 0.1, confidence: 0.9 };
    expect(told({ ...ITEM, other }, [], ["v3", "v4"])).toBe(
      "Example 1,234, true 4, v3: predicted 9 wrong loss 9.378, v4: predicted 4 loss 0.1",
    );
  });
});
