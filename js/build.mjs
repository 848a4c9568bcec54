// Builds one self-contained module and one style sheet a panel, into the Python package.
// `node build.mjs --watch` rebuilds on change (with ANYWIDGET_HMR=1 the notebook reloads them).
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const entries = join(here, "src", "entries");
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
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
