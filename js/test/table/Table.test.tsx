// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { rowsPage, snapshot, tableKernel, tableScenes } from "../../dev/fixtures/table";
import table from "../../src/entries/table";
import type { RowsParams } from "../../src/shared/protocol.gen";
import { byRole, idle, mount, type, until } from "../mount";
import { cells, clear, draw, many, place, widen } from "./draw";

beforeEach(() => widen(1200));
afterEach(clear);

describe("rows", () => {
  it("are there from the snapshot, before the kernel said anything", () => {
    const { root } = mount(table, "table", { ...many, kernel: {} });
    expect(root.querySelectorAll(".ja-grid tbody tr").length).toBeGreaterThan(10);
    expect(byRole(root, "grid").textContent).toContain("val-predictions");
  });

  it("are told by number of all there are", async () => {
    const { grid, rows } = await draw({}, tableScenes.million as Scene<"table">);
    expect(grid().getAttribute("aria-rowcount")).toBe("1000001");
    expect(rows().length).toBeLessThan(30);
    expect(place(rows()[0] as Element)).toBe(2);
  });

  it("are fetched page by page when scrolled to", async () => {
    const { root, rows, asked } = await draw();
    const box = root.querySelector(".ja-scroll") as HTMLElement;
    box.scrollTop = 34 * 700;
    box.dispatchEvent(new Event("scroll"));
    await until(() => expect(cells(rows()[5])[0]).not.toBe(""));
    await until(() => expect(asked().map((each) => each.offset)).toContain(700));
    expect(place(rows().at(-1) as Element)).toBeGreaterThan(700);
  });

  it("say so when there are none", async () => {
    const { root } = await draw({}, tableScenes.empty as Scene<"table">);
    expect(root.textContent).toContain("No artifacts yet");
  });

  it("come when there are some at last", async () => {
    let total = 0;
    const kernel = { "rows.page": (params: RowsParams) => rowsPage(total, params) };
    const { root, model, rows } = await draw({}, { ...(tableScenes.empty as Scene<"table">), kernel });
    expect(root.textContent).toContain("No artifacts yet");
    total = 3;
    model.post({ v: 1, kind: "changed", revision: 8 });
    await until(() => expect(rows()).toHaveLength(3));
    expect(root.textContent).not.toContain("No artifacts yet");
  });

  it("are read again when the store changed, and stay until then", async () => {
    let total = 5;
    const kernel = { ...tableKernel(5), "rows.page": (params: RowsParams) => rowsPage(total, params) };
    const { root, model, rows } = await draw({}, { ...(tableScenes.few as Scene<"table">), kernel });
    expect(rows()).toHaveLength(5);
    total = 6;
    model.post({ v: 1, kind: "changed", revision: 8 });
    expect(rows()).toHaveLength(5);
    await until(() => expect(rows()).toHaveLength(6));
    expect(root.textContent).toContain("6 versions");
  });
});

describe("sorting", () => {
  it("asks the kernel, by click and again in the other order", async () => {
    const { grid, asked, view, root } = await draw();
    byRole(root, "button", /^Size/).click();
    await until(() => expect(asked().at(-1)).toMatchObject({ sort: "size", descending: true, offset: 0 }));
    const header = () => byRole(grid(), "columnheader", /^Size/).getAttribute("aria-sort");
    expect(header()).toBe("descending");
    byRole(root, "button", /^Size/).click();
    await until(() => expect(header()).toBe("ascending"));
    expect(view()).toMatchObject({ sort: "size", descending: false });
  });

  it("shows the rows that were there until the others come, from the top", async () => {
    const { root, rows } = await draw();
    const box = root.querySelector(".ja-scroll") as HTMLElement;
    box.scrollTop = 34 * 300;
    box.dispatchEvent(new Event("scroll"));
    await until(() => expect(place(rows()[0] as Element)).toBeGreaterThan(290));
    byRole(root, "button", /^Created/).click();
    await until(() => expect(box.scrollTop).toBe(0));
    expect(rows().length).toBeGreaterThan(10);
    await until(() => expect(cells(rows()[0])[1]).toBe("v0"));
  });

  it("starts names from the beginning", async () => {
    const { root, view } = await draw();
    byRole(root, "button", /^Name/).click();
    await until(() => expect(view()).toMatchObject({ sort: "name", descending: false }));
  });

  it("is not offered where the kernel cannot", async () => {
    const { grid } = await draw();
    expect(byRole(grid(), "columnheader", "Aliases").querySelector("button")).toBeNull();
    expect(byRole(grid(), "columnheader", "Aliases").getAttribute("aria-sort")).toBeNull();
  });
});

describe("the filter", () => {
  it("is handed on when the typing pauses", async () => {
    const { root, asked, view } = await draw();
    type(byRole(root, "searchbox", "Filter"), "type:mod");
    type(byRole(root, "searchbox", "Filter"), "type:model");
    await until(() => expect(asked().at(-1)?.query).toBe("type:model"));
    expect(asked().some((each) => each.query === "type:mod")).toBe(false);
    expect(view().query).toBe("type:model");
    await until(() => expect(root.textContent).toContain("found in 1,284 versions"));
    expect(root.querySelector("[aria-live]")?.textContent).toMatch(/rows found/);
  });

  it("does not count what it has not found yet", async () => {
    const { root, model } = await draw();
    model.alive = false;
    model.set("view", { ...model.get("view"), query: "type:model" });
    await until(() =>
      expect((byRole(root, "searchbox", "Filter") as HTMLInputElement).value).toBe("type:model"),
    );
    expect(root.querySelector(".ja-note")?.textContent).toMatch(/^1,284 versions · 46 collections/);
  });

  it("that is not understood says why, at the box", async () => {
    const { root } = await draw({ query: "accuracy>" });
    const box = byRole(root, "searchbox", "Filter");
    expect(box.getAttribute("aria-invalid")).toBe("true");
    const error = root.querySelector(`#${box.getAttribute("aria-describedby")}`);
    expect(error?.textContent).toContain("ends where a number was expected");
    type(box, "");
    await until(() => expect(box.getAttribute("aria-invalid")).toBe("false"));
  });

  it("with no match says so, and leads back", async () => {
    const { root, rows, grid } = await draw({ query: "type:nothing" });
    await until(() => expect(root.textContent).toContain("Nothing matches this filter"));
    expect(grid().closest("[hidden]")).not.toBeNull();
    type(byRole(root, "searchbox", "Filter"), "");
    await until(() => expect(rows().length).toBeGreaterThan(10));
    expect(grid().closest("[hidden]")).toBeNull();
  });

  it("follows Python", async () => {
    const { root, model } = await draw();
    model.set("view", { ...model.get("view"), query: "alias:best" });
    await until(() =>
      expect((byRole(root, "searchbox", "Filter") as HTMLInputElement).value).toBe("alias:best"),
    );
  });
});

describe("selection", () => {
  it("by click, Ctrl and Shift, seen by Python", async () => {
    const { rows, view, root } = await draw();
    const click = (index: number, keys: MouseEventInit = {}) =>
      rows()[index]?.children[1]?.dispatchEvent(new MouseEvent("click", { bubbles: true, ...keys }));
    click(1);
    await until(() => expect(view().selected).toEqual([1283]));
    expect(rows()[1]?.getAttribute("aria-selected")).toBe("true");
    click(3, { ctrlKey: true });
    await until(() => expect(view().selected).toEqual([1283, 1281]));
    click(6, { shiftKey: true });
    await until(() => expect(view().selected).toEqual([1281, 1280, 1279, 1278]));
    click(4, { metaKey: true });
    await until(() => expect(view().selected).toEqual([1281, 1279, 1278]));
    expect(root.textContent).toContain("3 versions selected");
    byRole(root, "button", "Clear").click();
    await until(() => expect(view().selected).toEqual([]));
  });

  it("copies what Python needs", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    const { root } = await draw({ selected: [1284, 1282] });
    byRole(root, "button", "Copy a Python reference").click();
    await until(() => expect(writeText).toHaveBeenCalled());
    expect(writeText).toHaveBeenCalledWith(
      'run.use_artifact("val-predictions:v214")\nrun.use_artifact("convnet:v213")',
    );
    vi.unstubAllGlobals();
  });
});

describe("the opened version", () => {
  it("opens by its name, follows the selection, and closes", async () => {
    const { root, rows, view } = await draw();
    rows()[2]?.querySelector<HTMLElement>(".ja-name")?.click();
    await until(() => expect(byRole(root, "complementary").textContent).toContain("convnet:v213"));
    rows()[0]?.children[1]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await until(() => expect(byRole(root, "complementary").textContent).toContain("val-predictions:v214"));
    byRole(root, "button", "Close").click();
    await until(() => expect(view().opened).toBeNull());
  });

  it("says what it lacks when it is gone", async () => {
    const { root } = await draw(
      { opened: 99 },
      { ...many, kernel: { "rows.page": (params) => rowsPage(1284, params) } },
    );
    await until(() => expect(byRole(root, "complementary").textContent).toContain("not in this fake kernel"));
  });
});

it("stays readable without a kernel, with its actions disabled, and goes on when it is back", async () => {
  const { root, model, rows } = await draw();
  const send = model.send.bind(model);
  model.send = () => {
    throw new Error("the connection is gone");
  };
  byRole(root, "button", /^Size/).click();
  await until(() => expect(root.textContent).toContain("kernel has been busy for long"));
  expect(cells(rows()[0])[0]).toBe("val-predictions");
  expect((byRole(root, "searchbox") as HTMLInputElement).disabled).toBe(true);
  expect((byRole(root, "radio", "Collections") as HTMLButtonElement).disabled).toBe(true);
  expect(byRole(root, "button", /^Name/).getAttribute("aria-disabled")).toBe("true");
  expect(root.querySelectorAll(".ja-notice")).toHaveLength(1);
  model.send = send;
  byRole(root, "button", "Try again").click();
  await until(() => expect(root.textContent).not.toContain("kernel has been busy for long"));
  await until(() =>
    expect(model.sent.slice(-3)).toContainEqual(
      expect.objectContaining({ method: "rows.page", params: expect.objectContaining({ sort: "size" }) }),
    ),
  );
});

describe("collections", () => {
  it("are another level, without a selection", async () => {
    const { root, asked, view, grid } = await draw({ sort: "files" });
    byRole(root, "radio", "Collections").click();
    await until(() => expect(asked().at(-1)).toMatchObject({ level: "collections", sort: "created" }));
    await until(() => expect(grid().getAttribute("aria-rowcount")).toBe("47"));
    expect(grid().getAttribute("aria-multiselectable")).toBe("false");
    expect(view().level).toBe("collections");
  });

  it("open as their versions", async () => {
    const { root, rows, view } = await draw({ level: "collections" });
    await until(() => expect(cells(rows()[0])[0]).toBe("mnist-cnn"));
    rows()[0]?.querySelector<HTMLElement>(".ja-name")?.click();
    await until(() => expect(view()).toMatchObject({ level: "versions", query: "name:mnist-cnn" }));
    await until(() => expect((byRole(root, "searchbox") as HTMLInputElement).value).toBe("name:mnist-cnn"));
  });
});

it("shows fewer columns where there is less room", async () => {
  widen(420);
  const { grid } = await draw();
  expect([...grid().querySelectorAll("th")].map((each) => each.textContent?.replace(/[↑↓]/, ""))).toEqual([
    "Name",
    "Version",
    "Created",
  ]);
  expect(grid().getAttribute("aria-colcount")).toBe("3");
});

describe("metadata keys", () => {
  const heads = (grid: HTMLElement) => [...grid.querySelectorAll("th bdi")].map((each) => each.textContent);

  it("are columns by choice, which Python sees, and the menu stays open", async () => {
    const { root, grid, view, asked, rows } = await draw();
    await until(() => byRole(root, "button", "Columns"));
    byRole(root, "button", "Columns").click();
    await until(() => byRole(root, "menuitemcheckbox", "accuracy"));
    byRole(root, "menuitemcheckbox", "accuracy").click();
    await until(() => expect(heads(grid())).toEqual(["accuracy"]));
    byRole(root, "menuitemcheckbox", "split").click();
    await until(() => expect(view().columns).toEqual(["accuracy", "split"]));
    expect(byRole(root, "menuitemcheckbox", "split").getAttribute("aria-checked")).toBe("true");
    await until(() => expect(asked().at(-1)?.columns).toEqual(["accuracy", "split"]));
    expect(rows().some((row) => /0\.9\d+|val/.test(cells(row)[2] ?? ""))).toBe(true);
    byRole(root, "menuitemcheckbox", "accuracy").click();
    await until(() => expect(view().columns).toEqual(["split"]));
  });

  it("sort in the kernel", async () => {
    const { root, asked, view } = await draw({ columns: ["accuracy"] });
    byRole(root, "button", /^accuracy/).click();
    await until(() => expect(asked().at(-1)).toMatchObject({ sort: "metadata.accuracy", descending: true }));
    byRole(root, "radio", "Collections").click();
    await until(() => expect(asked().at(-1)).toMatchObject({ level: "collections", sort: "created" }));
    expect(view().columns).toEqual(["accuracy"]);
  });

  it("of odd names are no part of an object's nature", async () => {
    const { root } = await draw({ columns: ["constructor", "__proto__"] });
    expect(root.textContent).not.toContain("native code");
    expect(root.textContent).not.toContain("could not be drawn");
  });
});

it("draws how numbers are spread, and says it when hovered", async () => {
  const { grid } = await draw({ columns: ["accuracy"] });
  await until(() => expect(grid().querySelectorAll(".ja-hist")).toHaveLength(3));
  const titles = [...grid().querySelectorAll<HTMLElement>(".ja-hist")].map((each) => each.title);
  expect(titles).toContain("0.9 to 0.99 in 214 rows");
});

describe("the package's own types", () => {
  it("are hidden, counted, and shown by one switch", async () => {
    const { root, asked, view } = await draw();
    await until(() => byRole(root, "button", "Show 12 hidden"));
    byRole(root, "button", "Show 12 hidden").click();
    await until(() => expect(asked().at(-1)?.all_types).toBe(true));
    expect(view().all_types).toBe(true);
    await until(() => byRole(root, "button", "Hide own types"));
  });
});

describe("two versions", () => {
  it("are compared below the table, the older one before", async () => {
    const { root, model, view } = await draw({ selected: [1284, 1282], columns: [] });
    byRole(root, "button", "Compare").click();
    await until(() => expect(byRole(root, "complementary", "Difference").textContent).toContain("0.9642"));
    expect(model.sent).toContainEqual(
      expect.objectContaining({ method: "diff.get", params: { before: 1282, after: 1284 } }),
    );
    expect(view().compared).toBe(true);
    byRole(byRole(root, "complementary", "Difference"), "button", "Close").click();
    await until(() => expect(view().compared).toBe(false));
    expect(root.querySelector("aside")).toBeNull();
  });

  it("are two: one or three are not compared", async () => {
    const { root } = await draw({ selected: [1284], compared: true });
    expect(root.querySelector("aside")).toBeNull();
    expect(root.textContent).not.toContain("Compare");
  });
});

describe("news that a busy kernel brings along", () => {
  it("is shown without a question where it is of the present view", async () => {
    const { model, rows, asked } = await draw({}, tableScenes.few as Scene<"table">);
    model.alive = false;
    const before = asked().length;
    const page = { ...snapshot(6, 100).page, revision: 8 };
    model.set("snapshot", { ...snapshot(6, 100), page });
    await idle();
    model.post({ v: 1, kind: "changed", revision: 8 });
    await until(() => expect(rows()).toHaveLength(6));
    expect(asked()).toHaveLength(before);
  });

  it("is no answer to another question", async () => {
    const { model, rows, asked } = await draw({ query: "type:model" }, tableScenes.few as Scene<"table">);
    const shown = rows().length;
    const before = asked().length;
    model.set("snapshot", snapshot(6, 100));
    await until(() => expect(asked().length).toBeGreaterThan(before));
    expect(rows()).toHaveLength(shown);
  });
});

it("draws what an older version has stored", async () => {
  const { page, versions_total, collections_total, project } = many.snapshot;
  const { hidden: _, ...older } = page;
  const stored = {
    page: older,
    versions_total,
    collections_total,
    project,
  } as unknown as typeof many.snapshot;
  const { root } = mount(table, "table", { snapshot: stored, view: { query: "" }, kernel: {} });
  expect(byRole(root, "grid").textContent).toContain("val-predictions");
});
