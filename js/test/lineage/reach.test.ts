import { describe, expect, it } from "vitest";
import { find, pictureOf } from "../../src/lineage/levels";
import { DOWN, related, steps, UP } from "../../src/lineage/reach";
import { generate } from "./generate";
import { graphOf } from "./graphs";

describe("related", () => {
  const graph = graphOf("ra>b1", "b1>rc", "rc>b2", "b1>rd", "rd>b3", "re>b4");

  it("marks what lies up and down, and not the rest", () => {
    const picture = pictureOf(graph, "exploded");
    const { items, edges } = related(picture, find(picture, "rc"));
    const marked = (mark: number) => picture.items.filter((_, i) => items[i]! & mark).map(({ id }) => id);
    expect(marked(UP)).toEqual(["ra", "b1", "rc"]);
    expect(marked(DOWN)).toEqual(["rc", "b2"]);
    expect([...edges]).toEqual([UP, UP, DOWN, 0, 0, 0]);
  });

  it("goes from node to node, not from group to group", () => {
    // Both runs are of one type, so their groups touch; but c1 has nothing to do with b1.
    const picture = pictureOf(graphOf("ru1>b1", "ru1>b2", "ru2>c1", "b1>rt1"), "grouped");
    const { items } = related(picture, find(picture, "c1"));
    expect(picture.items.filter((_, i) => items[i] === 0).map(({ id }) => id)).toEqual(["artifact:b", "rt1"]);
  });

  it("ends on a circle", () => {
    const picture = pictureOf(graphOf("ra>b", "b>ra"), "exploded");
    expect([...related(picture, 0).items]).toEqual([UP | DOWN, UP | DOWN]);
  });
});

describe("steps", () => {
  it("lists what is up, then what is down, the nearest first, with the way", () => {
    const picture = pictureOf(graphOf("ra>b1", "b1>rc", "rc>b2", "x"), "exploded");
    const lines = steps(picture, find(picture, "b1")).map(({ item, direction, hops, via }) => [
      picture.items[item]?.id,
      direction,
      hops,
      via.map((v) => picture.items[v]?.id),
    ]);
    expect(lines).toEqual([
      ["b1", "start", 0, []],
      ["ra", "up", 1, ["b1"]],
      ["rc", "down", 1, ["b1"]],
      ["b2", "down", 2, ["rc"]],
      ["x", "none", -1, []],
    ]);
  });

  it("lists everything once, with a start and without", () => {
    const picture = pictureOf(generate(300), "clusters");
    for (const start of [-1, 0, 17]) {
      const items = steps(picture, start).map(({ item }) => item);
      expect([...items].sort((a, b) => a - b)).toEqual(picture.items.map((_, i) => i));
    }
  });
});
