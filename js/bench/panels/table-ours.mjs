import { snapshot, tableKernel } from "../../dev/fixtures/table";
import table from "../../src/entries/table";
import { DELAY, draw, drawn, until } from "./shared.mjs";

export async function start(root, rows) {
  const kernel = tableKernel(rows);
  const shown = snapshot(rows, 50);
  const begin = performance.now();
  await draw(table, "table", { snapshot: shown, kernel, delay: DELAY }, root);
  const grid = await until(() => root.querySelector("tbody tr")?.closest("[role=grid]"));
  await drawn();
  return { first: performance.now() - begin, box: root.querySelector(".ja-scroll"), grid };
}
