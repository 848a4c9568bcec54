// Takes the panels apart into chunks: what panels share, what only some of them or their pieces share ("more"), a chunk
// a panel of the rest, and one of its pieces, which come after its first drawing. A chunk imports those before it as
// "ja:0", "ja:1", ... under short names; the stub puts their addresses there.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Text by file name: shared.js, shared.css, both of "more", of each kind and of each kind's pieces ("KIND-later"), and
 * chunks.json, which says what each kind is made of, first and later. `smaller` minifies a module further.
 */
export async function chunks(kinds, entry, options, smaller) {
  const panels = await Promise.all(kinds.map((kind) => read(kind, entry(kind), options)));
  const first = timesReached(panels.map((panel) => panel.first));
  const ever = timesReached(panels.map((panel) => new Set([...panel.first, ...panel.later])));
  const most = (path) => first.get(path) > (FEW.test(path) ? kinds.length / 2 : 0) && ever.get(path) > 1;
  const some = (path) => most(path) || ever.get(path) > 1;
  const isMore = ([key]) => !most(pathOf(key));

  for (const panel of panels) {
    const mine = (path) => some(path) || panel.first.has(path);
    panel.pieces = panel.from && (await part({ entryPoints: [panel.from] }, mine, options));
    const lent = (panel.pieces?.uses ?? []).filter(({ path }) => !some(path));
    panel.names = shortNames(lent);
    panel.own = await part(exporting([...panel.names], panel.entry), some, options);
  }
  const used = panels.flatMap(({ own, pieces }) => [...own.uses, ...(pieces?.uses ?? [])]);
  const common = used.filter(({ path }) => some(path));
  const more = (names) => part(exporting([...names].filter(isMore)), most, options);
  const names = shortNames([...common, ...(await more(shortNames(common))).uses]);
  const inner = await more(names);
  const shared = await part(
    exporting([...names].filter((each) => !isMore(each))),
    () => false,
    options,
    "jsx.ts",
  );

  const texts = {};
  const put = async (name, js, css) => {
    texts[`${name}.js`] = await smaller((await esbuild.transform(js, plain(options))).code);
    const sheet = { loader: "css", minify: true, target: options.target };
    texts[`${name}.css`] = (await esbuild.transform(css, sheet)).code;
  };
  await put("shared", shared.code, shared.css);
  const inMore = (path) => some(path) && !most(path);
  await put(
    "more",
    imported(inner, ["shared"], () => ["shared", names]),
    inner.css,
  );
  const made = {};
  for (const { kind, own, pieces, names: lent } of panels) {
    const wants = (given) => (given?.uses.some(({ path }) => inMore(path)) ? ["more"] : []);
    const now = ["shared", ...wants(own), kind];
    const later = pieces ? [...wants(pieces).filter((each) => !now.includes(each)), `${kind}-later`] : [];
    made[kind] = { now, later };
    const home = (path) => (most(path) ? ["shared", names] : some(path) ? ["more", names] : [kind, lent]);
    await put(kind, imported(own, now, home), own.css);
    if (pieces) await put(`${kind}-later`, imported(pieces, [...now, ...later], home), pieces.css);
  }
  texts["chunks.json"] = JSON.stringify(made);
  return texts;
}

const pathOf = (key) => key.split("\n")[0];

/** A panel's files: those of its first drawing, those of its pieces. */
async function read(kind, entry, options) {
  const from = join(here, "src", kind, "pieces.ts");
  const has = existsSync(from);
  return {
    kind,
    entry,
    from: has ? from : null,
    first: new Set(await filesOf(entry, options)),
    later: new Set(has ? await filesOf(from, options) : []),
  };
}

/** Entries name their pieces for bundles that are whole; here the stub brings them. */
const apart = {
  name: "apart",
  setup(build) {
    build.onLoad({ filter: /[\\/]entries[\\/]\w+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/^ {2}pieces: .*\n/m, ""),
      loader: "ts",
    }));
  },
};

/** Every file that an entry reaches, before anything is shaken off. */
async function filesOf(entryPoint, options) {
  const { metafile } = await esbuild.build({
    ...options,
    entryPoints: [entryPoint],
    outdir: here,
    absWorkingDir: here,
    plugins: [...options.plugins, apart],
    metafile: true,
    write: false,
  });
  return Object.keys(metafile.inputs).map((path) => join(here, path));
}

/** What panels about versions share, and trees: it would weigh on all others. */
const FEW = /[\\/]shared[\\/](?:detail|diff|tree\.ts|ui[\\/](?:FileTable|MetadataTree|TreeGrid))/;

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
    plugins: [...options.plugins, apart, outside],
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

/** What esbuild is given for a chunk that offers names, beside its entry's default. */
function exporting(names, entry) {
  const lines = names.map(([key, short]) => {
    const [path, name] = key.split("\n");
    return `export { ${name} as ${short} } from ${JSON.stringify(path)};`;
  });
  if (entry) lines.push(`export { default } from ${JSON.stringify(entry)};`);
  return { stdin: { contents: lines.join("\n"), resolveDir: here } };
}

/** A module with its imports: `home` says for a file which chunk offers it, and under which names. */
function imported({ code, uses }, before, home) {
  const lines = before.map((chunk, i) => {
    const specifiers = uses.flatMap(({ path, name, local }) => {
      const [holder, names] = home(path);
      return holder === chunk ? [`${names.get(`${path}\n${name}`)} as ${local}`] : [];
    });
    return specifiers.length > 0 ? `import { ${specifiers.join(", ")} } from "ja:${i}";\n` : "";
  });
  return lines.join("") + code;
}

function outputOf(built, ending) {
  return built.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
}

function plain({ target, charset, legalComments }) {
  return { target, charset, legalComments, minify: true, format: "esm", loader: "js" };
}
