import type { Edge } from "../../src/lineage/layout";
import type { Graph, GraphNode } from "../../src/shared/protocol.gen";
import { generate, mulberry } from "./generate";

/** Any graph at all: cycles, loops and repeated edges included. */
export function randomGraph(seed: number, most = 40): { count: number; edges: Edge[] } {
  const draw = mulberry(seed);
  const count = 1 + Math.floor(draw() * most);
  const edges: Edge[] = [];
  for (let i = Math.floor(draw() * 2.5 * count); i > 0; i--) {
    const from = Math.floor(draw() * count);
    edges.push([from, Math.floor(draw() * count)]);
    if (draw() < 0.1) edges.push([from, Math.floor(draw() * count)], [from, from]);
  }
  return {
    count,
    edges: draw() < 0.5 ? edges.map(([a, b]): Edge => [Math.min(a, b), Math.max(a, b)]) : edges,
  };
}

/** A node without anything remarkable. */
export function nodeOf(
  kind: GraphNode["kind"],
  id: string,
  type: string,
  label: string,
  more: Partial<GraphNode> = {},
): GraphNode {
  const plain = { state: "", aliases: [], stale: "", created: 0, size: 0, more_up: 0, more_down: 0 };
  return { id, kind, type, label, ...plain, ...more };
}

/** A whole project. */
export function projectOf(nodes: GraphNode[], edges: number[][]): Graph {
  const whole = { level: "exploded", focus: null, up: -1, down: -1 } as const;
  return { nodes, edges, ...whole, groups: [], total: nodes.length, revision: 1 };
}

/** A graph from "a>b" lines; ids that start with "r" are runs, and the type is the first letters. */
export function graphOf(...lines: string[]): Graph {
  const ids = [...new Set(lines.flatMap((line) => line.split(">")))];
  const nodes = ids.map((id): GraphNode => {
    const kind = id.startsWith("r") ? "run" : "artifact";
    return nodeOf(kind, id, id.replace(/[^a-z]/g, ""), id);
  });
  const edges = lines
    .filter((line) => line.includes(">"))
    .map((line) => line.split(">").map((id) => ids.indexOf(id)));
  return projectOf(nodes, edges);
}

/** Crossings between lines, by looking at every pair of segments. */
export function crossings(lines: readonly (readonly number[])[]): number {
  const segments = lines.flatMap((points, line) => {
    const found: (readonly [number, number, number, number, number])[] = [];
    for (let i = 0; i + 3 < points.length; i += 2) {
      found.push([points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!, line]);
    }
    return found;
  });
  segments.sort((a, b) => a[0] - b[0]);
  let total = 0;
  for (let i = 0; i < segments.length; i++) {
    const a = segments[i]!;
    for (let j = i + 1; j < segments.length && segments[j]![0] < a[2]; j++) {
      const b = segments[j]!;
      if (a[4] !== b[4] && cross(a, b)) total++;
    }
  }
  return total;
}

type Segment = readonly [number, number, number, number, number];

function cross(a: Segment, b: Segment): boolean {
  const side = (s: Segment, x: number, y: number) => (s[2] - s[0]) * (y - s[1]) - (s[3] - s[1]) * (x - s[0]);
  return (
    side(a, b[0], b[1]) * side(a, b[2], b[3]) < -1e-6 && side(b, a[0], a[1]) * side(b, a[2], a[3]) < -1e-6
  );
}

/** A generated project as the layout takes it. */
export function pairs(size: number): { count: number; edges: Edge[] } {
  const graph = generate(size);
  return { count: graph.nodes.length, edges: graph.edges as unknown as Edge[] };
}
