// Builds what panels share, what each panel has of its own, and the stub that finds them, into the Python package.
// `node build.mjs --watch` rebuilds on change; a cell that is run again then shows it, in the same kernel too.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import swc from "@swc/core";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { chunks } from "./chunks.mjs";
import { whole } from "./whole.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const entries = join(here, "src", "entries");
/** The prebuilt JupyterLab extension, as it lies under share/jupyter/labextensions/jupyter-artifacts. */
export const labdir = join(here, "..", "jupyter_artifacts", "labextension");
const dictionaries = join(here, "..", "jupyter_artifacts", "words", "ja");
export const outdir = join(here, "..", "jupyter_artifacts", "panels", "static");

/** What every bundle is built with. */
export const options = {
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "transform",
  jsxFactory: "h",
  jsxFragment: "Fragment",
  tsconfigRaw: {}, // tsconfig.json names the automatic runtime, for the type checker
  inject: [join(here, "src", "shared", "jsx.ts")],
  minify: true,
  sourcemap: false,
  splitting: false,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
  plugins: [whole],
};

/** The panels that have an entry, in the order of their names. */
export function kinds() {
  return readdirSync(entries)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -3))
    .sort();
}

export const entry = (kind) => join(entries, `${kind}.ts`);

/**
 * Builds files, or one text, without writing: the text of each bundle by its file name. esbuild bundles, terser and swc
 * then take off another 3 %, which every panel in a notebook would carry: each sees what the other does not.
 */
export async function bundle(entryPoints) {
  const given =
    typeof entryPoints === "string"
      ? { stdin: { contents: entryPoints, resolveDir: here } }
      : { entryPoints };
  const built = await esbuild.build({ ...options, ...given, outdir, write: false });
  const texts = {};
  for (const file of built.outputFiles) {
    const name = basename(file.path);
    texts[name] = name.endsWith(".js") ? await smaller(file.text) : file.text;
  }
  return texts;
}

async function smaller(code) {
  const compress = {
    passes: 3,
    unsafe_arrows: true,
    unsafe_methods: true,
    pure_getters: true,
    keep_fargs: false,
  };
  const { code: less } = await minify(code, { module: true, ecma: 2020, compress });
  return (await swc.minify(less, { module: true, ecma: 2022, compress: true, mangle: true })).code;
}

/** The Japanese words of all panels: who has no kernel has nobody to ask for them. */
export function words() {
  const files = ["shared", ...kinds()].map((name) => join(dictionaries, `${name}.json`)).filter(existsSync);
  return Object.assign({}, ...files.map((path) => JSON.parse(readFileSync(path, "utf8"))));
}

/** The extension's one script: its style sheet and the words are texts in it. */
export async function labextension() {
  const remote = join(here, "labext", "remote.ts");
  const build = (css) =>
    esbuild.build({
      ...options,
      entryPoints: [remote],
      format: "iife",
      define: { JA_CSS: JSON.stringify(css), JA_WORDS: JSON.stringify(words()) },
      outdir: labdir,
      write: false,
    });
  const text = (built, ending) => built.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  const css = text(await build(""), ".css");
  const { code } = await minify(text(await build(css), ".js"), { ecma: 2020, compress: { passes: 2 } });
  return code;
}

function version() {
  const text = readFileSync(join(here, "..", "jupyter_artifacts", "_version.py"), "utf8");
  return /__version__ = "([^"]+)"/.exec(text)?.[1] ?? "0.0.0";
}

async function writeLabextension() {
  const code = await labextension();
  const name = `remoteEntry.${createHash("sha256").update(code).digest("hex").slice(0, 12)}.js`;
  rmSync(labdir, { recursive: true, force: true });
  mkdirSync(join(labdir, "static"), { recursive: true });
  writeFileSync(join(labdir, "static", name), code);
  const facts = {
    name: "jupyter-artifacts",
    version: version(),
    description: "Draws the panels of jupyter_artifacts from what notebooks have stored; no kernel needed.",
    license: "BSD-3-Clause",
    jupyterlab: { _build: { load: `static/${name}`, mimeExtension: "./mimeExtension" } },
  };
  writeFileSync(join(labdir, "package.json"), `${JSON.stringify(facts, null, 2)}\n`);
}

/** What widgets carry in place of a module. */
export async function stub() {
  const built = await esbuild.build({
    ...options,
    inject: [],
    entryPoints: [join(here, "src", "stub.ts")],
    write: false,
  });
  return smaller(built.outputFiles[0].text);
}

/** Everything that goes into the Python package: the text of each file by its name. */
export async function all() {
  return { "stub.js": await stub(), ...(await chunks(kinds(), entry, options, smaller)) };
}

async function write() {
  const files = await all();
  mkdirSync(outdir, { recursive: true });
  for (const old of readdirSync(outdir)) if (!(old in files)) rmSync(join(outdir, old));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(outdir, name), text);
}

async function main() {
  if (process.argv.includes("--watch")) {
    const rewrite = { name: "write", setup: (build) => build.onEnd(write) };
    const settings = {
      ...options,
      entryPoints: kinds().map(entry),
      outdir,
      write: false,
      plugins: [rewrite],
    };
    await (await esbuild.context(settings)).watch();
    return;
  }
  await write();
  await writeLabextension();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
