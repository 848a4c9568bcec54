// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Kernel, Scene } from "../../dev/fake-model";
import { arranged, examplesSnapshot, items } from "../../dev/fixtures/examples";
import panel from "../../src/entries/examples";
import type { ExampleItem } from "../../src/shared/protocol.gen";
import { mount } from "../mount";

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
    "tiles.page": ({ page }) => ({
      result: { page, count: Math.min(500, all.length - page * 500), columns: 25, png: "" },
      buffer: PNG,
    }),
    "example.get": ({ tile }) => ({
      result: {
        item: all[tile] as ExampleItem,
        width: 28,
        height: 28,
        png: "",
        probabilities: [0.1, 0.7, 0.2],
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

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
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
    await settle();
    const asked = model.sent.filter((each) => each.kind === "req" && each.method === "tiles.page");
    expect(asked).toHaveLength(1);
    expect(cells(el)[0]?.innerHTML).toContain("blob:");
  });

  it("puts clicks and keys into the view that Python reads, as positions in the dataset", async () => {
    const all = items(32);
    const { el, model } = show(all);
    await settle();
    cells(el)[2]?.click();
    expect(model.get("view").selected).toEqual([all[2]?.index]);
    await settle();
    cells(el)[4]?.dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: true }));
    expect(model.get("view").selected).toEqual([all[2]?.index, all[4]?.index]);
    const grid = el.querySelector(".ja-tiles") as HTMLElement;
    await settle();
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    await settle();
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
    expect(model.get("view").selected).toContain(all[5]?.index);
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(model.get("view").selected).toEqual([]);
  });

  it("follows a selection made from Python", async () => {
    const all = items(32);
    const { el, model } = show(all);
    model.set("view", { ...model.get("view"), selected: [all[1]?.index ?? 0] });
    await settle();
    expect(cells(el)[1]?.getAttribute("aria-selected")).toBe("true");
  });

  it("filters by a cell of the confusion matrix, and back", async () => {
    const all = items(200);
    const { el, model } = show(all);
    await settle();
    button(el, "Confusion matrix")?.click();
    await settle();
    const cell = [...el.querySelectorAll<HTMLElement>(".ja-confusion .ja-miss")][0];
    cell?.click();
    await settle();
    const { label, predicted } = model.get("view");
    const kept = all.filter((item) => item.label === label && item.predicted === predicted);
    expect(label).not.toBe(predicted);
    expect(cells(el)).toHaveLength(kept.length);
    expect(el.querySelector(".ja-filter")?.textContent).toContain(`True ${label}`);
    cell?.click();
    await settle();
    expect(model.get("view")).toMatchObject({ label: -1, predicted: -1 });
  });

  it("opens an example with its probabilities, moves on, and closes with Escape", async () => {
    const all = items(32);
    const { el } = show(all);
    await settle();
    cells(el)[0]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await settle();
    const zoom = () => el.querySelector<HTMLElement>(".ja-zoom");
    expect(zoom()?.querySelector("img")?.getAttribute("alt")).toContain(
      `Example ${all[0]?.index.toLocaleString("en-US")}`,
    );
    expect(zoom()?.querySelectorAll(".ja-bars tr")).toHaveLength(3);
    zoom()?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    await settle();
    expect(zoom()?.textContent).toContain(all[1]?.index.toLocaleString("en-US"));
    zoom()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await settle();
    expect(zoom()).toBeNull();
  });

  it("gives the memory of every picture back", async () => {
    const { el } = show(items(32));
    await settle();
    cells(el)[0]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await settle();
    expect(urls.length).toBeGreaterThan(1);
    clear?.();
    await settle();
    expect(urls).toEqual([]);
  });

  it("says which picture cannot be read, in its own place", async () => {
    const all = items(32);
    const { "items.page": page } = kernelOf(all);
    const { el } = show(all, { kernel: page ? { "items.page": page } : {} });
    await settle();
    expect(cells(el)[0]?.textContent).toContain("picture unreadable");
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
