import { examplesKernel, examplesSnapshot, items } from "../../dev/fixtures/examples";
import examples from "../../src/entries/examples";
import { DELAY, draw, drawn, until } from "./shared.mjs";

export async function start(root, count) {
  const all = items(count);
  const snapshot = examplesSnapshot(all);
  const begin = performance.now();
  await draw(examples, "examples", { snapshot, kernel: examplesKernel(all), delay: DELAY }, root);
  await until(() => root.querySelector(".ja-tile-image")?.style.backgroundImage);
  await drawn();
  const first = performance.now() - begin;
  return {
    first,
    bytes: JSON.stringify(snapshot).length,
    box: root.querySelector(".ja-tiles, [role=grid]"),
    grid: null,
  };
}
