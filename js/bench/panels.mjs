// Builds the contenders of tests/benchmarks/bench_panels.py into a folder and tells their sizes as JSON.
// `node panels.mjs FOLDER`; the libraries are installed here (npm ci), none of them is in what ships.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { bundle, entry, kinds, options } from "../build.mjs";

const SIZES = {
  cytoscape: 'export { default } from "cytoscape";',
  "sigma + graphology": 'export { default } from "sigma"; export { default as Graph } from "graphology";',
  "AG Grid community":
    'export { createGrid, ModuleRegistry, InfiniteRowModelModule } from "ag-grid-community";',
  "hightable + React": 'export { default } from "hightable"; export { createRoot } from "react-dom/client";',
  "@tanstack/virtual-core": 'export * from "@tanstack/virtual-core";',
  "@lumino/datagrid":
    'export { DataGrid, DataModel } from "@lumino/datagrid"; export { Widget } from "@lumino/widgets";',
  dagre: 'export { graphlib, layout } from "@dagrejs/dagre";',
  elk: 'export { default } from "elkjs/lib/elk.bundled.js";',
  "d3-dag": 'export * from "d3-dag";',
};
const here = import.meta.dirname;
const target = process.argv[2];
const common = { ...options, format: "esm", inject: [], write: false, loader: { ".css": "empty" } };

mkdirSync(target, { recursive: true });
for (const name of readdirSync(join(here, "panels"))) {
  if (name === "shared.mjs") continue;
  const ours = name.endsWith("-ours.mjs");
  const built = await esbuild.build({
    ...common,
    ...(ours ? { inject: options.inject, loader: {} } : { loader: { ".css": "text" } }),
    entryPoints: [join(here, "panels", name)],
    outdir: target,
    format: "iife",
    globalName: "contender",
  });
  for (const { path, text } of built.outputFiles) writeFileSync(path, text);
}

const size = (text) => [Buffer.byteLength(text), gzipSync(text, { level: 9 }).length];
const sizes = {};
for (const kind of kinds()) {
  const texts = await bundle([entry(kind)]);
  sizes[`ours: ${kind}, whole`] = size(texts[`${kind}.js`]);
}
for (const [name, contents] of Object.entries(SIZES)) {
  const built = await esbuild.build({ ...common, stdin: { contents, resolveDir: here } });
  sizes[name] = size(built.outputFiles[0].text);
}
process.stdout.write(JSON.stringify(sizes));
