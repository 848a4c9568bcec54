import { describe, expect, it } from "vitest";
import { trace } from "../../src/lineage/graph/scene";
import { type Edge, layout } from "../../src/lineage/layout";
import { GAP_X, WIDTH } from "../../src/lineage/layout/sizes";

const fan = (count: number, first = 0): Edge[] =>
  Array.from({ length: count }, (_, i): Edge => [first, first + 1 + i]);

/** Where along the way each line has its trunk. */
const trunksOf = (count: number, edges: readonly Edge[], down = false) =>
  layout(count, edges, undefined, down).routes.map(({ trunks }) => trunks?.[0] ?? 0);

function drawn(count: number, edges: readonly Edge[], down = false): number[][][] {
  const made = layout(count, edges, undefined, down);
  return made.routes.map((route) => {
    const found: number[][] = [];
    trace(route, made.down, {
      moveTo: (...at) => found.push(at),
      lineTo: (...at) => found.push(at),
      bezierCurveTo: (...at) => found.push(at),
    });
    return found;
  });
}

describe("many lines of one node", () => {
  it("run along one trunk between two layers", () => {
    const [at, ...others] = trunksOf(61, fan(60));
    expect(at).toBeGreaterThan(WIDTH);
    expect(at).toBeLessThan(WIDTH + GAP_X);
    expect(new Set(others)).toEqual(new Set([at]));
  });

  it("run along one where they come in, too", () => {
    const edges = fan(60).map(([from, to]): Edge => [to, from]);
    expect(new Set(trunksOf(61, edges)).size).toBe(1);
    expect(trunksOf(61, edges)[0]).toBeGreaterThan(WIDTH);
  });

  it("go by themselves where they are few", () => {
    expect(trunksOf(8, fan(7))).toEqual(Array(7).fill(0));
  });

  it("of two nodes with a layer in common stand apart", () => {
    // 0 makes 20, 21 makes 20, and one of each is used by the same run.
    const edges = [...fan(20), ...fan(20, 21), [3, 42], [25, 42]] as Edge[];
    const trunks = trunksOf(43, edges);
    const one = new Set(trunks.slice(0, 20));
    for (const trunk of trunks.slice(20, 40)) expect(one.has(trunk)).toBe(false);
  });

  it.each([false, true])("are led along it by lines that never turn back (down: %s)", (down) => {
    for (const line of drawn(61, fan(60), down)) {
      const along = line.flatMap((at) => at.filter((_, i) => i % 2 === Number(down)));
      expect(along).toEqual(along.toSorted((a, b) => a - b));
    }
  });
});
