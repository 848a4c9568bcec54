// From a Preact component to an anywidget module. Nothing runs before a model is there.
// Style sheets go into a bundle in the order of their imports, base.css before all (jsx.ts): a component
// imports its own sheet after its other imports.

import { type ComponentType, render } from "preact";
import { hideTwins } from "./dom";
import { Frame } from "./Frame";
import type { PanelModel } from "./model";
import type { PanelProps } from "./panel";
import type { PanelKind, Views } from "./protocol.gen";
import { Rpc } from "./rpc";
import { themeOf } from "./theme";
import { language, meant, onWords, say, speak } from "./words";

export interface PanelDefinition<K extends PanelKind> {
  kind: K;
  /** Names the region for screen readers. */
  label: string;
  component: ComponentType<PanelProps<K>>;
  /** The view where the model has none or only a part of one. */
  view: Views[K];
}

/** What anywidget hands to a module's functions; older ones give no signal. */
interface Given<K extends PanelKind> {
  model: PanelModel<K>;
  signal?: AbortSignal;
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

      render({ model, el, signal }) {
        const life = new AbortController();
        // A host that does not call initialize gets a pump that lives as long as the view.
        let own: Rpc | null = null;
        if (rpc === null) own = new Rpc(model);
        const root = el.ownerDocument.createElement("section");
        root.className = `ja ja-${definition.kind}`;
        root.setAttribute("role", "region");
        hearWords(model, definition.kind, life.signal);
        const name = () => {
          root.lang = language();
          root.setAttribute("aria-label", say(definition.label));
        };
        name();
        life.signal.addEventListener("abort", onWords(name));
        // Keeps JupyterLab's own shortcuts out while the focus is in here.
        root.setAttribute("data-lm-suppress-shortcuts", "true");
        root.tabIndex = -1;
        el.append(root);
        root.dataset.theme = themeOf(root);
        hideTwins(el.ownerDocument, String(model.get("panel_id") ?? ""), life.signal);
        render(
          <Frame
            definition={definition}
            model={model}
            rpc={rpc ?? (own as Rpc)}
            root={root}
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

/** Speaks the language that the model asks for, now and when that changes. */
function hearWords<K extends PanelKind>(model: PanelModel<K>, kind: K, signal: AbortSignal): void {
  const hear = () => speak(meant(model.get("lang")), model.get("words") ?? {}, kind);
  hear();
  for (const event of ["change:lang", "change:words"]) {
    model.on(event, hear);
    signal.addEventListener("abort", () => model.off(event, hear));
  }
}
