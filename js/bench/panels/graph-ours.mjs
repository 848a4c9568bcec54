import { lineageKernel } from "../../dev/fixtures/lineage";
import lineage from "../../src/entries/lineage";
import { draw, drawn, graph, until } from "./shared.mjs";

export async function start(root, size) {
  const { project } = graph(size);
  const begin = performance.now();
  const view = { level: "exploded", zoom: 0.4 };
  await draw(
    lineage,
    "lineage",
    { snapshot: { graph: project }, view, kernel: lineageKernel(project) },
    root,
  );
  const ask = [...root.querySelectorAll("button")].find((each) => each.textContent.startsWith("Draw all"));
  ask?.click();
  const stage = await until(() => root.querySelector(".ja-node") && root.querySelector(".ja-graph"));
  await drawn();
  const first = performance.now() - begin;
  stage.setPointerCapture = () => {};
  const { left, top } = stage.getBoundingClientRect();
  const send = (type, x, y) =>
    stage.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        clientX: left + x,
        clientY: top + y,
        pointerId: 1,
        pointerType: "mouse",
        buttons: 1,
      }),
    );
  send("pointerdown", 500, 200);
  return { first, step: (i) => send("pointermove", 500 + 200 * Math.sin(i / 8), 200 + 60 * Math.cos(i / 8)) };
}
