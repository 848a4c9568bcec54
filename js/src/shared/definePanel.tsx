// From a Preact component to an anywidget module. Nothing runs before a model is there.
// Style sheets go into a bundle in the order of their imports, base.css before all (jsx.ts): a component
// imports its own sheet after its other imports.

import { type ComponentType, render } from "preact";
import { hideTwins } from "./dom";
import { Frame } from "./Frame";
import { keepFocus } from "./focus";
import type { Chunk, PanelModel, Traits, Words } from "./model";
import type { PanelProps } from "./panel";
import { Pieces } from "./pieces";
import type { PanelKind, Views } from "./protocol.gen";
import { Rpc } from "./rpc";
import { themeOf } from "./theme";
import { language, meant, onWords, say, speak } from "./words";

export interface PanelDefinition<K extends PanelKind> {
  kind: K;
  /** Names the region for screen readers. */
  label: string;
  component: ComponentType<PanelProps<K>>;
  /** Brings what is not drawn at first, where the module came whole; else the stub does. */
  pieces?: () => Promise<unknown>;
  /** The view where the model has none or only a part of one. */
  view: Views[K];
}

/** What anywidget hands to a module's functions; older ones give no signal. */
interface Given<K extends PanelKind> {
  model: PanelModel<K>;
  signal?: AbortSignal;
  /** From the stub: the parts of the code. */
  chunks?: readonly Chunk[];
  /** From the stub: brings the module of the pieces, and the chunks that it took. */
  later?: () => Promise<[module: unknown, chunks: readonly Chunk[]]>;
}

interface GivenView<K extends PanelKind> extends Given<K> {
  el: HTMLElement;
}

export interface Widget<K extends PanelKind> {
  initialize(given: Given<K>): () => void;
  render(given: GivenView<K>): () => void;
}

/**
 * Makes a panel's module: `export default definePanel({...})`.
 * It is a factory, so that models that share one module (marimo) do not share one pump.
 */
export function definePanel<K extends PanelKind>(definition: PanelDefinition<K>): () => Widget<K> {
  return () => {
    let rpc: Rpc | null = null;
    return {
      initialize({ model, signal }) {
        const mine = new Rpc(model);
        rpc = mine;
        const close = () => {
          mine.close();
          if (rpc === mine) rpc = null;
        };
        signal?.addEventListener("abort", close);
        return close;
      },

      render({ model, el, signal, chunks = [], later }) {
        const life = new AbortController();
        // A host that does not call initialize gets a pump that lives as long as the view.
        let own: Rpc | null = null;
        if (rpc === null) own = new Rpc(model);
        const root = el.ownerDocument.createElement("section");
        root.className = `ja ja-${definition.kind}`;
        root.setAttribute("role", "region");
        hearWords(model, chunks, definition.kind, life.signal);
        const name = () => {
          root.lang = language();
          root.setAttribute("aria-label", say(definition.label));
        };
        name();
        life.signal.addEventListener("abort", onWords(name));
        // Keeps JupyterLab's own shortcuts out while the focus is in here.
        root.setAttribute("data-lm-suppress-shortcuts", "true");
        root.tabIndex = -1;
        dress(el, model.get("code"), chunks);
        const pieces = new Pieces(async () => {
          if (!later) return definition.pieces?.();
          const [module, more] = await later();
          dress(el, model.get("code")?.slice(chunks.length), more);
          return module;
        });
        whenIdle(() => life.signal.aborted || pieces.load());
        el.append(root);
        root.dataset.theme = themeOf(root);
        keepFocus(root, life.signal);
        hideTwins(root, String(model.get("panel_id") ?? ""), life.signal);
        render(
          <Frame
            definition={definition}
            model={model}
            rpc={rpc ?? (own as Rpc)}
            root={root}
            pieces={pieces}
            signal={life.signal}
          />,
          root,
        );
        const clear = () => {
          if (life.signal.aborted) return;
          life.abort();
          render(null, root);
          root.remove();
          own?.close();
        };
        signal?.addEventListener("abort", clear);
        return clear;
      },
    };
  };
}

/** Not before the first drawing is done; a kernel that ends later is not needed for it any more. */
function whenIdle(run: () => unknown): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 2000 });
  else setTimeout(run, 300);
}

/** Puts the chunks' style sheets beside those of the page around `el`, each once. */
function dress(el: HTMLElement, code: Traits["code"], chunks: readonly Chunk[]): void {
  const around = el.getRootNode();
  const home = around instanceof ShadowRoot ? around : el.ownerDocument.head;
  chunks.forEach((chunk, i) => {
    const id = `ja-${code?.[i]?.[0]}`;
    if (home.querySelector(`#${id}`)) return;
    const style = el.ownerDocument.createElement("style");
    style.id = id;
    style.textContent = chunk.get("css");
    home.append(style);
  });
}

/** Speaks the language that the model asks for, now and when that or the words change. */
function hearWords<K extends PanelKind>(
  model: PanelModel<K>,
  chunks: readonly Chunk[],
  kind: K,
  signal: AbortSignal,
): void {
  const hear = () => {
    const words: Words[] = chunks.map((chunk) => chunk.get("words"));
    speak(meant(model.get("lang")), Object.assign({}, model.get("words"), ...words), kind);
  };
  hear();
  model.on("change:lang", hear);
  for (const chunk of chunks) chunk.on?.("change:words", hear);
  signal.addEventListener("abort", () => {
    model.off("change:lang", hear);
    for (const chunk of chunks) chunk.off?.("change:words", hear);
  });
}
