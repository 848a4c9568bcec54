// Light or dark, as the host says it; and the palette for a canvas, which cannot use CSS variables.

export type Theme = "light" | "dark";

/** The marks of the hosts, in the order in which they are believed. */
function marked(document: Document): Theme | null {
  const { body, documentElement: html } = document;
  if (!body) return null;
  const jupyter = body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === "false" ? "dark" : "light";
  if (has(body, "vscode-high-contrast-light", "vscode-light")) return "light";
  if (has(body, "vscode-dark", "vscode-high-contrast")) return "dark";
  const colab = html.getAttribute("theme");
  if (colab === "dark" || colab === "light") return colab;
  for (const element of [body, html]) {
    const theme = element.dataset.theme;
    if (theme === "dark" || theme === "light") return theme;
    if (has(element, "dark")) return "dark";
    if (has(element, "light")) return "light";
  }
  return null;
}

function has(element: Element, ...names: string[]): boolean {
  return names.some((name) => element.classList.contains(name));
}

/** The documents whose marks count: our own, then the one around our frame if we may look at it. */
function documents(own: Document): Document[] {
  const found = [own];
  try {
    const outer = own.defaultView?.parent?.document;
    if (outer && outer !== own) found.push(outer);
  } catch {
    // The frame is of another origin: only our own document's marks can be read.
  }
  return found;
}

const DARK = "(prefers-color-scheme: dark)";

/** Tells the theme of the page around `element`. */
export function themeOf(element: Element): Theme {
  const document = element.ownerDocument;
  // A part of the page may have a theme of its own (documentation sites, marimo).
  const around = element.parentElement?.closest("[data-theme=dark],[data-theme=light]");
  for (const each of documents(document)) {
    const theme = marked(each);
    if (theme) return theme;
  }
  if (around) return around.getAttribute("data-theme") === "dark" ? "dark" : "light";
  return document.defaultView?.matchMedia?.(DARK).matches ? "dark" : "light";
}

/** Calls back whenever the theme around `element` changes, until `signal` aborts. */
export function watchTheme(element: Element, callback: (theme: Theme) => void, signal: AbortSignal): void {
  let last = themeOf(element);
  const look = () => {
    const now = themeOf(element);
    if (now === last) return;
    last = now;
    callback(now);
  };
  const observer = new MutationObserver(look);
  const settings = {
    attributes: true,
    attributeFilter: ["class", "theme", "data-theme", "data-jp-theme-light"],
  };
  for (const document of documents(element.ownerDocument)) {
    observer.observe(document.documentElement, settings);
    if (document.body) observer.observe(document.body, settings);
  }
  const query = element.ownerDocument.defaultView?.matchMedia?.(DARK);
  query?.addEventListener("change", look);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    query?.removeEventListener("change", look);
  });
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
