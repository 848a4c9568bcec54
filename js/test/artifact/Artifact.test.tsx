// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { artifactKernel, artifactScenes } from "../../dev/fixtures/artifact";
import artifact from "../../src/entries/artifact";
import { byRole, idle, mount, press, type, until } from "../mount";

afterEach(() => {
  document.body.textContent = "";
  vi.unstubAllGlobals();
});
const overview = artifactScenes.overview as Scene<"artifact">;
const draw = (tab = "overview") => mount(artifact, "artifact", { ...overview, view: { tab } });
const panel = (root: HTMLElement) => root.querySelector("[role=tabpanel]")?.textContent ?? "";

describe("tabs", () => {
  it("open by click and by arrow, and Python sees which", async () => {
    const { root, model } = draw();
    await idle();
    byRole(root, "tab", /^Metadata/).click();
    await until(() => expect(panel(root)).toContain("weight_decay"));
    expect(model.get("view")).toEqual({ tab: "metadata" });
    byRole(root, "tab", /^Metadata/).focus();
    press(document.activeElement as Element, "ArrowRight");
    await until(() => expect(panel(root)).toContain("config.json"));
    expect(document.activeElement?.textContent).toContain("Files");
    press(document.activeElement as Element, "End");
    await until(() => expect(panel(root)).toContain("train(data, epochs=12)"));
    expect(root.querySelectorAll("[role=tab][tabindex='0']")).toHaveLength(1);
  });

  it("name their panel", async () => {
    const { root } = draw();
    const tab = byRole(root, "tab", /^Overview/);
    const shown = root.querySelector("[role=tabpanel]");
    expect(tab.getAttribute("aria-controls")).toBe(shown?.id);
    expect(shown?.getAttribute("aria-labelledby")).toBe(tab.id);
  });

  it("open the first one where the asked one is not there", () => {
    expect(panel(draw("no such tab").root)).toContain("Digest");
  });
});

describe("overview", () => {
  it("has the facts", () => {
    const { root } = draw();
    for (const part of ["1,200 files", "evaluate-17", "failed", "mnist-train:v4", "digits", "0.9714"]) {
      expect(panel(root)).toContain(part);
    }
  });

  it("copies the whole digest", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    const { root } = draw();
    await idle();
    byRole(root, "button", "Copy the digest").click();
    await until(() => expect(root.querySelector("[aria-live]")?.textContent).toBe("Copied"));
    expect(writeText).toHaveBeenCalledWith(overview.snapshot.detail.digest);
  });

  it("tells of damage and of what is stale", () => {
    const detail = { ...overview.snapshot.detail, problem: "the manifest is gone" };
    const { root } = mount(artifact, "artifact", { ...overview, snapshot: { detail } });
    expect(root.textContent).toContain("the manifest is gone");
    const stale = mount(artifact, "artifact", artifactScenes.stale as Scene<"artifact">);
    expect(stale.root.textContent).toContain("Stale: mnist-train:v5 is newer");
  });
});

describe("metadata", () => {
  it("is searched by key and value", async () => {
    const { root } = draw("metadata");
    await idle();
    const box = byRole(root, "searchbox", "Find in Metadata");
    type(box, "relu");
    await until(() => expect(byRole(root, "treegrid").querySelectorAll("tbody tr")).toHaveLength(5));
    type(box, "nothing like it");
    await until(() => expect(panel(root)).toContain("Nothing matches"));
    press(box, "Escape");
    await until(() => expect(panel(root)).toContain("accuracy"));
  });

  it("tells levels and what is open", async () => {
    const { root } = draw("metadata");
    const row = byRole(root, "row", /^optimizer/);
    expect([row.ariaLevel ?? row.getAttribute("aria-level"), row.getAttribute("aria-expanded")]).toEqual([
      "1",
      "true",
    ]);
    await idle();
    row.click();
    await until(() => expect(byRole(root, "row", /^optimizer/).getAttribute("aria-expanded")).toBe("false"));
    expect(panel(root)).not.toContain("weight_decay");
  });
});

describe("versions", () => {
  it("open another one, and lead back", async () => {
    const { root, model } = draw("versions");
    await idle();
    expect(root.querySelector("[aria-current=true]")?.textContent).toContain("v41");
    byRole(root, "button", "v39").click();
    await until(() => expect(byRole(root, "heading").textContent).toBe("mnist-cnn:v39"));
    expect(model.sent.at(-1)).toMatchObject({ method: "artifact.get", params: { id: 1280 } });
    byRole(root, "button", "Back to v41").click();
    await until(() => expect(byRole(root, "heading").textContent).toBe("mnist-cnn:v41"));
  });

  it("that cannot be read say why, and the panel stays", async () => {
    const kernel = {
      ...artifactKernel([]),
      "artifact.get": () => {
        throw { code: "not-found", message: "version 1280 is not in this store" };
      },
    };
    const { root } = mount(artifact, "artifact", { ...overview, kernel, view: { tab: "versions" } });
    await idle();
    byRole(root, "button", "v39").click();
    await until(() => expect(root.textContent).toContain("version 1280 is not in this store"));
    expect(byRole(root, "heading").textContent).toBe("mnist-cnn:v41");
  });
});

it("is asked for again when the store changed", async () => {
  const { root, model } = draw();
  await idle();
  expect(model.sent).toEqual([]);
  model.post({ v: 1, kind: "changed", revision: 9 });
  await until(() => expect(model.sent).toMatchObject([{ method: "artifact.get", params: { id: 1282 } }]));
  await until(() => expect(byRole(root, "heading").textContent).toBe("mnist-cnn:v41"));
});

it("shows what came before and after a version, two steps either way, and opens it", async () => {
  const { root, model } = draw("lineage");
  await idle();
  for (const part of [
    "mnist-train:v4",
    "Made by",
    "evaluate-17",
    "val-predictions:v41",
    'ja.lineage("mnist-cnn:v41")',
  ])
    expect(panel(root)).toContain(part);
  byRole(root, "button", /val-predictions:v41/).click();
  await until(() => expect(model.sent.at(-1)).toMatchObject({ method: "artifact.get", params: { id: 950 } }));
});

it("asks for the metadata that had no room in the snapshot", async () => {
  const { detail } = overview.snapshot;
  const cut = { ...detail, row: { ...detail.row, metadata: {}, metadata_cut: true } };
  const { root, model } = mount(artifact, "artifact", {
    ...overview,
    snapshot: { detail: cut },
    view: { tab: "metadata" },
  });
  await until(() => expect(model.sent).toMatchObject([{ method: "artifact.get", params: { id: 1282 } }]));
  await until(() => expect(panel(root)).toContain("weight_decay"));
});

describe("the files", () => {
  const names = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>("tr[tabindex]")];

  it("are looked into by a click or by Enter, and closed again", async () => {
    const { root, model } = draw("files");
    await idle();
    const config = names(root).find((each) => each.textContent?.includes("config.json")) as HTMLElement;
    config.click();
    await until(() => expect(root.querySelector(".ja-preview")?.textContent).toContain("layers"));
    expect(model.sent.at(-1)).toMatchObject({ method: "file.preview", params: { id: 1282 } });
    byRole(root, "button", "Close the preview").click();
    await until(() => expect(root.querySelector(".ja-preview")).toBeNull());
    config.focus();
    await idle();
    press(config, "Enter");
    await until(() => expect(root.querySelector(".ja-preview")).not.toBeNull());
  });
});

describe("aliases", () => {
  it("are given and taken in place, and a refusal is said", async () => {
    const { root, model } = draw("versions");
    await idle();
    byRole(root, "button", "Edit aliases").click();
    await until(() => expect(root.querySelector(".ja-alias-editor input")).not.toBeNull());
    const input = root.querySelector(".ja-alias-editor input") as HTMLInputElement;
    expect(document.activeElement).toBe(input);
    type(input, "gold");
    await idle();
    input.form?.requestSubmit();
    await until(() => expect(root.querySelector(".ja-alias-editor")?.textContent).toContain("gold"));
    expect(model.sent.at(-1)).toMatchObject({
      method: "alias.change",
      params: { id: 1282, add: "gold", remove: "" },
    });
    byRole(root, "button", "Remove alias gold").click();
    await until(() => expect(root.querySelector(".ja-alias-editor")?.textContent).not.toContain("gold"));
    type(input, "v7");
    await idle();
    input.form?.requestSubmit();
    await until(() => expect(byRole(root, "alert").textContent).toContain("version index"));
    press(input, "Escape");
    await until(() => expect(root.querySelector(".ja-alias-editor")).toBeNull());
  });
});
