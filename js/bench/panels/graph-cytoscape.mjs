import cytoscape from "cytoscape";
import { drawn, graph, SCALE } from "./shared.mjs";

export async function start(root, size) {
  const { nodes, edges, centre } = graph(size);
  const begin = performance.now();
  const cy = cytoscape({
    container: root,
    elements: [
      ...nodes.map(({ label, x, y }, i) => ({ data: { id: `n${i}`, label }, position: { x, y } })),
      ...edges.map(([a, b], i) => ({ data: { id: `e${i}`, source: `n${a}`, target: `n${b}` } })),
    ],
    layout: { name: "preset", fit: false },
    zoom: SCALE,
    pan: centre,
    style: [
      {
        selector: "node",
        style: {
          shape: "round-rectangle",
          width: 172,
          height: 44,
          label: "data(label)",
          "text-valign": "center",
        },
      },
      { selector: "edge", style: { "curve-style": "bezier", "target-arrow-shape": "triangle" } },
    ],
  });
  await drawn();
  const first = performance.now() - begin;
  return { first, step: (i) => cy.panBy({ x: 25 * Math.cos(i / 8), y: -7 * Math.sin(i / 8) }) };
}
