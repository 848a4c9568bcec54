// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { diffKernel, diffScenes } from "../../dev/fixtures/diff";
import diff from "../../src/entries/diff";
import { byRole, idle, mount, press, type, until } from "../mount";

afterEach(() => {
  document.body.textContent = "";
});

const scene = (name: string) => diffScenes[name] as Scene<"diff">;
const draw = (name = "text", view = {}) => {
  const mounted = mount(diff, "diff", { ...scene(name), view: { ...scene(name).view, ...view } });
  const { root, model } = mounted;
  return {
    ...mounted,
    inside: () => root.querySelector(".ja-inside"),
    files: () => [...root.querySelectorAll<HTMLElement>(".ja-diff-files tbody tr")],
    asked: () => model.sent.flatMap((each) => (each.kind === "req" ? [each] : [])),
  };
};

it("shows both sides, the keys that differ and the files, before the kernel said anything", () => {
  const { root, asked } = draw("equal");
  expect(root.querySelector("table")?.textContent).toContain("mnist-cnn:v40");
  expect(root.textContent).toContain("No difference in files, metadata, config or metrics.");
  expect(asked()).toEqual([]);
  const other = draw("tensors", { file: null });
  const keys = byRole(other.root, "group", "Keys that differ");
  expect(keys.textContent).toContain("0.9642");
  expect(keys.textContent).toContain("+0.0072");
  expect(other.files().map((row) => row.querySelector("bdi")?.textContent)).toEqual([
    "config.json",
    "curves/loss.csv",
    "model.safetensors",
    "notes/old.md",
    "samples/8.png",
    "samples/9.png",
  ]);
});

it("shows pictures that cells of a table stand for, each side's own, and other media as text", async () => {
  const { root, inside } = draw("text", { file: 1 });
  await until(() => expect(inside()?.querySelectorAll("img")).toHaveLength(2));
  const [before, after] = [...root.querySelectorAll("img")];
  expect(before?.closest("del")).not.toBeNull();
  expect(after?.closest("ins")).not.toBeNull();
  expect(before?.alt).toContain("0f1e2d3c4b5a6978");
  expect(before?.src).toMatch(/^blob:/);
  expect(inside()?.textContent).toContain("audio, 1.6 kB");
});

describe("files", () => {
  it("are filtered by what happened to them and by their path, in the kernel", async () => {
    const { root, files, model, asked } = draw("text", { file: null });
    await idle();
    byRole(root, "radio", "The same 4").click();
    await until(() => expect(files()).toHaveLength(4));
    expect(model.get("view").shown).toBe("same");
    byRole(root, "radio", "All that differ 6").click();
    await until(() => expect(files()).toHaveLength(6));
    type(byRole(root, "searchbox", "Filter by path"), "samples/");
    await until(() => expect(files()).toHaveLength(2));
    expect(asked().at(-1)).toMatchObject({ method: "diff.files", params: { query: "samples/", offset: 0 } });
    expect(root.textContent).toContain("2 files");
  });

  it("come in pages where there are very many", async () => {
    const { root, files, asked } = draw("many");
    await idle();
    expect(files()).toHaveLength(50);
    expect(root.textContent).toContain("50 of 1,000,000 files");
    byRole(root, "button", "Load 200 more").click();
    await until(() => expect(asked().at(-1)).toMatchObject({ params: { offset: 50, limit: 200 } }));
  });

  it("are opened by click and by Enter, and closed", async () => {
    const { root, files, inside, model } = draw("text", { file: null });
    await idle();
    files()[0]?.click();
    await until(() => expect(inside()?.textContent).toContain('"lr": 0.003'));
    expect(model.get("view").file).toBe(0);
    byRole(root, "button", "Close the file").click();
    await until(() => expect(inside()).toBeNull());
    files()[1]?.focus();
    await idle();
    press(files()[1] as Element, "Enter");
    await until(() => expect(inside()?.textContent).toContain("curves/loss.csv"));
  });
});

describe("inside of a file", () => {
  it("lines say what happened to them in words too", async () => {
    const { inside } = draw("text");
    await until(() => expect(inside()?.textContent).toContain("14 lines are the same"));
    expect(inside()?.querySelector("tr.ja-removed")?.textContent).toContain("removed");
    expect(inside()?.querySelectorAll("tr.ja-added")).toHaveLength(2);
  });

  it("rows say both values where a cell changed", async () => {
    const { inside } = draw("table");
    await until(() => expect(inside()?.querySelector("del")?.textContent).toBe("0.1211"));
    expect(inside()?.querySelector("ins")?.textContent).toBe("0.0987");
    expect(inside()?.querySelectorAll("tbody tr")).toHaveLength(2);
  });

  it("tensors come with the snapshot, without a question", async () => {
    const { inside, asked } = draw("tensors");
    await until(() => expect(inside()?.textContent).toContain("conv1.weight"));
    expect(asked()).toEqual([]);
  });

  it("pictures are shown side by side with their difference", async () => {
    const { inside } = draw("pictures");
    await until(() => expect(inside()?.querySelectorAll("img")).toHaveLength(3));
    const alts = [...(inside()?.querySelectorAll("img") ?? [])].map((picture) => picture.alt);
    expect(alts).toEqual(["Before: samples/8.png", "After: samples/8.png", "Difference: samples/8.png"]);
  });

  it("what cannot be read says why, and the panel stays", async () => {
    const kernel = {
      ...diffKernel,
      "diff.file": () => {
        throw { code: "corrupt", message: "the bytes of config.json are not those that were logged" };
      },
    };
    const { root } = mount(diff, "diff", { ...scene("text"), kernel });
    await until(() => expect(root.textContent).toContain("are not those that were logged"));
    expect(root.querySelectorAll(".ja-diff-files tbody tr")).toHaveLength(6);
  });
});

it("follows aliases that move", async () => {
  const { model, asked, root } = draw("text", { file: null });
  await idle();
  model.post({ v: 1, kind: "changed", revision: 8 });
  await until(() =>
    expect(asked().at(-1)).toMatchObject({ method: "diff.get", params: { before: 40, after: 41 } }),
  );
  await until(() => expect(root.textContent).toContain("train-41"));
});

it("follows Python, which opens files", async () => {
  const { model, inside } = draw("text", { file: null });
  await idle();
  model.set("view", { ...model.get("view"), file: 2 });
  await until(() => expect(inside()?.textContent).toContain("model.safetensors"));
});
