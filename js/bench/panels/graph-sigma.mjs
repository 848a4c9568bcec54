import Graph from "graphology";
import Sigma from "sigma";
import { drawn, graph } from "./shared.mjs";

export async function start(root, size) {
  const { nodes, edges } = graph(size);
  const begin = performance.now();
  const made = new Graph({ multi: true });
  nodes.forEach(({ label, x, y }, i) => {
    made.addNode(`n${i}`, { label, x, y: -y, size: 6 });
  });
  for (const [a, b] of edges) made.addEdge(`n${a}`, `n${b}`);
  const renderer = new Sigma(made, root, { defaultEdgeType: "arrow" });
  await drawn();
  const first = performance.now() - begin;
  const camera = renderer.getCamera();
  camera.setState({ ratio: 0.2 });
  return {
    first,
    step: (i) => camera.setState({ x: 0.5 + 0.1 * Math.sin(i / 8), y: 0.5 + 0.03 * Math.cos(i / 8) }),
  };
}
