import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Edge } from "../../src/lineage/layout";
import { layout } from "../../src/lineage/layout";
import { find, type Picture, pictureOf, WHOLE } from "../../src/lineage/levels";
import { generate, slice } from "./generate";
import { graphOf } from "./graphs";

const ids = ({ items }: Picture) => items.map(({ id }) => id);
const arrows = ({ items, edges, weights }: Picture) =>
  edges.map(([from, to], i) => `${items[from]?.id}>${items[to]?.id} ${weights[i]}`).sort();

describe("grouped", () => {
  it("is what Lineage.grouped() of the Python side gives", () => {
    const golden = JSON.parse(readFileSync(new URL("./grouped.golden.json", import.meta.url), "utf8"));
    const picture = pictureOf(generate(60), "grouped");
    const members = (at: readonly number[]) => at.map((v) => picture.graph.nodes[v]?.id);
    // A group of one is drawn as the node that it is.
    const single = new Map<string, string>();
    for (const group of golden.groups) {
      if (group.members.length > 1) continue;
      single.set(group.id, group.members[0]);
      group.id = group.members[0];
    }
    const shown = (id: string) => single.get(id) ?? id;
    expect(
      picture.items.map(({ id, kind, type, label, members: at }) => ({
        id,
        kind,
        type,
        label,
        members: members(at),
      })),
    ).toEqual(golden.groups);
    expect(arrows(picture)).toEqual(
      golden.edges.map(([a, b, n]: [string, string, number]) => `${shown(a)}>${shown(b)} ${n}`).sort(),
    );
  });

  it("stays as small at any size", () => {
    expect(pictureOf(generate(3000), "grouped").items).toHaveLength(12);
  });

  it("draws its circles with lines that run back", () => {
    const { items, edges } = pictureOf(generate(300), "grouped");
    const back = layout(items.length, edges).routes.filter(({ kind }) => kind === "back");
    expect(back.length).toBeGreaterThan(0);
    expect(back.length).toBeLessThan(5);
  });

  it("opens a group and pulls a member out", () => {
    const graph = graphOf("rt1>m1", "rt2>m2", "rt3>m3");
    const opened = pictureOf(graph, "grouped", { opened: new Set(["run:rt"]), pulled: new Set() });
    expect(ids(opened)).toEqual(["rt1", "artifact:m", "rt2", "rt3"]);
    const pulled = pictureOf(graph, "grouped", { opened: new Set(), pulled: new Set(["m2"]) });
    expect(arrows(pulled)).toEqual(["run:rt>artifact:m 2", "run:rt>m2 1"]);
  });

  it("keeps a run apart from a group that has its id", () => {
    const graph = graphOf("run:rt>m1", "rt1>m1", "rt2>m1");
    for (const node of graph.nodes.slice(2)) node.type = "rt";
    graph.nodes[0]!.type = "other";
    const picture = pictureOf(graph, "grouped", { opened: new Set(), pulled: new Set(["run:rt"]) });
    expect(picture.items.filter(({ id }) => id === "run:rt").map(({ group }) => group)).toEqual([
      false,
      true,
    ]);
  });
});

describe("clusters", () => {
  const fan = (size: number) => Array.from({ length: size }, (_, i) => [`d1>rt${i}`, `rt${i}>m${i}`]).flat();

  it("draws five siblings and what they made as one, four not", () => {
    expect(pictureOf(graphOf(...fan(5)), "clusters").items.map(({ members }) => members.length)).toEqual([
      1, 5, 5,
    ]);
    expect(pictureOf(graphOf(...fan(4)), "clusters").items).toHaveLength(9);
  });

  it("does not join runs with other inputs", () => {
    const picture = pictureOf(graphOf(...fan(6), "e1>rt0"), "clusters");
    expect(picture.items.map(({ members }) => members.length).sort()).toEqual([1, 1, 1, 1, 5, 5]);
  });

  it("does not join what has no inputs", () => {
    const sources = Array.from({ length: 6 }, (_, i) => `ru${i}>d${i}`);
    const lonely = Array.from({ length: 6 }, (_, i) => `rx${i}`);
    expect(pictureOf(graphOf(...sources, ...lonely), "clusters").items).toHaveLength(18);
  });

  it("keeps the rest of a cluster when a member is pulled out, and its id", () => {
    const graph = graphOf(...fan(6));
    const before = pictureOf(graph, "clusters");
    const after = pictureOf(graph, "clusters", { opened: new Set(), pulled: new Set(["rt0"]) });
    expect(after.items.filter(({ group }) => group).map(({ id, members }) => [id, members.length])).toEqual([
      [before.items[2]?.id, 6],
      [before.items[1]?.id, 5],
    ]);
    expect(ids(after)).toContain("rt0");
  });

  it("makes no circles out of a graph without", () => {
    const { items, edges } = pictureOf(generate(1000), "clusters");
    expect(items.length).toBeLessThan(400);
    expect(layout(items.length, edges).routes.every(({ kind }) => kind === "forward")).toBe(true);
  });

  it("holds every node once, and every edge", () => {
    const graph = generate(300);
    for (const level of ["grouped", "clusters", "exploded"] as const) {
      const { items, weights } = pictureOf(graph, level);
      const held = items.flatMap(({ members }) => members).sort((a, b) => a - b);
      expect(held).toEqual(graph.nodes.map((_, i) => i));
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(graph.edges.length);
    }
  });

  it("takes a graph with a circle", () => {
    const { items } = pictureOf(graphOf("ra>b1", "b1>rc", "rc>b2", "b2>ra", ...fan(5)), "clusters");
    expect(items).toHaveLength(4 + 3);
  });

  it("draws siblings after a circle as one, and nothing on it or between two", () => {
    const after = fan(6).map((line) => line.replace("d1", "b1"));
    const tail = ["b1>rx", "rx>b3", "b3>rb", "rb>b3"];
    const { items } = pictureOf(graphOf("ra>b1", "b1>ra", ...after, ...tail), "clusters");
    expect(items.map(({ members }) => members.length).sort()).toEqual([1, 1, 1, 1, 1, 6, 6]);
    const open = graphOf("ra>b1", ...after);
    const joined = pictureOf(open, "clusters").items.filter(({ group }) => group);
    expect(items.filter(({ group }) => group).map(({ id }) => id)).toEqual(joined.map(({ id }) => id));
  });
});

describe("exploded", () => {
  it("has a box a node", () => {
    const graph = generate(30);
    const picture = pictureOf(graph, "exploded");
    expect(ids(picture)).toEqual(graph.nodes.map(({ id }) => id));
    expect(picture.edges).toEqual(graph.edges as unknown as Edge[]);
    expect(picture.items.some(({ group }) => group)).toBe(false);
  });

  it("has nothing to draw where there is nothing", () => {
    expect(pictureOf(graphOf(), "grouped", WHOLE)).toMatchObject({ items: [], edges: [] });
  });
});

describe("find", () => {
  it("finds a box by its id, and a node in the group that holds it", () => {
    const picture = pictureOf(graphOf("rt1>m1", "rt2>m2"), "grouped");
    expect(find(picture, "artifact:m")).toBe(1);
    expect(find(picture, "m2")).toBe(1);
    expect(find(picture, "gone")).toBe(-1);
    expect(find(picture, null)).toBe(-1);
  });
});

describe("slice", () => {
  it("cuts as Lineage.slice() of the Python side does", () => {
    const golden = JSON.parse(readFileSync(new URL("./grouped.golden.json", import.meta.url), "utf8")).slice;
    const graph = slice(generate(60), golden.focus, golden.up, golden.down);
    expect(graph.nodes.map(({ id }) => id)).toEqual(golden.nodes);
  });
});
