// The plainest way: an SVG element a node and an edge, moved as one group.
import { drawn, graph, SCALE } from "./shared.mjs";

const SVG = "http://www.w3.org/2000/svg";

export async function start(root, size) {
  const { nodes, edges, centre } = graph(size);
  const begin = performance.now();
  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  };
  const svg = make("svg", { width: "100%", height: "100%" }, root);
  const all = make("g", { transform: `translate(${centre.x} ${centre.y}) scale(${SCALE})` }, svg);
  for (const [a, b] of edges) {
    const [from, to] = [nodes[a], nodes[b]];
    const d = `M${from.x + 86},${from.y}C${from.x + 120},${from.y} ${to.x - 120},${to.y} ${to.x - 86},${to.y}`;
    make("path", { d, fill: "none", stroke: "#97a1b0" }, all);
  }
  for (const { label, x, y } of nodes) {
    make(
      "rect",
      { x: x - 86, y: y - 22, width: 172, height: 44, rx: 6, fill: "#eaf1fb", stroke: "#1d54a4" },
      all,
    );
    make("text", { x: x - 78, y: y + 5, "font-size": 12 }, all).textContent = label;
  }
  await drawn();
  const first = performance.now() - begin;
  const move = (i) =>
    `translate(${centre.x + 200 * Math.sin(i / 8)} ${centre.y + 60 * Math.cos(i / 8)}) scale(${SCALE})`;
  return { first, step: (i) => all.setAttribute("transform", move(i)) };
}
