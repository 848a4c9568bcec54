// The stand-alone page: every scene of every panel, driven through the built bundles as anywidget would.
// Address: ?only=table/big,card&theme=dark&host=lab|vscode|bare&width=900&lang=ja

import type { PanelKind } from "../src/shared/protocol.gen";
import { FakeModel, type Scene } from "./fake-model";

type AnyScene = Scene<PanelKind>;
interface Module {
  default(): {
    initialize(given: unknown): unknown;
    render(given: unknown): unknown;
  };
}
declare global {
  interface Window {
    /** Set by dev/build.mjs. */
    JA_BUNDLES: Record<string, { js: string; css: string }>;
    /** The Japanese words of all panels. */
    JA_WORDS: Record<string, string>;
    /** The models on the page, for tests. */
    JA_MODELS: Record<string, FakeModel<PanelKind>>;
    JA_READY?: boolean;
  }
}

export async function show(scenes: Record<string, Record<string, AnyScene>>): Promise<void> {
  const options = new URLSearchParams(location.search);
  const only = options.get("only")?.split(",") ?? null;
  const theme = options.get("theme") ?? "light";
  dress(options.get("host") ?? "lab", theme);
  document.body.style.width = `${options.get("width") ?? 1000}px`;
  window.JA_MODELS = {};
  for (const [kind, named] of Object.entries(scenes)) {
    const bundle = window.JA_BUNDLES[kind];
    if (!bundle) continue;
    const style = document.createElement("style");
    style.textContent = bundle.css;
    document.head.append(style);
    for (const [name, scene] of Object.entries(named)) {
      const key = `${kind}/${name}`;
      if (only && !only.includes(key) && !only.includes(kind)) continue;
      await mount(key, kind as PanelKind, bundle.js, scene);
    }
  }
  window.JA_READY = true;
}

async function mount(key: string, kind: PanelKind, code: string, scene: AnyScene): Promise<void> {
  const cell = document.createElement("main");
  cell.dataset.scene = key;
  const head = document.createElement("p");
  head.className = "scene";
  head.textContent = key;
  const el = document.createElement("div");
  cell.append(head, el);
  document.body.append(cell);
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const module = (await import(url)) as Module;
  const widget = module.default();
  const model = new FakeModel(kind, scene);
  model.set("words", window.JA_WORDS);
  model.set("lang", new URLSearchParams(location.search).get("lang") ?? "en");
  window.JA_MODELS[key] = model;
  const signal = new AbortController().signal;
  await widget.initialize({ model, signal });
  await widget.render({ model, el, signal });
}

// The variables that JupyterLab 4 and VS Code set, as far as panels read them.
const HOSTS: Record<string, Record<string, Record<string, string>>> = {
  lab: {
    light: {
      "--jp-layout-color1": "white",
      "--jp-ui-font-color1": "rgba(0,0,0,.87)",
      "--jp-brand-color1": "#1976d2",
    },
    dark: {
      "--jp-layout-color1": "#111",
      "--jp-ui-font-color1": "rgba(255,255,255,1)",
      "--jp-brand-color1": "#64b5f6",
    },
  },
  vscode: {
    light: {
      "--vscode-editor-background": "#ffffff",
      "--vscode-foreground": "#3b3b3b",
      "--vscode-textLink-foreground": "#005fb8",
    },
    dark: {
      "--vscode-editor-background": "#1f1f1f",
      "--vscode-foreground": "#cccccc",
      "--vscode-textLink-foreground": "#4daafc",
    },
  },
};
const LAB_FONTS = {
  "--jp-ui-font-family":
    'system-ui, -apple-system, blinkmacsystemfont, "Segoe UI", helvetica, arial, sans-serif, "Apple Color Emoji"',
  "--jp-code-font-family": 'menlo, consolas, "DejaVu Sans Mono", monospace',
};

function dress(host: string, theme: string): void {
  const { body, documentElement: html } = document;
  const variables = { ...HOSTS[host]?.[theme], ...(host === "lab" ? LAB_FONTS : {}) };
  for (const [name, value] of Object.entries(variables)) html.style.setProperty(name, value);
  if (host === "lab") body.dataset.jpThemeLight = String(theme === "light");
  if (host === "vscode") body.classList.add(`vscode-${theme}`);
  body.classList.add(`page-${theme}`);
}
