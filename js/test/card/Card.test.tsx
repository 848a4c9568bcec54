// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { cardScenes, logged } from "../../dev/fixtures/card";
import { files } from "../../dev/fixtures/data";
import card from "../../src/entries/card";
import type { CardSnapshot } from "../../src/shared/protocol.gen";
import { byRole, idle, mount, press, until } from "../mount";

afterEach(() => {
  document.body.textContent = "";
});
const draw = (part: Partial<CardSnapshot>, opened: string[] = []) =>
  mount(card, "card", { snapshot: { ...logged, ...part }, view: { opened } });

describe("the card", () => {
  it("tells what was logged, by whom, from what", () => {
    const { root } = draw({});
    const text = root.textContent ?? "";
    for (const part of ["mnist-cnn:v41", "model", "latest", "best", "Logged", "0.4 s", "2 files, 4.8 MB"]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("(4.8 MB new)");
    expect(text).toContain("by sunny-smoke-41");
    expect(text).toContain("mnist-train:v4");
    expect(root.querySelector("code")?.textContent).toBe('run.use_artifact("mnist-cnn:v41")');
  });

  it.each<[Partial<CardSnapshot>, string, string | null]>([
    [{ verb: "unchanged", new_bytes: 0 }, "Unchanged", "no new one was made"],
    [{ verb: "used", new_bytes: 0 }, "Used", "made by"],
    [{ verb: "logged", new_bytes: 0 }, "Logged", "all of it was stored already"],
    [{ verb: "logged", new_bytes: 5e6 }, "Logged", "(all new)"],
    [{ row: { ...logged.row, stale: "v5 is newer" } }, "Logged", "Stale: v5 is newer"],
  ])("%j says %s, %s", (part, verb, words) => {
    const { root } = draw(part);
    expect(root.querySelector(".ja-verb")?.textContent?.trim()).toBe(verb);
    expect(root.textContent).toContain(words);
  });

  it("shows of a failure the reason, and no version that is not there", () => {
    const { root } = mount(card, "card", cardScenes.failed as never);
    expect(root.textContent).toContain("weights hold NaN");
    expect(root.querySelector("code")).toBeNull();
    expect(root.querySelectorAll("[aria-expanded]")).toHaveLength(0);
  });

  it("keeps the facts of the version that a failure left as it was", () => {
    const { root } = draw({ verb: "failed", message: "no space left" });
    expect(root.textContent).toContain("no space left");
    expect(root.textContent).toContain("2 files");
  });

  it("folds metadata and files open, and Python sees it", async () => {
    const { root, model } = draw({});
    await idle();
    const head = byRole(root, "button", /^Metadata/);
    expect(head.getAttribute("aria-expanded")).toBe("false");
    expect(root.querySelector("[role=treegrid]")).toBeNull();
    head.click();
    await until(() => expect(byRole(root, "treegrid", "Metadata").textContent).toContain("weight_decay"));
    byRole(root, "button", /^Files/).click();
    await until(() => expect(byRole(root, "treegrid", "Files").textContent).toContain("model.pt"));
    expect(model.get("view")).toEqual({ opened: ["metadata", "files"] });
    byRole(root, "button", /^Metadata/).click();
    await until(() => expect(model.get("view")).toEqual({ opened: ["files"] }));
  });

  it("opens as Python says", async () => {
    const { root } = draw({}, ["files"]);
    await until(() => expect(byRole(root, "treegrid", "Files").textContent).toContain("config.json"));
  });

  it("lists many inputs in a fold of their own", async () => {
    const inputs = Array.from({ length: 9 }, (_, i) => ({ id: i, label: `part-${i}:v0`, type: "dataset" }));
    const { root } = draw({ inputs });
    expect(root.textContent).toContain("from 9 artifacts");
    byRole(root, "button", /^Made from/).click();
    await until(() => expect(root.textContent).toContain("part-8:v0"));
  });
});

describe("its file tree", () => {
  it("moves by keys, one tab stop", async () => {
    const { root } = draw({ files: files(14), files_total: 14 }, ["files"]);
    await idle();
    const grid = byRole(root, "treegrid", "Files");
    const stops = () => [...grid.querySelectorAll<HTMLElement>("tr[tabindex='0']")];
    expect(stops().map((row) => row.textContent)).toEqual([expect.stringContaining("images")]);
    stops()[0]?.focus();
    press(document.activeElement as Element, "ArrowLeft");
    await until(() => expect(stops()[0]?.getAttribute("aria-expanded")).toBe("false"));
    press(document.activeElement as Element, "ArrowDown");
    await until(() => expect(document.activeElement?.textContent).toContain("tables"));
    press(document.activeElement as Element, "m");
    await until(() => expect(document.activeElement?.textContent).toContain("model.pt"));
    press(document.activeElement as Element, "Home");
    await until(() => expect(document.activeElement?.textContent).toContain("images"));
    expect(stops()).toHaveLength(1);
  });

  it("asks for further files, and shows why it could not", async () => {
    const all = files(1200);
    const kernel = {
      "artifact.files": ({ offset, limit }: { offset: number; limit: number }) => {
        if (offset > 600) throw { code: "corrupt", message: "the manifest is damaged" };
        return { files: all.slice(offset, offset + limit), offset, total: 1200 };
      },
    };
    const snapshot = { ...logged, files: all.slice(0, 200), files_total: 1200 };
    const { root, model } = mount(card, "card", { snapshot, view: { opened: ["files"] }, kernel });
    await idle();
    expect(root.textContent).toContain("200 of 1,200 files");
    byRole(root, "button", "Load 500 more").click();
    await until(() => expect(root.textContent).toContain("700 of 1,200 files"));
    expect(model.sent).toMatchObject([
      { method: "artifact.files", params: { id: 1282, offset: 200, limit: 500 } },
    ]);
    byRole(root, "button", "Load 500 more").click();
    await until(() => expect(root.textContent).toContain("the manifest is damaged"));
    expect(root.textContent).toContain("700 of 1,200 files");
  });
});
