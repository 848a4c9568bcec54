// @vitest-environment happy-dom
import { useState } from "preact/hooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeModel } from "../../dev/fake-model";
import { logged } from "../../dev/fixtures/card";
import { definePanel } from "../../src/shared/definePanel";
import { useAsk, useRevision } from "../../src/shared/hooks";
import { type PanelProps, useHost } from "../../src/shared/panel";
import type { CardView } from "../../src/shared/protocol.gen";
import { Button } from "../../src/shared/ui/Button";
import { byRole, idle, mount, until } from "../mount";

const EMPTY: CardView = { opened: [] };

function Probe({ snapshot, view, setView, host }: PanelProps<"card">) {
  const [clicks, setClicks] = useState(0);
  if (snapshot.message === "throw") throw new Error("a part broke");
  return (
    <>
      <p class="label">{snapshot.row.label}</p>
      <p class="view">{view.opened.join()}</p>
      <Button onClick={() => setView({ opened: [...view.opened, "files"] })}>open</Button>
      <Button onClick={() => setClicks(clicks + 1)}>{`clicks ${clicks}`}</Button>
      <Button onClick={() => host.announce("said so")}>say</Button>
    </>
  );
}

const probe = definePanel({ kind: "card", label: "Probe", component: Probe, view: EMPTY });
const text = (root: ParentNode, selector: string) => root.querySelector(selector)?.textContent;

afterEach(() => {
  document.body.textContent = "";
  document.body.removeAttribute("data-jp-theme-light");
  vi.restoreAllMocks();
});

describe("the root", () => {
  it("is a labelled region that keeps the host's shortcuts out", () => {
    const { root } = mount(probe, "card", { snapshot: logged });
    expect(root.className).toBe("ja ja-card");
    expect(root.getAttribute("role")).toBe("region");
    expect(root.getAttribute("aria-label")).toBe("Probe");
    expect(root.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  });

  it("follows the host's theme", async () => {
    const { root } = mount(probe, "card", { snapshot: logged });
    expect(root.dataset.theme).toBe("light");
    await idle();
    document.body.setAttribute("data-jp-theme-light", "false");
    await until(() => expect(root.dataset.theme).toBe("dark"));
  });

  it("has the theme that the kernel asks for, in its own colours where the page has another", async () => {
    const { root, model } = mount(probe, "card", { snapshot: logged });
    const is = (theme: string, foreign: boolean) =>
      until(() => expect([root.dataset.theme, root.hasAttribute("data-foreign")]).toEqual([theme, foreign]));
    await idle();
    model.set("theme", "dark");
    await is("dark", true);
    document.body.setAttribute("data-jp-theme-light", "false");
    await is("dark", false);
    document.body.removeAttribute("data-jp-theme-light");
    await is("dark", true);
    model.set("theme", "auto");
    await is("light", false);
  });

  it("hides its twin while it lives", () => {
    const twin = document.createElement("div");
    twin.setAttribute("data-ja-static", "card-1");
    document.body.append(twin);
    const { clear } = mount(probe, "card", { snapshot: logged });
    expect(twin.style.display).toBe("none");
    clear();
    expect(twin.style.display).toBe("");
  });
});

describe("traits", () => {
  it("reach the component, and so do their changes", async () => {
    const { root, model } = mount(probe, "card", { snapshot: logged, view: { opened: ["metadata"] } });
    expect([text(root, ".label"), text(root, ".view")]).toEqual(["mnist-cnn:v41", "metadata"]);
    await idle();
    model.set("snapshot", { ...logged, row: { ...logged.row, label: "other:v0" } });
    model.set("view", { opened: ["files"] });
    await until(() => expect([text(root, ".label"), text(root, ".view")]).toEqual(["other:v0", "files"]));
  });

  it("are changed at once here and saved a moment later", async () => {
    const { root, model } = mount(probe, "card", { snapshot: logged, view: { opened: [] } });
    byRole(root, "button", "open").click();
    expect(model.get("view")).toEqual({ opened: ["files"] });
    expect(model.saves).toBe(0);
    await until(() => expect(text(root, ".view")).toBe("files"));
    await until(() => expect(model.saves).toBe(1));
  });

  it("are saved when the view goes before the moment is over", async () => {
    const { root, model, clear } = mount(probe, "card", { snapshot: logged, view: { opened: [] } });
    await idle();
    byRole(root, "button", "open").click();
    clear();
    await until(() => expect(model.saves).toBe(1));
  });

  it("that are missing take the panel's own", () => {
    const { root } = mount(probe, "card", { snapshot: logged, view: undefined as never });
    expect(text(root, ".view")).toBe("");
  });
});

describe("several views of one model", () => {
  it("are drawn side by side, and share their view", async () => {
    const first = mount(probe, "card", { snapshot: logged, view: { opened: [] } });
    const second = first.again();
    await idle();
    byRole(first.root, "button", "open").click();
    await until(() => expect(text(second.root, ".view")).toBe("files"));
    second.clear();
    expect(second.el.childElementCount).toBe(0);
    expect(text(first.root, ".view")).toBe("files");
  });

  it("can go and come again", async () => {
    const first = mount(probe, "card", { snapshot: logged, view: { opened: [] } });
    await idle();
    byRole(first.root, "button", "open").click();
    first.clear();
    const second = first.again();
    await until(() => expect(text(second.root, ".view")).toBe("files"));
    expect(first.model.listening("msg:custom")).toBe(1);
  });

  it("leave nothing behind", async () => {
    const { model, clear, destroy, el } = mount(probe, "card", { snapshot: logged });
    await idle();
    expect(model.listening("change:view")).toBe(1);
    clear();
    clear();
    destroy();
    const events = ["change:view", "change:snapshot", "msg:custom"];
    await until(() => expect(events.map((event) => model.listening(event))).toEqual([0, 0, 0]));
    expect(el.childElementCount).toBe(0);
  });
});

it("works in a host that does not call initialize", () => {
  const model = new FakeModel("card", { snapshot: logged });
  const el = document.createElement("div");
  const clear = probe().render({ model, el });
  expect(text(el, ".label")).toBe("mnist-cnn:v41");
  expect(model.listening("msg:custom")).toBe(1);
  clear();
  expect(model.listening("msg:custom")).toBe(0);
});

describe("what goes wrong", () => {
  it("in a component is shown as a card, and new data gets another try", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { root, model } = mount(probe, "card", { snapshot: { ...logged, message: "throw" } });
    await until(() => expect(byRole(root, "alert").textContent).toContain("a part broke"));
    await idle();
    model.set("snapshot", logged);
    await until(() => expect(text(root, ".label")).toBe("mnist-cnn:v41"));
  });

  it.each([null, undefined, [], "text"])("in the data (%j) is said", (snapshot) => {
    const { root } = mount(probe, "card", { snapshot: snapshot as never });
    expect(byRole(root, "alert").textContent).toContain("no data");
  });

  it("between versions is said", () => {
    const model = new FakeModel("card", { snapshot: logged });
    model.set("protocol", 2);
    const el = document.createElement("div");
    document.body.append(el);
    probe().render({ model, el });
    expect(byRole(el, "alert").textContent).toContain("different versions");
  });
});

it("says lines to screen readers", async () => {
  const { root } = mount(probe, "card", { snapshot: logged });
  byRole(root, "button", "say").click();
  await until(() => expect(text(root, "[aria-live=polite]")).toBe("said so"));
});

describe("a silent kernel", () => {
  function Asking() {
    const { live } = useHost();
    const asked = useAsk("artifact.get", { id: 1 }, useRevision());
    return (
      <>
        <p class="live">{String(live)}</p>
        <p class="asked">{asked.loading ? "loading" : (asked.error?.message ?? asked.data?.row.label)}</p>
      </>
    );
  }
  const asking = definePanel({ kind: "card", label: "Asking", component: Asking, view: EMPTY });

  it("is told, and another try asks again", async () => {
    let answered = false;
    const { root, model } = mount(asking, "card", {
      snapshot: logged,
      kernel: { "artifact.get": () => ({ row: { label: "answered" } }) as never },
    });
    const send = model.send.bind(model);
    model.send = (message) => {
      if (!answered) throw new Error("gone");
      send(message);
    };
    await until(() => expect(text(root, ".live")).toBe("false"));
    expect(root.textContent).toContain("kernel has been busy for long");
    answered = true;
    byRole(root, "button", "Try again").click();
    await until(() => expect(text(root, ".asked")).toBe("answered"));
    expect(text(root, ".live")).toBe("true");
    expect(root.textContent).not.toContain("kernel has been busy for long");
  });

  it("asks again when the store changed", async () => {
    let version = 0;
    const { root, model } = mount(asking, "card", {
      snapshot: logged,
      kernel: { "artifact.get": () => ({ row: { label: `v${version++}` } }) as never },
    });
    await until(() => expect(text(root, ".asked")).toBe("v0"));
    model.post({ v: 1, kind: "changed", revision: 2 });
    await until(() => expect(text(root, ".asked")).toBe("v1"));
  });
});
