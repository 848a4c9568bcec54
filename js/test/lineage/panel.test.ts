// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { joined, joiningKernel, lineageKernel, lineageScenes, tutorial } from "../../dev/fixtures/lineage";
import lineage from "../../src/entries/lineage";
import type { Graph, LineageView } from "../../src/shared/protocol.gen";
import { byRole, idle, mount, press, type, until } from "../mount";
import { generate, slice } from "./generate";

beforeEach(() => {
  // happy-dom lays nothing out: a size for the window.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(3200);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(1600);
});
afterEach(() => {
  document.body.textContent = "";
  vi.restoreAllMocks();
});

const project = generate(300);
const named = (label: string) => project.nodes.find((node) => node.label === label)!.id;
const model = named("model:v12");

async function draw(view: Partial<LineageView>, graph?: Graph, kernel = lineageKernel(project)) {
  const focus = view.focus ?? null;
  const shown = graph ?? (focus === null ? project : slice(project, focus, view.up ?? 2, view.down ?? 2));
  const scene = { snapshot: { graph: shown, project: "mnist" }, view, kernel } as Scene<"lineage">;
  const mounted = mount(lineage, "lineage", scene);
  await idle();
  const { root, model: fake } = mounted;
  return {
    ...mounted,
    view: () => fake.get("view"),
    boxes: () => [...root.querySelectorAll<HTMLElement>(".ja-node")].map(({ textContent }) => textContent),
    box: (text: string) => {
      const found = [...root.querySelectorAll<HTMLElement>(".ja-node")].find((each) =>
        each.querySelector(".ja-node-label")?.textContent?.startsWith(text),
      );
      if (!found) throw new Error(`no box ${text}`);
      return found;
    },
    graph: () => byRole(root, "application"),
    note: () => root.querySelector(".ja-note")?.textContent,
    said: () => root.querySelector("[role=status]")?.textContent,
    slices: () =>
      fake.sent.flatMap((each) =>
        each.kind === "req" && each.method === "graph.slice" ? [each.params] : [],
      ),
  };
}

describe("the head line", () => {
  it("tells what is shown of what", async () => {
    const { root, note } = await draw({ level: "exploded", focus: model });
    expect(root.querySelector("h3")?.textContent).toBe("Lineage of model:v12");
    expect(note()).toBe("2 up, 2 down · 6 of 304 nodes shown");
  });

  it("tells of boxes where nodes are drawn as one", async () => {
    const { note } = await draw({ level: "grouped" });
    expect(note()).toBe("304 of 304 nodes shown in 12 boxes");
  });
});

describe("selection", () => {
  it("goes to Python, lights what belongs together, and Escape ends it", async () => {
    const { box, view, graph, root } = await draw({ level: "exploded" }, tutorial);
    box("trained-model").click();
    await idle();
    expect(view().selected).toBe("artifact:4");
    expect(box("trained-model").getAttribute("aria-pressed")).toBe("true");
    expect(root.querySelectorAll(".ja-node-dim")).toHaveLength(0);
    box("quiet-river").click();
    await idle();
    const dim = [...root.querySelectorAll(".ja-node-dim")].map(({ textContent }) => textContent);
    expect(dim).toEqual([expect.stringContaining("brave-leaf-3"), expect.stringContaining("convnet")]);
    press(graph(), "Escape");
    await idle();
    expect(view().selected).toBeNull();
    expect(root.querySelector("aside")).toBeNull();
  });

  it("moves a box with Shift and an arrow, and puts it back", async () => {
    const { box, graph, root } = await draw({ level: "exploded" }, tutorial);
    box("trained-model").click();
    await idle();
    const left = () => Number.parseFloat(box("trained-model").style.left);
    const before = left();
    press(graph(), "ArrowRight", { shiftKey: true });
    await idle();
    press(graph(), "ArrowRight", { shiftKey: true });
    await idle();
    expect(left()).toBe(before + 40);
    byRole(root, "button", "Tidy").click();
    await idle();
    expect(left()).toBe(before);
  });

  it("follows Python", async () => {
    const { model: fake, view, root } = await draw({ level: "exploded" }, tutorial);
    fake.set("view", { ...view(), selected: "run:d" });
    await until(() => expect(root.querySelector("aside h4")?.textContent).toBe("gentle-cloud-4"));
  });

  it("is told to screen readers", async () => {
    const { box, said } = await draw({ level: "exploded" }, tutorial);
    expect(said()).toBe("Exploded: 10 of 10 nodes shown");
    box("gentle-cloud").click();
    await idle();
    expect(said()).toBe("gentle-cloud-4 selected, 2 inputs, 1 output");
  });

  it("shows facts, and neighbours that lead on", async () => {
    const { box, root, view } = await draw({ level: "exploded" }, tutorial, lineageKernel(tutorial));
    box("gentle-cloud").click();
    await until(() => expect(root.querySelector("aside")?.textContent).toContain("6 min 0 s"));
    byRole(root.querySelector("aside")!, "button", "convnet:v0").click();
    await idle();
    expect(view().selected).toBe("artifact:3");
  });

  it("shows what the graph knows where no kernel answers", async () => {
    const { root } = await draw({ level: "exploded", selected: "artifact:1" }, tutorial, {});
    expect(root.querySelector("aside")?.textContent).toContain("54.9 MB");
  });
});

describe("keys", () => {
  it("walk through the graph and take the focus along", async () => {
    const { box, view, graph } = await draw({ level: "exploded", selected: "run:d" }, tutorial);
    box("gentle-cloud").focus();
    press(document.activeElement!, "ArrowRight");
    await idle();
    expect(view().selected).toBe("artifact:4");
    expect(document.activeElement).toBe(box("trained-model"));
    press(document.activeElement!, "ArrowLeft");
    await idle();
    expect(document.activeElement).toBe(box("gentle-cloud"));
    press(graph(), "/");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Find in graph");
  });

  it("have one tab stop among the boxes", async () => {
    const { root } = await draw({ level: "exploded", selected: "run:d" }, tutorial);
    const stops = [...root.querySelectorAll<HTMLElement>(".ja-boxes button")].filter(
      (each) => each.tabIndex === 0,
    );
    expect(stops.map(({ textContent }) => textContent)).toEqual([expect.stringContaining("gentle-cloud")]);
  });

  it("turn the picture, and say so to Python", async () => {
    const { box, graph, view, root } = await draw({ level: "exploded", selected: "run:d" }, tutorial);
    const place = (text: string) => {
      const { left, top } = box(text).style;
      return [Number.parseFloat(left), Number.parseFloat(top)] as const;
    };
    const toggle = byRole(root, "button", "Top to bottom");
    expect(toggle.getAttribute("aria-pressed")).toBe("false");
    const steps = ["sunny-smoke", "mnist-raw", "quiet-river", "mnist-preprocess", "gentle-cloud"];
    const rises = (axis: 0 | 1) =>
      steps.every((step, i) => !i || place(step)[axis] > place(steps[i - 1]!)[axis]);
    expect(rises(0)).toBe(true);
    press(graph(), "t");
    await idle();
    expect(view().direction).toBe("down");
    expect(toggle.getAttribute("aria-pressed")).toBe("true");
    expect([rises(0), rises(1)]).toEqual([false, true]);
    box("gentle-cloud").focus();
    press(document.activeElement!, "ArrowDown");
    await idle();
    expect(view().selected).toBe("artifact:4");
    toggle.click();
    await idle();
    expect(view().direction).toBe("right");
  });

  it("zoom, and say so to Python", async () => {
    const { graph, view, root } = await draw({ level: "exploded" }, tutorial);
    press(graph(), "+");
    await idle();
    expect(view().zoom).toBe(1.25);
    expect(root.querySelector(".ja-zoomer")?.textContent).toContain("125 %");
    press(graph(), "-");
    press(graph(), "-");
    await idle();
    expect(view().zoom).toBe(0.8);
    press(graph(), "0");
    await idle();
    expect(view().zoom).toBe(1);
  });

  it("open details with Enter", async () => {
    const { box, root } = await draw({ level: "exploded", selected: "run:d" }, tutorial);
    press(box("gentle-cloud"), "Enter");
    expect(document.activeElement).toBe(root.querySelector("aside"));
  });
});

describe("levels", () => {
  it("change, and a group opens with a double click and closes again", async () => {
    const { box, boxes, root, view } = await draw({ level: "grouped" });
    expect(boxes()).toHaveLength(12);
    box("clean").dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await idle();
    expect(boxes().filter((text) => text?.includes("clean-"))).toHaveLength(4);
    byRole(root, "button", "Regroup").click();
    await idle();
    expect(boxes()).toHaveLength(12);
    byRole(root, "radio", "Exploded").click();
    await idle();
    expect(view().level).toBe("exploded");
  });

  it("open a group with Enter and with its button", async () => {
    const { box, note, root } = await draw({ level: "grouped" });
    box("clean").click();
    await idle();
    press(box("clean"), "Enter");
    await idle();
    expect(note()).toContain("in 15 boxes");
    byRole(root, "button", "+ Open the group of 10").click();
    await idle();
    expect(note()).toContain("in 24 boxes");
  });

  it("select a group without telling Python, which knows of nodes", async () => {
    const { box, view, root, model: fake } = await draw({ level: "grouped", selected: named("train-36") });
    expect(root.querySelector("aside h4")?.textContent).toBe("train");
    box("clean").click();
    await idle();
    expect(root.querySelector("aside h4")?.textContent).toBe("clean");
    expect(view().selected).toBeNull();
    fake.set("view", { ...view(), selected: named("train-36") });
    await idle();
    expect(root.querySelector("aside h4")?.textContent).toBe("train");
  });

  it("look at another level as it fits, and keep the zoom within one", async () => {
    const { root, view, graph } = await draw({ level: "exploded", zoom: 0.5 }, tutorial);
    const shown = () => root.querySelector(".ja-zoomer")?.textContent;
    expect(shown()).toContain("50 %");
    press(graph(), "+");
    await idle();
    expect(view().zoom).toBe(0.625);
    byRole(root, "radio", "Grouped").click();
    await idle();
    expect(shown()).toContain("100 %");
  });

  it("pull a member out of a group", async () => {
    const { box, view, root } = await draw({ level: "grouped" });
    box("train").click();
    await idle();
    type(byRole(root, "searchbox", "Find in this group"), "train-36");
    await idle();
    byRole(root.querySelector(".ja-members")!, "button", "train-36").click();
    await idle();
    expect(view().selected).toBe(named("train-36"));
    expect(box("train-36").getAttribute("aria-pressed")).toBe("true");
  });

  it("ask before they draw very many boxes", async () => {
    const scene = lineageScenes["ten-thousand"] as Scene<"lineage">;
    const { root } = mount(lineage, "lineage", { ...scene, view: { level: "exploded" } });
    await idle();
    expect(root.querySelector(".ja-ask")?.textContent).toContain("10,005 boxes would be drawn");
    expect(root.querySelector(".ja-graph")).toBeNull();
  });
});

describe("how far", () => {
  it("less is shown at once, more is asked for", async () => {
    const { root, note, slices, view } = await draw({ level: "exploded", focus: model });
    byRole(root, "button", "Fewer inputs").click();
    await idle();
    expect(note()).toContain("1 up, 2 down · 4 of 304");
    expect(slices()).toEqual([]);
    byRole(root, "button", "More inputs").click();
    await idle();
    byRole(root, "button", "More inputs").click();
    await idle();
    expect(view().up).toBe(3);
    await until(() => expect(slices()).toMatchObject([{ focus: model, up: 3, down: 2 }]));
    await until(() => expect(note()).toContain("3 up, 2 down · 7 of 304"));
    byRole(root, "group", "Outputs: how far").querySelector<HTMLElement>(".ja-btn-link")!.click();
    await idle();
    // All there is downstream is here already.
    expect(note()).toContain("3 up, all down");
    expect(slices()).toHaveLength(1);
  });

  it("brings in the neighbours that a stub counts", async () => {
    const { root, boxes, slices } = await draw({ level: "exploded", focus: model });
    const before = boxes().length;
    byRole(root, "button", "+14: show 14 more outputs of train:v2").click();
    await until(() => expect(boxes().length).toBe(before + 14));
    expect(slices()).toMatchObject([{ focus: named("train:v2"), up: 0, down: 1 }]);
    expect(root.textContent).not.toContain("+14");
  });

  it("moves to another focus, and to the whole project", async () => {
    const { root, view, note } = await draw({ level: "exploded", focus: model, selected: named("train:v2") });
    byRole(root, "button", "Focus here").click();
    await until(() => expect(note()).toContain("33 of 304"));
    expect(view()).toMatchObject({ focus: named("train:v2"), up: 2, down: 2 });
    byRole(root, "button", "Whole project").click();
    await until(() => expect(note()).toContain("304 of 304"));
    expect(view().focus).toBeNull();
  });

  it("asks anew when the store changed", async () => {
    const { model: fake, slices } = await draw({ level: "exploded", focus: model });
    fake.post({ v: 1, kind: "changed", revision: 5 });
    await until(() => expect(slices()).toHaveLength(1));
  });

  it("asks for what a snapshot had no room for", async () => {
    const cut = {
      ...project,
      nodes: project.nodes.slice(0, 150),
      edges: project.edges.filter((e) => Math.max(...e) < 150),
    };
    const { note, slices } = await draw({ level: "grouped" }, cut);
    await until(() => expect(note()).toContain("304 of 304"));
    expect(slices()).toHaveLength(1);
  });

  it("tells why a slice cannot be had", async () => {
    const kernel = {
      "graph.slice": () => {
        throw { code: "not-found", message: "there is no node run:gone" };
      },
    };
    const { root, slices } = await draw(
      { level: "exploded", focus: model, up: 3 },
      slice(project, model, 2, 2),
      kernel,
    );
    await until(() => expect(root.textContent).toContain("there is no node run:gone"));
    expect(slices()).toHaveLength(1);
  });
});

describe("groups that the kernel made", () => {
  const huge = generate(1000);
  const drawJoined = () => draw({ level: "grouped" }, joined(huge, "grouped"), joiningKernel(huge));

  it("are drawn with their numbers, and nothing else is asked for", async () => {
    const { note, box, slices } = await drawJoined();
    expect(note()).toBe("1,004 of 1,004 nodes shown in 12 boxes");
    expect(box("train").querySelector(".ja-node-badge")?.textContent).toBe("272");
    expect(slices()).toEqual([]);
  });

  it("show members on demand, found by the kernel, and let them be pulled out", async () => {
    const { box, root, view, note } = await drawJoined();
    box("train").click();
    await until(() => expect(root.querySelectorAll(".ja-members li")).toHaveLength(60));
    expect(root.querySelector(".ja-members p")?.textContent).toBe("212 more: narrow it down above.");
    type(byRole(root, "searchbox", "Find in this group"), "train-271");
    await until(() => expect(root.querySelectorAll(".ja-members li")).toHaveLength(1));
    byRole(root.querySelector(".ja-members")!, "button", "train-271").click();
    await until(() => expect(note()).toContain("in 13 boxes"));
    expect(box("train-271").getAttribute("aria-pressed")).toBe("true");
    expect(view().selected).toBe(huge.nodes.find(({ label }) => label === "train-271")!.id);
  });

  it("are opened, and taken at another level, by the kernel", async () => {
    const { root, note, slices } = await drawJoined();
    byRole(root, "button", "+ Open the group of 9").click();
    await until(() => expect(note()).toContain("in 20 boxes"));
    expect(slices()).toMatchObject([{ focus: null, level: "grouped", opened: ["run:upload"] }]);
    byRole(root, "radio", "Clusters").click();
    await until(() => expect(slices()).toHaveLength(2));
    expect(slices()[1]).toMatchObject({ focus: null, level: "clusters" });
  });

  it("are searched through by the kernel; a hit stands by itself", async () => {
    const { root, box } = await drawJoined();
    const search = byRole(root, "searchbox", "Find in graph");
    type(search, "model:v27");
    await until(() => expect(root.querySelector(".ja-found")?.textContent).toBe("3 matches"));
    press(search, "Enter");
    await until(() => expect(root.querySelector(".ja-found")?.textContent).toBe("1 of 3 matches"));
    await until(() => expect(box("model:v27").getAttribute("aria-pressed")).toBe("true"));
  });

  it("give way to nodes around a focus", async () => {
    const { model: fake, view, note } = await drawJoined();
    const focus = huge.nodes.find(({ label }) => label === "model:v12")!.id;
    fake.set("view", { ...view(), focus, level: "exploded" });
    await until(() => expect(note()).toMatch(/^2 up, 2 down · \d of 1,004 nodes shown$/));
    fake.set("view", { ...view(), focus: null, level: "grouped" });
    await until(() => expect(note()).toBe("1,004 of 1,004 nodes shown in 12 boxes"));
  });
});

describe("find", () => {
  it("counts, marks and goes from one to the next", async () => {
    const { root, view } = await draw({ level: "exploded" }, tutorial);
    const search = byRole(root, "searchbox", "Find in graph");
    type(search, "mnist");
    await idle();
    expect(root.querySelector(".ja-found")?.textContent).toBe("2 matches");
    expect(root.querySelectorAll(".ja-node-found")).toHaveLength(2);
    press(search, "Enter");
    await idle();
    expect(view().selected).toBe("artifact:1");
    press(search, "Enter");
    await idle();
    expect(view().selected).toBe("artifact:2");
    expect(root.querySelector(".ja-found")?.textContent).toBe("2 of 2 matches");
  });
});

describe("the list", () => {
  it("has every box, with direction, hops and way, and the same selection", async () => {
    const { root, view } = await draw({ level: "exploded", focus: model, list: true });
    const rows = [...root.querySelectorAll(".ja-list tbody tr")].map((row) =>
      [...row.children].map(({ textContent }) => textContent?.trim()),
    );
    expect(rows.map(([, ...rest]) => rest)).toContainEqual(["split", "up", "2", "train-12"]);
    expect(rows).toHaveLength(6);
    const names = [...root.querySelectorAll<HTMLElement>(".ja-list-name")];
    names[0]!.focus();
    press(names[0]!, "ArrowDown");
    await idle();
    expect(view().selected).not.toBeNull();
    press(document.activeElement!, "ArrowDown");
    await idle();
    expect(document.activeElement?.closest("tr")?.className).toBe("ja-row-selected");
    expect(root.querySelector("aside h4")?.textContent).toBe(
      document.activeElement?.querySelector("bdi")?.textContent,
    );
  });
});

describe("nothing", () => {
  it("is said in words", async () => {
    const { root } = await draw({ level: "grouped" }, { ...tutorial, nodes: [], edges: [], total: 0 });
    expect(root.textContent).toContain("Nothing has been logged here yet.");
  });
});
