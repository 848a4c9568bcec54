import { Worker as Thread } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { all, bundle } from "../../build.mjs";
import { layout } from "../../src/lineage/layout";
import { pairs } from "./graphs";

/** A page's worker, played by a thread of Node's that is given the same script. */
class FakeWorker {
  static made: FakeWorker[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: (event: { message: string; preventDefault(): void }) => void = () => {};
  ended = false;
  #thread: Promise<Thread>;

  constructor(url: string) {
    FakeWorker.made.push(this);
    const page = `const {parentPort: p} = require("node:worker_threads");
      const postMessage = (data) => p.postMessage(data);
      let onmessage; p.on("message", (data) => onmessage({ data }));`;
    this.#thread = fetch(url)
      .then((answer) => answer.text())
      .then((script) => {
        const thread = new Thread(page + script, { eval: true });
        thread.on("message", (data) => this.onmessage({ data }));
        thread.on("error", ({ message }) => this.onerror({ message, preventDefault() {} }));
        return thread;
      });
  }

  postMessage(data: unknown): void {
    this.#thread.then((thread) => thread.postMessage(data));
  }

  terminate(): void {
    this.ended = true;
    this.#thread.then((thread) => thread.terminate());
  }
}

class Refused {
  static asked = 0;
  constructor() {
    Refused.asked += 1;
    throw new Error("blocked by Content Security Policy");
  }
}

type Later = typeof import("../../src/lineage/later");

/** The module as it is built: there the layout is one function without ties. */
async function built(): Promise<Later> {
  const source = new URL("../../src/lineage/later.ts", import.meta.url).pathname;
  const { "stdin.js": text = "" } = await bundle(`export * from ${JSON.stringify(source)}`);
  const unique = `${text}\n// ${Math.random()}`;
  return import(/* @vite-ignore */ address(unique));
}

const { count, edges } = pairs(1000);
const given = [count, edges, undefined, false] as const;
const live = () => new AbortController().signal;

beforeEach(() => {
  FakeWorker.made = [];
  Refused.asked = 0;
});
afterEach(() => vi.unstubAllGlobals());

const address = (code: string) => `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;

it("is one function without ties in what is shipped", async () => {
  const { "lineage.js": code = "", "shared.js": shared = "" } = await all();
  const name = /postMessage\(0\);[^`]*?\$\{([\w$]+)\}/.exec(code)?.[1];
  const module = `${code.replace("ja:0", address(shared))}\nexport const whole=String(${name});`;
  const { whole } = (await import(/* @vite-ignore */ address(module))) as { whole: string };
  const engine = new Function(`return (${whole})()`)() as { layout: typeof layout };
  expect(engine.layout(count, edges)).toEqual(layout(count, edges));
}, 60_000);

describe("a long layout", () => {
  it("is made in a worker, from the text of one function, and is the same", async () => {
    vi.stubGlobal("Worker", FakeWorker);
    const { layoutLater } = await built();
    const made = await layoutLater(given, live());
    expect(made).toEqual(layout(count, edges));
    expect(FakeWorker.made.map(({ ended }) => ended)).toEqual([true]);
  });

  it("ends with its worker when it is superseded", async () => {
    vi.stubGlobal("Worker", FakeWorker);
    const { layoutLater } = await built();
    const abort = new AbortController();
    const made = layoutLater(given, abort.signal);
    abort.abort();
    await expect(made).rejects.toThrow(/abort/i);
    expect(FakeWorker.made.map(({ ended }) => ended)).toEqual([true]);
  });

  it("takes turns with the page where workers are forbidden, and asks for no second one", async () => {
    vi.stubGlobal("Worker", Refused);
    vi.spyOn(console, "info").mockImplementation(() => {});
    const { layoutLater } = await built();
    let turns = 0;
    const clock = setInterval(() => turns++, 1);
    expect(await layoutLater(given, live())).toEqual(layout(count, edges));
    clearInterval(clock);
    expect(turns).toBeGreaterThan(0);
    await layoutLater(given, live());
    expect(Refused.asked).toBe(1);
  });

  it("stops between turns when it is superseded", async () => {
    const { layoutLater } = await built();
    const abort = new AbortController();
    const large = pairs(10_000);
    const made = layoutLater([large.count, large.edges, undefined, false], abort.signal);
    setTimeout(() => abort.abort(), 1);
    await expect(made).rejects.toThrow(/abort/i);
  });
});
