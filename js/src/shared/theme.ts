// Light or dark, as the host says it; and the palette for a canvas, which cannot use CSS variables.

import { documents } from "./dom";

export type Theme = "light" | "dark";

/** The marks of the hosts, dark and light in turn, as they are believed: Jupyter, VS Code, Colab, the rest. */
const MARKS = [
  "body[data-jp-theme-light=false]",
  "body[data-jp-theme-light]",
  "body:is(.vscode-dark,.vscode-high-contrast:not(.vscode-high-contrast-light))",
  "body:is(.vscode-light,.vscode-high-contrast)",
  "html[theme=dark]",
  "html[theme=light]",
  ":is(html,body):is([data-theme=dark],.dark)",
  ":is(html,body):is([data-theme=light],.light)",
];
const DARK = "(prefers-color-scheme: dark)";
const FEW_COLORS = "(forced-colors: active)";

/** Tells the theme of the page around `element`. */
export function themeOf(element: Element): Theme {
  for (const document of documents(element.ownerDocument)) {
    const mark = MARKS.findIndex((selector) => document.querySelector(selector));
    if (mark >= 0) return mark % 2 === 0 ? "dark" : "light";
  }
  // A part of the page may have a theme of its own (documentation sites, marimo).
  const around = element.parentElement?.closest("[data-theme=dark],[data-theme=light]");
  if (around) return around.getAttribute("data-theme") as Theme;
  return element.ownerDocument.defaultView?.matchMedia?.(DARK).matches ? "dark" : "light";
}

/** What tells one dark theme from another, high contrast too: colours that a canvas has to be painted with again. */
export function looksOf(element: Element): string {
  const { color, backgroundColor } = getComputedStyle(element);
  return `${themeOf(element)} ${color} ${backgroundColor}`;
}

/** Calls back whenever the theme around `element` or its colours change, until `signal` aborts. */
export function watchTheme(element: Element, callback: () => void, signal: AbortSignal): void {
  let last = looksOf(element);
  const look = () => {
    const now = looksOf(element);
    if (now === last) return;
    last = now;
    callback();
  };
  const observer = new MutationObserver(look);
  const settings = {
    attributes: true,
    attributeFilter: ["class", "theme", "data-theme", "data-jp-theme-light", "data-jp-theme-name"],
  };
  for (const { documentElement, body } of documents(element.ownerDocument)) {
    for (const marked of [documentElement, body]) if (marked) observer.observe(marked, settings);
  }
  for (const asked of [DARK, FEW_COLORS])
    element.ownerDocument.defaultView?.matchMedia?.(asked).addEventListener("change", look, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

const COLORS = [
  "bg",
  "bg2",
  "fg",
  "mut",
  "line",
  "brand",
  "run",
  "run-bg",
  "art",
  "art-bg",
  "warn",
  "err",
  "edge",
] as const;

/** Every colour of the palette, as the browser computed it. */
export type Colors = Record<(typeof COLORS)[number], string>;

/** Reads the palette at `element` (inside of a panel). Read it again when the theme changes. */
export function readColors(element: Element): Colors {
  // A custom property computes to its formula; only a real property computes to a colour.
  const probe = element.ownerDocument.createElement("span");
  probe.style.display = "none";
  element.append(probe);
  const colors = {} as Colors;
  for (const name of COLORS) {
    probe.style.color = `var(--ja-${name})`;
    colors[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colors;
}
