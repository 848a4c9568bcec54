import HighTable from "hightable";
import css from "hightable/src/HighTable.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { COLUMNS, drawn, page, until } from "./shared.mjs";

const PAGE = 100;

export async function start(root, rows) {
  const begin = performance.now();
  const pages = new Map();
  const eventTarget = new EventTarget();
  const load = async (at) => {
    pages.set(at, null);
    pages.set(at, await page(at * PAGE, at * PAGE + PAGE));
    eventTarget.dispatchEvent(new CustomEvent("resolve"));
  };
  const data = {
    columnDescriptors: COLUMNS.map((name) => ({ name })),
    numRows: rows,
    eventTarget,
    getRowNumber: ({ row }) => ({ value: row }),
    getCell: ({ row, column }) => {
      const found = pages.get(Math.floor(row / PAGE))?.[row % PAGE];
      return found && { value: found[column] };
    },
    fetch: async ({ rowStart, rowEnd }) => {
      const wanted = [];
      for (let at = Math.floor(rowStart / PAGE); at * PAGE < rowEnd; at++)
        if (!pages.has(at)) wanted.push(load(at));
      await Promise.all(wanted);
    },
  };
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  root.style.cssText += ";display:flex;flex-direction:column";
  createRoot(root).render(createElement(HighTable, { data, styled: true, focus: false }));
  await until(() => root.textContent.includes("artifact-0"));
  await drawn();
  return { first: performance.now() - begin, grid: root.querySelector("[role=grid],table") };
}
