// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Kernel, Scene } from "../../dev/fake-model";
import { arranged, examplesSnapshot, items, judged } from "../../dev/fixtures/examples";
import panel from "../../src/entries/examples";
import type { ExampleItem } from "../../src/shared/protocol.gen";
import { mount, until } from "../mount";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]).buffer;
let urls: string[] = [];
let clear: (() => void) | undefined;

beforeEach(() => {
  urls = [];
  // happy-dom lays nothing out: a width for the panel.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    urls.push(`blob:${urls.length}`);
    return `blob:${urls.length - 1}`;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => {
    urls = urls.filter((each) => each !== url);
  });
});

afterEach(() => {
  clear?.();
  clear = undefined;
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

function kernelOf(all: readonly ExampleItem[]): Kernel {
  return {
    "items.page": (params) => {
      const found = arranged(all, params);
      return {
        items: found.slice(params.offset, params.offset + params.limit),
        offset: params.offset,
        total: found.length,
      };
    },
    "tiles.page": () => ({ result: { columns: 25, png: "" }, buffer: PNG }),
    "example.get": ({ tile }) => ({
      result: {
        item: all[tile] as ExampleItem,
        width: 28,
        height: 28,
        png: "",
        probabilities: [0.1, 0.7, 0.2],
        other: all[tile]?.other ? [0.3, 0.3, 0.4] : [],
      },
      buffer: PNG,
    }),
  };
}

function show(all: readonly ExampleItem[], scene: Partial<Scene<"examples">> = {}) {
  const mounted = mount(panel, "examples", {
    snapshot: examplesSnapshot(all, false),
    kernel: kernelOf(all),
    ...scene,
  });
  clear = mounted.clear;
  return mounted;
}

function found<T>(element: T | null): T {
  if (element === null) throw new Error("not there yet");
  return element;
}

const cells = (el: HTMLElement) => [...el.querySelectorAll<HTMLElement>("[role=gridcell][data-place]")];
const button = (el: HTMLElement, text: string) =>
  [...el.querySelectorAll("button")].find((each) => each.textContent?.trim() === text);

describe("the examples panel", () => {
  it("draws its snapshot at once, hardest first, and marks what is wrong by more than colour", () => {
    const { el } = show(items(32));
    expect(cells(el)[0]?.textContent).toContain("9.80");
    expect(cells(el)[0]?.querySelector("svg")).not.toBeNull();
    expect(cells(el)[0]?.getAttribute("aria-description")).toMatch(/true \d, predicted \d, wrong/);
    expect(el.textContent).toContain("10,000 examples scored, 286 wrong");
  });

  it("fetches the sheets of what is in view, once", async () => {
    const { el, model } = show(items(32));
    await until(() => expect(cells(el)[0]?.innerHTML).toContain("blob:"));
    const asked = model.sent.filter((each) => each.kind === "req" && each.method === "tiles.page");
    expect(asked).toHaveLength(1);
  });

  it("puts clicks and keys into the view that Python reads, as places among the pictures", async () => {
    const all = items(32);
    const { el, model } = show(all);
    const selected = (...places: number[]) =>
      until(() => {
        expect(model.get("view").selected).toEqual(places.map((at) => all[at]?.tile));
        const marked = cells(el).filter((cell) => cell.getAttribute("aria-selected") === "true");
        expect(marked.map((cell) => Number(cell.dataset.place))).toEqual(places);
      });
    cells(el)[2]?.click();
    await selected(2);
    cells(el)[4]?.dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: true }));
    await selected(2, 4);
    const grid = found(el.querySelector<HTMLElement>(".ja-tiles"));
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    await until(() => expect(cells(el)[5]?.tabIndex).toBe(0));
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
    await selected(2, 4, 5);
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await selected();
  });

  it("follows a selection made from Python", async () => {
    const all = items(32);
    const { el, model } = show(all);
    model.set("view", { ...model.get("view"), selected: [all[1]?.tile ?? 0] });
    await until(() => expect(cells(el)[1]?.getAttribute("aria-selected")).toBe("true"));
  });

  it("filters by a cell of the confusion matrix, and back", async () => {
    const all = items(200);
    const { el, model } = show(all);
    button(el, "Confusion matrix")?.click();
    const cell = await until(() => found(el.querySelector<HTMLElement>(".ja-confusion .ja-miss")));
    cell.click();
    const { label, predicted } = model.get("view");
    const kept = all.filter((item) => item.label === label && item.predicted === predicted);
    expect(label).not.toBe(predicted);
    await until(() => expect(cells(el)).toHaveLength(kept.length));
    const [truth] = el.querySelectorAll<HTMLSelectElement>(".ja-filter select");
    expect(truth?.value).toBe(String(label));
    cell.click();
    await until(() => expect(model.get("view")).toMatchObject({ label: -1, predicted: -1 }));
  });

  it("filters by true and by predicted class alone", async () => {
    const all = items(200);
    const { el, model } = show(all);
    const [truth] = el.querySelectorAll<HTMLSelectElement>(".ja-filter select");
    found(truth ?? null).value = "4";
    truth?.dispatchEvent(new Event("change", { bubbles: true }));
    expect(model.get("view")).toMatchObject({ label: 4, predicted: -1 });
    const kept = all.filter((item) => item.label === 4);
    await until(() => expect(cells(el)).toHaveLength(kept.length));
    button(el, "Show all classes")?.click();
  });

  it("has two versions of a model side by side, in the grid and in full", async () => {
    const all = judged(items(32));
    const snapshot = { ...examplesSnapshot(all, false), versions: ["v3", "v4"] };
    const { el, model } = show(all, { snapshot, view: { cols: 4 } });
    expect(found(el.querySelector<HTMLElement>("[role=row]")).children).toHaveLength(4);
    const verdicts = [...found(cells(el)[1] ?? null).querySelectorAll(".ja-tile-verdict")];
    expect(verdicts.map((each) => each.querySelector("svg") !== null)).toEqual([true, false]);
    cells(el)[1]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    const bars = await until(() => found(el.querySelector(".ja-bars")));
    expect([...bars.querySelectorAll("thead th")].map(({ textContent }) => textContent)).toEqual([
      "v3",
      "v4",
    ]);
    expect(bars.querySelectorAll("tbody .ja-bar-fill")).toHaveLength(6);
    const [, , versus] = el.querySelectorAll<HTMLSelectElement>(".ja-filter select");
    found(versus ?? null).value = "fixed";
    versus?.dispatchEvent(new Event("change", { bubbles: true }));
    expect(model.get("view").versus).toBe("fixed");
    const kept = all.filter(
      ({ label, predicted, other }) => predicted !== label && other?.predicted === label,
    );
    await until(() => expect(cells(el)).toHaveLength(kept.length));
  });

  it("opens an example with its probabilities, moves on, and closes with Escape", async () => {
    const all = items(32);
    const { el } = show(all);
    const named = (at: number) => `Example ${all[at]?.index.toLocaleString("en-US")}`;
    cells(el)[0]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    const zoom = await until(() => found(el.querySelector<HTMLElement>(".ja-full")));
    const image = await until(() => found(zoom.querySelector("img")));
    expect(image.getAttribute("alt")).toContain(named(0));
    expect(zoom.querySelectorAll(".ja-bars tr")).toHaveLength(3);
    zoom.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    await until(() => expect(zoom.textContent).toContain(named(1)));
    zoom.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await until(() => expect(el.querySelector(".ja-full")).toBeNull());
  });

  it("gives the memory of every picture back", async () => {
    const { el } = show(items(32));
    await until(() => expect(urls).toHaveLength(1));
    cells(el)[0]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await until(() => expect(urls).toHaveLength(2));
    clear?.();
    await until(() => expect(urls).toEqual([]));
  });

  it("says which picture cannot be read, in its own place", async () => {
    const all = items(32);
    const { "items.page": page } = kernelOf(all);
    const { el } = show(all, { kernel: page ? { "items.page": page } : {} });
    await until(() => expect(cells(el)[0]?.textContent).toContain("picture unreadable"));
  });

  it("is a plain grid where nothing was scored", () => {
    const plain = items(9).map((item) => ({ ...item, label: -1, predicted: -1, caption: "<b>one</b>" }));
    const snapshot = { ...examplesSnapshot(plain, false), scored: 0, wrong: 0, confusion: [] };
    const { el } = show(plain, { snapshot });
    expect(el.querySelector("select")).toBeNull();
    expect(cells(el)[0]?.textContent).toContain("<b>one</b>");
    expect(el.querySelector("b")).toBeNull();
    expect(el.textContent).toContain("9 pictures");
  });
});
