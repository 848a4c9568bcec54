// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { copyText, hideTwins, newId } from "../../src/shared/dom";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.textContent = "";
});

function twin(id: string, parent: Element = document.body): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("data-ja-static", id);
  parent.append(element);
  return element;
}

function notebook(): HTMLElement {
  const element = document.createElement("div");
  element.className = "jp-NotebookPanel";
  document.body.append(element);
  return element;
}

describe("hideTwins", () => {
  it("hides the twins of its panel alone, and shows them again at the end", () => {
    const [mine, other] = [twin("p1"), twin("p2")];
    mine.style.display = "grid";
    const life = new AbortController();
    hideTwins(document.body, "p1", life.signal);
    expect([mine.style.display, other.style.display]).toEqual(["none", ""]);
    life.abort();
    expect(mine.style.display).toBe("grid");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("finds a twin that is drawn up to 3 s later", () => {
    hideTwins(document.body, "p1", new AbortController().signal);
    vi.advanceTimersByTime(2000);
    const late = twin("p1");
    vi.advanceTimersByTime(500);
    expect(late.style.display).toBe("none");
    vi.advanceTimersByTime(2000);
    const tooLate = twin("p1");
    vi.advanceTimersByTime(5000);
    expect(tooLate.style.display).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves the twin of another notebook in the page alone", () => {
    const [ours, theirs] = [notebook(), notebook()];
    const [mine, other] = [twin("p1", ours), twin("p1", theirs)];
    hideTwins(ours, "p1", new AbortController().signal);
    expect([mine.style.display, other.style.display]).toEqual(["none", ""]);
  });

  it("waits until its view is in the page", () => {
    const [ours, theirs] = [notebook(), notebook()];
    const [mine, other] = [twin("p1", ours), twin("p1", theirs)];
    const view = document.createElement("div");
    hideTwins(view, "p1", new AbortController().signal);
    vi.advanceTimersByTime(60_000);
    expect(mine.style.display).toBe("");
    ours.append(view);
    vi.advanceTimersByTime(200);
    expect([mine.style.display, other.style.display]).toEqual(["none", ""]);
  });

  it("shows a twin when the last of two views ends", () => {
    const mine = twin("p1");
    const [one, two] = [new AbortController(), new AbortController()];
    hideTwins(document.body, "p1", one.signal);
    hideTwins(document.body, "p1", two.signal);
    one.abort();
    expect(mine.style.display).toBe("none");
    two.abort();
    expect(mine.style.display).toBe("");
  });

  it("takes an id as text, whatever is in it", () => {
    const hostile = '"],*,[x="';
    const [mine, other] = [twin(hostile), twin("p2")];
    hideTwins(document.body, hostile, new AbortController().signal);
    expect([mine.style.display, other.style.display]).toEqual(["none", ""]);
  });

  it("hides nothing for a panel without an id", () => {
    const unnamed = twin("");
    hideTwins(document.body, "", new AbortController().signal);
    expect(unnamed.style.display).toBe("");
  });
});

describe("copyText", () => {
  it("uses the clipboard where it is allowed", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    expect(await copyText("a<b", document.body)).toBe(true);
    expect(writeText).toHaveBeenCalledWith("a<b");
  });

  it("falls back to the older way, and says when neither works", async () => {
    vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
    const execCommand = vi.fn(() => true);
    Object.assign(document, { execCommand });
    expect(await copyText("text", document.body)).toBe(true);
    execCommand.mockReturnValue(false);
    expect(await copyText("text", document.body)).toBe(false);
    expect(document.querySelector("textarea")).toBeNull();
  });
});

it("makes ids that differ", () => expect(newId("x")).not.toBe(newId("x")));
