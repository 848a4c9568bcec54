import { describe, expect, it } from "vitest";
import { cut, merge } from "../../src/lineage/slices";
import type { Graph } from "../../src/shared/protocol.gen";
import { generate, slice } from "./generate";

const project = generate(300);
const middle = project.nodes[150]!.id;

/** A graph as sets, whatever the order of its nodes. */
function facts({ nodes, edges }: Graph) {
  return {
    nodes: nodes.map(({ id, more_up, more_down }) => `${id} ${more_up} ${more_down}`).sort(),
    edges: edges.map(([a, b]) => `${nodes[a!]?.id}>${nodes[b!]?.id}`).sort(),
  };
}

describe("merge", () => {
  it("of two slices knows both, and counts right what is still left out", () => {
    const near = slice(project, middle, 1, 1);
    const joined = merge(near, slice(project, near.nodes[0]!.id, 1, 1));
    const kept = new Set(joined.nodes.map(({ id }) => id));
    for (const { id, more_up, more_down } of joined.nodes) {
      const at = project.nodes.findIndex((node) => node.id === id);
      const beside = (end: 0 | 1) => {
        const others = project.edges.filter((edge) => edge[end] === at).map((edge) => edge[1 - end]!);
        return others.filter((v) => !kept.has(project.nodes[v]!.id)).length;
      };
      expect([id, more_up, more_down]).toEqual([id, beside(1), beside(0)]);
    }
  });

  it("changes nothing when it learns what it knew", () => {
    const near = slice(project, middle, 3, 3);
    expect(facts(merge(near, near))).toEqual(facts(near));
  });

  it("takes the newer facts of a node", () => {
    const newer = {
      ...project,
      nodes: project.nodes.map((node) => ({ ...node, state: "crashed" })),
      revision: 9,
    };
    const joined = merge(project, newer);
    expect(joined.revision).toBe(9);
    expect(joined.nodes.every(({ state }) => state === "crashed")).toBe(true);
  });
});

describe("cut", () => {
  it.each([
    [0, 0],
    [1, 2],
    [2, 2],
    [-1, 0],
    [-1, -1],
  ])("%i up, %i down is what the kernel would cut", (up, down) => {
    const { graph, complete } = cut(project, { focus: middle, up, down });
    expect(facts(graph)).toEqual(facts(slice(project, middle, up, down)));
    expect(complete).toBe(true);
  });

  it("tells when what is asked for is not all known", () => {
    const known = slice(project, middle, 2, 2);
    expect(cut(known, { focus: middle, up: 2, down: 2 }).complete).toBe(true);
    expect(cut(known, { focus: middle, up: 1, down: 1 }).complete).toBe(true);
    expect(cut(known, { focus: middle, up: 3, down: 2 }).complete).toBe(false);
    expect(cut(known, { focus: middle, up: -1, down: 0 }).complete).toBe(false);
    expect(cut(known, { focus: null, up: -1, down: -1 }).complete).toBe(false);
    expect(cut(known, { focus: "run:gone", up: 2, down: 2 }).complete).toBe(false);
    expect(cut(project, { focus: null, up: -1, down: -1 }).complete).toBe(true);
  });

  it("keeps the nodes that were asked for besides", () => {
    const far = project.nodes[299]!.id;
    const { graph } = cut(project, { focus: middle, up: 0, down: 0 }, new Set([far]));
    expect(graph.nodes.map(({ id }) => id)).toEqual([middle, far]);
  });
});
