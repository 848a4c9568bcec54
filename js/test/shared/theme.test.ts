// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Theme, themeOf, watchTheme } from "../../src/shared/theme";

const { documentElement: html, body } = document;
let element: HTMLElement;
let system = false;

beforeEach(() => {
  system = false;
  vi.stubGlobal("matchMedia", () => ({ matches: system, addEventListener() {}, removeEventListener() {} }));
  window.matchMedia = globalThis.matchMedia;
  element = document.createElement("div");
  body.append(element);
});
afterEach(() => {
  for (const each of [html, body]) {
    for (const { name } of [...each.attributes]) each.removeAttribute(name);
  }
  body.textContent = "";
  vi.unstubAllGlobals();
});

describe("themeOf", () => {
  it.each<[string, () => void, Theme]>([
    ["JupyterLab, dark", () => body.setAttribute("data-jp-theme-light", "false"), "dark"],
    ["JupyterLab, light", () => body.setAttribute("data-jp-theme-light", "true"), "light"],
    ["VS Code, dark", () => body.classList.add("vscode-dark"), "dark"],
    ["VS Code, high contrast", () => body.classList.add("vscode-high-contrast"), "dark"],
    [
      "VS Code, light high contrast",
      () => body.classList.add("vscode-high-contrast", "vscode-high-contrast-light"),
      "light",
    ],
    ["Colab, dark", () => html.setAttribute("theme", "dark"), "dark"],
    ["documentation, dark", () => html.setAttribute("data-theme", "dark"), "dark"],
    ["marimo, dark", () => html.classList.add("dark"), "dark"],
  ])("%s", (_, mark, theme) => {
    mark();
    system = theme === "light";
    expect(themeOf(element)).toBe(theme);
  });

  it("believes Jupyter before others", () => {
    body.setAttribute("data-jp-theme-light", "true");
    html.setAttribute("data-theme", "dark");
    expect(themeOf(element)).toBe("light");
  });

  it("takes the theme of the part of the page around it", () => {
    const part = document.createElement("div");
    part.dataset.theme = "dark";
    part.append(element);
    body.append(part);
    expect(themeOf(element)).toBe("dark");
  });

  it("does not take its own mark for the page's", () => {
    element.dataset.theme = "dark";
    expect(themeOf(element)).toBe("light");
  });

  it("asks the system where the page says nothing", () => {
    expect(themeOf(element)).toBe("light");
    system = true;
    expect(themeOf(element)).toBe("dark");
  });
});

it("tells of changes until its signal aborts", async () => {
  const heard: Theme[] = [];
  const abort = new AbortController();
  watchTheme(element, () => heard.push(themeOf(element)), abort.signal);
  body.setAttribute("data-jp-theme-light", "false");
  await vi.waitFor(() => expect(heard).toEqual(["dark"]));
  body.classList.add("no-news");
  body.setAttribute("data-jp-theme-light", "true");
  await vi.waitFor(() => expect(heard).toEqual(["dark", "light"]));
  abort.abort();
  body.setAttribute("data-jp-theme-light", "false");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(heard).toEqual(["dark", "light"]);
});

it("tells of other colours of the same theme", async () => {
  body.setAttribute("data-jp-theme-light", "false");
  const abort = new AbortController();
  const heard = vi.fn();
  watchTheme(element, heard, abort.signal);
  element.style.color = "rgb(1, 2, 3)";
  body.setAttribute("data-jp-theme-name", "JupyterLab Dark High Contrast");
  await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  abort.abort();
});
