// Builds one self-contained module and one style sheet a panel, into the Python package.
// `node build.mjs --watch` rebuilds on change (with ANYWIDGET_HMR=1 the notebook reloads them).
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const entries = join(here, "src", "entries");
export const outdir = join(here, "..", "jupyter_artifacts", "panels", "static");

/** What every bundle is built with: the tests build the five in one with the same. */
export const options = {
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  sourcemap: false,
  splitting: false,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

/** The panels that have an entry, in the order of their names. */
export function kinds() {
  return readdirSync(entries)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -3))
    .sort();
}

async function main() {
  mkdirSync(outdir, { recursive: true });
  const names = kinds();
  for (const old of readdirSync(outdir)) {
    if (/\.(js|css)$/.test(old) && !names.includes(old.replace(/\.(js|css)$/, ""))) rmSync(join(outdir, old));
  }
  const settings = { ...options, entryPoints: names.map((name) => join(entries, `${name}.ts`)), outdir };
  if (process.argv.includes("--watch")) {
    const context = await esbuild.context({ ...settings, minify: false, logLevel: "info" });
    await context.watch();
    return;
  }
  await esbuild.build(settings);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
