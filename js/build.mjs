// Builds one self-contained module and one style sheet a panel, into the Python package.
// `node build.mjs --watch` rebuilds on change (with ANYWIDGET_HMR=1 the notebook reloads them).
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const entries = join(here, "src", "entries");
/** The prebuilt JupyterLab extension, as it lies under share/jupyter/labextensions/jupyter-artifacts. */
export const labdir = join(here, "..", "jupyter_artifacts", "labextension");
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
 * Builds files, or one text, without writing: the text of each bundle by its file name. esbuild bundles, terser then takes
 * off another 2 % (4 % of the gzipped size), which every panel in a notebook would carry.
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
  return less;
}

/** The extension's one script: its style sheet is a text in it. */
export async function labextension() {
  const remote = join(here, "labext", "remote.ts");
  const build = (css) =>
    esbuild.build({
      ...options,
      entryPoints: [remote],
      format: "iife",
      define: { JA_CSS: JSON.stringify(css) },
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

async function main() {
  mkdirSync(outdir, { recursive: true });
  const names = kinds();
  for (const old of readdirSync(outdir)) {
    if (/\.(js|css)$/.test(old) && !names.includes(old.replace(/\.(js|css)$/, ""))) rmSync(join(outdir, old));
  }
  if (process.argv.includes("--watch")) {
    const settings = { ...options, entryPoints: names.map(entry), outdir, minify: false, logLevel: "info" };
    await (await esbuild.context(settings)).watch();
    return;
  }
  for (const [name, text] of Object.entries(await bundle(names.map(entry))))
    writeFileSync(join(outdir, name), text);
  await writeLabextension();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
