// Takes the panels apart into chunks, each of which imports the one before it as "ja:shared" under short names (the
// stub puts its address there): what panels share, what those about versions share, and a chunk a panel of the rest.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
export const SHARED = "ja:shared";

/**
 * Text by file name: shared.js, shared.css, both of "more" and of each kind, and chunks.json, which says what each
 * kind is made of. `smaller` minifies a module further.
 */
export async function chunks(kinds, entry, options, smaller) {
  const times = timesReached(await Promise.all(kinds.map((kind) => filesOf(entry(kind), options))));
  const most = (path) => times.get(path) > (FEW.test(path) ? kinds.length / 2 : 1);
  const some = (path) => times.get(path) > 1;
  const few = ([key]) => !most(pathOf(key));
  const parts = await Promise.all(kinds.map((kind) => part({ entryPoints: [entry(kind)] }, some, options)));
  const used = parts.flatMap(({ uses }) => uses);
  const more = (names) => part(exporting([...names].filter(few)), most, options);
  const names = shortNames([...used, ...(await more(shortNames(used))).uses]);
  const inner = await more(names);
  const shared = await part(
    exporting([...names].filter((each) => !few(each))),
    () => false,
    options,
    "jsx.ts",
  );

  const made = kinds.map((kind, i) => {
    const wants = parts[i].uses.some(({ path }) => !most(path));
    return [kind, wants ? ["shared", "more", kind] : ["shared", kind]];
  });
  const texts = { "chunks.json": JSON.stringify(Object.fromEntries(made)) };
  const put = async (name, js, css) => {
    texts[`${name}.js`] = await smaller((await esbuild.transform(js, plain(options))).code);
    const sheet = { loader: "css", minify: true, target: options.target };
    texts[`${name}.css`] = (await esbuild.transform(css, sheet)).code;
  };
  await put("shared", shared.code, shared.css);
  await put("more", `export * from "${SHARED}";\n${imported(inner, names)}`, inner.css);
  for (const [i, kind] of kinds.entries()) await put(kind, imported(parts[i], names), parts[i].css);
  return texts;
}

const pathOf = (key) => key.split("\n")[0];

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

/** Rooms of what only some panels share, those about versions: it would weigh on all others. */
const FEW = /[\\/]shared[\\/](?:detail|diff)[\\/]/;

/** How many panels reach each file. */
function timesReached(lists) {
  const times = new Map();
  for (const list of lists) for (const path of list) times.set(path, (times.get(path) ?? 0) + 1);
  return times;
}

/** A panel without what is common: its module, unminified, its style sheet, and what it uses of the common files. */
async function part(given, common, options, inject = "h.ts") {
  const uses = [];
  const outside = {
    name: "common",
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === "found" || rest.kind === "entry-point") return undefined;
        const found = await build.resolve(path, { ...rest, pluginData: "found" });
        if (found.errors.length > 0 || !common(found.path)) return found;
        if (found.path.endsWith(".css")) return { path: found.path, namespace: "nothing" };
        return { path: `ja:${found.path}`, external: true, sideEffects: false };
      });
      build.onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "", loader: "css" }));
    },
  };
  const built = await esbuild.build({
    ...options,
    minify: false,
    inject: [join(here, "src", "shared", inject)],
    ...given,
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
  if (/^import\b/m.test(code)) throw new Error("a chunk has an import of a form that is not expected");
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

/** What esbuild is given for a chunk that offers names. */
function exporting(names) {
  const lines = names.map(([key, short]) => {
    const [path, name] = key.split("\n");
    return `export { ${name} as ${short} } from ${JSON.stringify(path)};`;
  });
  return { stdin: { contents: lines.join("\n"), resolveDir: here } };
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
