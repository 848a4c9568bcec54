// One function a library: from a graph to boxes and lines. Sizes and gaps are the same for all.
import { load } from "./load.mjs";

const { layout, GAP_X, GAP_Y, HEIGHT, WIDTH } = await load();

const box = (x, y) => ({ left: x - WIDTH / 2, right: x + WIDTH / 2, y });
const flat = (points) => points.flatMap(({ x, y }) => [x, y]);
const range = (count) => Array.from({ length: count }, (_, i) => i);

async function ours() {
  return (count, edges) => {
    const { x, y, routes } = layout(count, edges);
    return { boxes: range(count).map((v) => box(x[v], y[v])), lines: routes.map(({ points }) => points) };
  };
}

function dagre(ranker) {
  return async () => {
    const { graphlib, layout } = (await import("@dagrejs/dagre")).default;
    return (count, edges) => {
      const graph = new graphlib.Graph();
      graph.setGraph({ rankdir: "LR", nodesep: GAP_Y, ranksep: GAP_X, edgesep: 8, ranker });
      graph.setDefaultEdgeLabel(() => ({}));
      for (const v of range(count)) graph.setNode(String(v), { width: WIDTH, height: HEIGHT });
      for (const [a, b] of edges) graph.setEdge(String(a), String(b));
      layout(graph);
      return {
        boxes: range(count).map((v) => box(graph.node(String(v)).x, graph.node(String(v)).y)),
        lines: edges.map(([a, b]) => flat(graph.edge(String(a), String(b)).points)),
      };
    };
  };
}

async function elk() {
  const { default: ELK } = await import("elkjs/lib/elk.bundled.js");
  const engine = new ELK();
  return async (count, edges) => {
    const graph = await engine.layout({
      id: "root",
      layoutOptions: {
        "elk.algorithm": "layered",
        "elk.direction": "RIGHT",
        "elk.edgeRouting": "POLYLINE",
        "elk.spacing.nodeNode": String(GAP_Y),
        "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP_X),
      },
      children: range(count).map((v) => ({ id: String(v), width: WIDTH, height: HEIGHT })),
      edges: edges.map(([a, b], i) => ({ id: `e${i}`, sources: [String(a)], targets: [String(b)] })),
    });
    const nodes = new Map(graph.children.map((node) => [node.id, node]));
    const lines = new Map(
      graph.edges.map(({ id, sections: [{ startPoint, bendPoints = [], endPoint }] }) => [
        id,
        flat([startPoint, ...bendPoints, endPoint]),
      ]),
    );
    return {
      boxes: range(count).map((v) => {
        const { x, y } = nodes.get(String(v));
        return box(x + WIDTH / 2, y + HEIGHT / 2);
      }),
      lines: edges.map((_, i) => lines.get(`e${i}`)),
    };
  };
}

async function d3dag() {
  const d3 = await import("d3-dag");
  // d3-dag draws from top to bottom: width and height change places, and so do x and y.
  const draw = d3
    .sugiyama()
    .layering(d3.layeringSimplex())
    .decross(d3.decrossTwoLayer())
    .coord(d3.coordGreedy())
    .nodeSize([HEIGHT, WIDTH])
    .gap([GAP_Y, GAP_X]);
  return (count, edges) => {
    const graph = d3.graph();
    const nodes = range(count).map((v) => graph.node(v));
    const links = edges.map(([a, b]) => graph.link(nodes[a], nodes[b]));
    draw(graph);
    return {
      boxes: nodes.map(({ x, y }) => box(y, x)),
      lines: links.map(({ points }) => points.flatMap(([x, y]) => [y, x])),
    };
  };
}

export const LIBRARIES = {
  ours,
  "dagre, simplex": dagre("network-simplex"),
  "elk layered": elk,
  "d3-dag, two-layer": d3dag,
};
