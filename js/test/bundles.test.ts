// What reaches the page, measured on what is built: few bytes, nothing from elsewhere, no rule that leaks.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { all, kinds, options } from "../build.mjs";

type Limits = { js: number; css?: number };
const BUDGET: Record<string, Limits> & { each: Limits; first: Limits; together: Limits } = JSON.parse(
  readFileSync(new URL("../budget.json", import.meta.url), "utf8"),
);
/** XML namespaces are names, not places: nothing is loaded from them. */
const NAMESPACE =
  /^http:\/\/www\.w3\.org\/(?:1999\/xhtml|1999\/xlink|2000\/svg|1998\/Math\/MathML|2000\/xmlns\/)/;
const NAMES = ["shared", "more", ...kinds(), ...kinds().map((kind) => `${kind}-later`)];

let texts: Record<string, string>;
const text = (file: string) => texts[file] ?? "";

beforeAll(async () => {
  texts = await all();
}, 240_000);

const made = (kind: string): { now: string[]; later: string[] } => JSON.parse(text("chunks.json"))[kind];
const size = (text: string) => Buffer.byteLength(text);

it("has a chunk of each panel, and no panel more than it needs", () => {
  expect(kinds()).toEqual(["artifact", "card", "diff", "examples", "lineage", "run", "table"]);
  expect(Object.keys(texts).sort()).toEqual(
    ["chunks.json", "stub.js", ...NAMES.flatMap((name) => [`${name}.css`, `${name}.js`])].sort(),
  );
  expect(made("card")).toEqual({ now: ["shared", "card"], later: ["more", "card-later"] });
});

it("keeps the budget", () => {
  const whole = (ending: string) =>
    Object.keys(texts)
      .filter((name) => name.endsWith(ending))
      .map(text)
      .join("");
  const { "chunks.json": list, ...weighed } = texts;
  expect(list).toBeTruthy();
  const rows = Object.entries({ ...weighed, "together.js": whole(".js"), "together.css": whole(".css") });
  const table = rows.map(([name, text]) => {
    const [part = "", kind = "js"] = name.split(".");
    const limit = (BUDGET[part] ?? BUDGET.each)[kind as keyof Limits] ?? 0;
    return { name, bytes: size(text), limit, gzip: gzipSync(text, { level: 9 }).length };
  });
  const lines = table.map(
    (row) => `${row.name.padEnd(16)}${String(row.bytes).padStart(8)} of ${row.limit}  gzip ${row.gzip}`,
  );
  process.stdout.write(`\n${lines.join("\n")}\n`);
  for (const kind of kinds()) {
    const first = made(kind).now.reduce((sum, name) => sum + size(text(`${name}.js`)), 0);
    expect(first, `${kind}, first drawn`).toBeLessThanOrEqual(BUDGET.first.js);
  }
  expect(table.filter((row) => row.bytes > row.limit)).toEqual([]);
});

describe.each(NAMES)("%s", (name) => {
  it("names no address", () => {
    const found =
      `${text(`${name}.js`)}${text(`${name}.css`)}`.match(/\b(?:https?|wss?):\/\/[^\s"'`)]*/g) ?? [];
    expect(found.filter((address) => !NAMESPACE.test(address))).toEqual([]);
  });

  it("loads nothing and runs no text", () => {
    const reach =
      /\b(?:fetch|importScripts|import|XMLHttpRequest|WebSocket|EventSource|eval|Function)\s*\(|@import|sourceMappingURL/;
    expect(text(`${name}.js`)).not.toMatch(reach);
    expect(text(`${name}.css`)).not.toMatch(/@import|url\(/);
  });

  it("has no rule that reaches out of a panel", () => {
    expect(
      outerSelectors(text(`${name}.css`)).filter((selector) => !/^\.ja(?![\w-])/.test(selector)),
    ).toEqual([]);
  });

  it("imports chunks that come before it, and nothing else", () => {
    const imports = text(`${name}.js`).match(/\b(?:import|export\s*\*)[^;]*?"[^"]*"/g) ?? [];
    const places = imports.map((each) => /"ja:(\d)"$/.exec(each)?.[1] ?? each).map(Number);
    expect(places.length > 0).toBe(name !== "shared");
    const lists = kinds().map((kind) => [...made(kind).now, ...made(kind).later]);
    const before = lists.filter((list) => list.includes(name)).map((list) => list.indexOf(name));
    expect(before.length).toBeGreaterThan(0);
    expect(places.filter((place) => !(place < Math.min(...before)))).toEqual([]);
  });
});

it("has the shared style sheet in one place", () => {
  const holders = NAMES.filter((name) => text(`${name}.css`).includes("--ja-bg:"));
  expect(holders).toEqual(["shared"]);
});

describe.each(kinds())("%s, put together as the stub does it", (kind) => {
  it("is a module whose default makes a widget", async () => {
    const address = (code: string) => `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
    const { now, later } = made(kind);
    const urls: string[] = [];
    for (const name of [...now, ...later])
      urls.push(address(text(`${name}.js`).replace(/ja:(\d)/g, (_, place) => urls[place] as string)));
    const load = (at: number): Promise<object> => import(/* @vite-ignore */ urls[at] as string);
    const module = (await load(now.length - 1)) as { default(): Record<string, unknown> };
    expect(Object.keys(module.default()).sort()).toEqual(["initialize", "render"]);
    const pieces = Object.values(await load(urls.length - 1));
    expect(pieces.length).toBeGreaterThan(0);
    expect(pieces.filter((each) => typeof each !== "function")).toEqual([]);
  });
});

/** The selectors of a style sheet that stand at its outermost level. */
function outerSelectors(css: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < css.length; i++) {
    if (css[i] === "{" && depth++ === 0) found.push(css.slice(start, i).trim());
    if (css[i] === "}" && --depth === 0) start = i + 1;
  }
  return found;
}

it("does not depend on the order in which the kinds' style sheets come into the page, and none is for another", () => {
  const root = new URL("../src/", import.meta.url);
  const shared: Record<string, RegExp> = {
    "shared/base.css": /^\.ja(\.ja)? /,
    "shared/controls.css": /^\.ja /,
    "shared/marks.css": /^\.ja /,
    "shared/ui/parts.css": /^\.ja\.ja /,
    "shared/detail/detail.css": /^\.ja\.ja\.ja /,
    "shared/diff/diff.css": /^\.ja\.ja\.ja /,
  };
  for (const path of readdirSync(root, { recursive: true })
    .map(String)
    .filter((each) => each.endsWith(".css"))) {
    const text = readFileSync(new URL(path, root), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
    const wanted = shared[path] ?? new RegExp(`^\\.ja\\.ja\\.ja-${path.split("/")[0]} `);
    expect(
      outerSelectors(text).filter((selector) => !wanted.test(`${selector} `)),
      path,
    ).toEqual([]);
  }
});

it("is written for the browsers that hosts use", () => {
  const { target } = JSON.parse(
    readFileSync(new URL("../tsconfig.json", import.meta.url), "utf8"),
  ).compilerOptions;
  expect(options.target).toBe(target.toLowerCase());
});
