// Takes the panels apart: one chunk of what two or more of them use, and one chunk a panel of the rest.
// A panel's chunk imports "ja:shared" under short names; the stub puts the other chunk's address there.
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
export const SHARED = "ja:shared";

/** Text by file name: shared.js, shared.css, and both of each kind. `smaller` minifies a module further. */
export async function chunks(kinds, entry, options, smaller) {
  const common = commonFiles(await Promise.all(kinds.map((kind) => filesOf(entry(kind), options))));
  const parts = await Promise.all(kinds.map((kind) => part(entry(kind), common, options)));
  const names = shortNames(parts.flatMap(({ uses }) => uses));
  const texts = {};
  const put = async (name, js, css) => {
    texts[`${name}.js`] = await smaller((await esbuild.transform(js, plain(options))).code);
    texts[`${name}.css`] = (
      await esbuild.transform(css, { loader: "css", minify: true, target: options.target })
    ).code;
  };
  const shared = await esbuild.build({
    ...options,
    minify: false,
    stdin: { contents: sharedEntry(names), resolveDir: here },
    outdir: here,
    write: false,
  });
  await put("shared", outputOf(shared, ".js"), outputOf(shared, ".css"));
  for (const [i, kind] of kinds.entries()) await put(kind, imported(parts[i], names), parts[i].css);
  return texts;
}

/** Every file that a panel reaches, before anything is shaken off. */
async function filesOf(entryPoint, options) {
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: [entryPoint],
    outdir: here,
    absWorkingDir: here,
    metafile: true,
    write: false,
  });
  return Object.keys(metafile.inputs).map((path) => join(here, path));
}

function commonFiles(lists) {
  const times = new Map();
  for (const list of lists) for (const path of list) times.set(path, (times.get(path) ?? 0) + 1);
  return new Set([...times].filter(([, count]) => count > 1).map(([path]) => path));
}

/** A panel without what is common: its module, unminified, its style sheet, and what it uses of the common files. */
async function part(entryPoint, common, options) {
  const uses = [];
  const outside = {
    name: "common",
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === "found" || rest.kind === "entry-point") return undefined;
        const found = await build.resolve(path, { ...rest, pluginData: "found" });
        if (found.errors.length > 0 || !common.has(found.path)) return found;
        if (found.path.endsWith(".css")) return { path: found.path, namespace: "nothing" };
        return { path: `ja:${found.path}`, external: true, sideEffects: false };
      });
      build.onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "", loader: "css" }));
    },
  };
  const built = await esbuild.build({
    ...options,
    minify: false,
    inject: [join(here, "src", "shared", "h.ts")],
    entryPoints: [entryPoint],
    outdir: here,
    write: false,
    plugins: [...(options.plugins ?? []), outside],
  });
  const code = outputOf(built, ".js").replace(IMPORT, (_, specifiers, path) => {
    for (const each of specifiers.split(",")) {
      const [name, local = name] = each.trim().split(" as ");
      if (name) uses.push({ path, name, local });
    }
    return "";
  });
  if (/^import\b/m.test(code))
    throw new Error(`${relative(here, entryPoint)}: an import of a form that is not expected`);
  return { code, css: outputOf(built, ".css"), uses };
}

const IMPORT = /^import \{([^}]*)\} from "ja:([^"]*)";\n/gm;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** A short name for everything that is used, in an order that does not change from build to build. */
function shortNames(uses) {
  const keys = [...new Set(uses.map(({ path, name }) => `${path}\n${name}`))].sort();
  const size = LETTERS.length;
  return new Map(
    keys.map((key, i) => [key, (i < size ? "" : LETTERS[Math.floor(i / size) - 1]) + LETTERS[i % size]]),
  );
}

function sharedEntry(names) {
  const lines = [...names].map(([key, short]) => {
    const [path, name] = key.split("\n");
    return `export { ${name} as ${short} } from ${JSON.stringify(path)};`;
  });
  return lines.join("\n");
}

function imported({ code, uses }, names) {
  const specifiers = uses.map(({ path, name, local }) => `${names.get(`${path}\n${name}`)} as ${local}`);
  return `import { ${specifiers.join(", ")} } from "${SHARED}";\n${code}`;
}

function outputOf(built, ending) {
  return built.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
}

function plain({ target, charset, legalComments }) {
  return { target, charset, legalComments, minify: true, format: "esm", loader: "js" };
}
