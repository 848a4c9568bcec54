// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { finished, runScenes, series } from "../../dev/fixtures/run";
import run from "../../src/entries/run";
import { PROTOCOL_VERSION } from "../../src/shared/protocol.gen";
import { byRole, idle, mount, press, until } from "../mount";

beforeEach(() => void vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400));
afterEach(() => {
  document.body.textContent = "";
  vi.restoreAllMocks();
});

const draw = (name: string) => mount(run, "run", runScenes[name] as Scene<"run">);
const text = (root: HTMLElement) => root.textContent ?? "";

describe("charts", () => {
  it("are one a key, with a line a run", async () => {
    const { root } = draw("compared");
    await idle();
    expect(root.querySelectorAll(".ja-chart")).toHaveLength(5);
    expect(root.querySelector(".ja-chart")?.querySelectorAll("path.ja-line")).toHaveLength(3);
  });

  it("draw on what a growing run sends, while the kernel answers nothing", async () => {
    const { root, model } = draw("running");
    model.alive = false;
    await idle();
    expect(text(root)).toContain("Charts appear when run.log is called");
    const grown = series("a1b2c3d4", "loss", 3, () => 0.25);
    model.post({ v: PROTOCOL_VERSION, kind: "grown", run: "a1b2c3d4", rows: 3, series: [grown] });
    await until(() => expect(root.querySelectorAll("path.ja-line")).toHaveLength(1));
    expect(byRole(root, "application").getAttribute("aria-label")).toContain("loss");
  });

  it("are read off by arrow keys, and say what they read", async () => {
    const { root } = draw("charts");
    await idle();
    const chart = byRole(root, "application", /^train\/loss/);
    press(chart, "Home");
    await until(() =>
      expect(root.querySelector("[role=status]")?.textContent).toContain("train/loss, step 0"),
    );
    press(chart, "ArrowRight");
    await until(() => expect(root.querySelectorAll(".ja-reading li")).toHaveLength(1));
    press(chart, "Escape");
    await until(() => expect(root.querySelectorAll(".ja-reading")).toHaveLength(0));
  });

  it("change their axes; Python sees how", async () => {
    const { root, model } = draw("charts");
    await idle();
    byRole(root, "radio", "Time").click();
    root.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
    await until(() => expect(model.get("view")).toMatchObject({ axis: "time", log: true }));
  });

  it("hide a run that is switched off", async () => {
    const { root, model } = draw("compared");
    await idle();
    const box = root.querySelectorAll<HTMLInputElement>(".ja-run-legend input")[1];
    box?.click();
    await until(() => expect(model.get("view").hidden).toEqual(["b2"]));
    expect(root.querySelector(".ja-chart")?.querySelectorAll("path.ja-line")).toHaveLength(2);
  });
});

describe("tabs", () => {
  it("give the numbers as a table", async () => {
    const { root } = draw("numbers");
    const drawn = () => [...root.querySelectorAll(".ja-numbers tbody tr")].map((row) => row.textContent);
    await until(() => expect(drawn()).toHaveLength(finished.series.length));
    const rows = drawn();
    expect(rows[0]).toContain("train/loss");
    expect(rows[0]).toContain("3,510");
  });

  it("show what was used and made", async () => {
    const { root } = draw("overview");
    for (const said of ["mnist-train:v4", "mnist-cnn:v41", "sweep-3", "12 min 23 s"])
      await until(() => expect(text(root)).toContain(said));
  });

  it("show pictures at a step", async () => {
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
    const { root } = draw("media");
    await until(() => expect(root.querySelectorAll(".ja-picture")).toHaveLength(3));
    expect(root.querySelector(".ja-picture")?.getAttribute("aria-label")).toBe("seven");
  });

  it("say why a run failed", async () => {
    const { root } = draw("failed");
    await until(() => expect(text(root)).toContain("ValueError: loss is NaN (line 12)"));
    expect(text(root)).toContain("✗ failed");
  });
});
