import { createGrid, InfiniteRowModelModule, ModuleRegistry } from "ag-grid-community";
import { COLUMNS, drawn, page, until } from "./shared.mjs";

ModuleRegistry.registerModules([InfiniteRowModelModule]);

export async function start(root, rows) {
  const begin = performance.now();
  createGrid(root, {
    columnDefs: COLUMNS.map((field) => ({ field })),
    rowModelType: "infinite",
    cacheBlockSize: 100,
    datasource: {
      rowCount: rows,
      getRows: ({ startRow, endRow, successCallback }) =>
        page(startRow, endRow).then((found) => successCallback(found, rows)),
    },
  });
  await until(() => root.textContent.includes("artifact-0"));
  await drawn();
  return { first: performance.now() - begin, grid: root.querySelector("[role=grid],[role=treegrid]") };
}
