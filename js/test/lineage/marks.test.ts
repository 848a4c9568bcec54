import { expect, test } from "vitest";
import { isBad, marksOf, plainMarks } from "../../src/lineage/marks";

test.each([
  ["", []],
  ["finished", []],
  ["running", ["running"]],
  ["failed-to-log", ["failed-to-log"]],
  ["deleted", ["deleted"]],
])("a node of state %j is marked %j", (state, own) => {
  const node = { state, stale: "made from raw:v0", aliases: ["best"] };
  expect(plainMarks(node)).toEqual([...own, "stale", "best"]);
  expect(marksOf({ ...node, stale: "", aliases: [] })).toHaveLength(own.length);
});

test("what was deleted has not failed", () => {
  expect(["", "finished", "running", "deleted"].some(isBad)).toBe(false);
  expect(["failed", "crashed", "killed", "interrupted", "failed-to-log"].every(isBad)).toBe(true);
});
