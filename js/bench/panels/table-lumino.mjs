import { DataGrid, DataModel } from "@lumino/datagrid";
import { Widget } from "@lumino/widgets";
import { COLUMNS, drawn, page } from "./shared.mjs";

const PAGE = 100;

class Rows extends DataModel {
  #pages = new Map();
  constructor(rows, arrived) {
    super();
    this.rows = rows;
    this.arrived = arrived;
  }
  rowCount(region) {
    return region === "body" ? this.rows : 1;
  }
  columnCount(region) {
    return region === "body" ? COLUMNS.length : 0;
  }
  data(region, row, column) {
    if (region !== "body") return COLUMNS[column] ?? "";
    const at = Math.floor(row / PAGE);
    if (!this.#pages.has(at)) {
      this.#pages.set(at, null);
      page(at * PAGE, at * PAGE + PAGE).then((found) => {
        this.#pages.set(at, found);
        const region = {
          region: "body",
          row: at * PAGE,
          column: 0,
          rowSpan: PAGE,
          columnSpan: COLUMNS.length,
        };
        this.emitChanged({ type: "cells-changed", ...region });
        this.arrived();
      });
    }
    return this.#pages.get(at)?.[row % PAGE]?.[COLUMNS[column]] ?? "";
  }
}

export async function start(root, rows) {
  const begin = performance.now();
  const grid = new DataGrid({
    defaultSizes: { rowHeight: 28, columnWidth: 120, rowHeaderWidth: 64, columnHeaderHeight: 28 },
  });
  let tell = () => {};
  const came = new Promise((done) => {
    tell = done;
  });
  grid.dataModel = new Rows(rows, tell);
  root.style.cssText += ";display:flex";
  grid.node.style.cssText = "flex:1;min-height:400px";
  Widget.attach(grid, root);
  await came;
  await drawn();
  return { first: performance.now() - begin, by: (pixels) => grid.scrollBy(0, pixels), grid: null };
}
