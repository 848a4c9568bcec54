// Draws a stored panel where JupyterLab would show its static twin: no kernel, no trust needed.

import artifact from "../src/entries/artifact";
import card from "../src/entries/card";
import diff from "../src/entries/diff";
import examples from "../src/entries/examples";
import lineage from "../src/entries/lineage";
import run from "../src/entries/run";
import table from "../src/entries/table";
import type { Widget as Panel } from "../src/shared/definePanel";
import type { PanelModel, Words } from "../src/shared/model";
import type { PanelKind } from "../src/shared/protocol.gen";
import { MIME, traitsOf } from "./payload";
import { StillModel } from "./still";

/** The part of Lumino's widget that is used. */
export interface LuminoWidget {
  readonly node: HTMLElement;
  dispose(): void;
}
export type LuminoClass = new () => LuminoWidget;

interface MimeModel {
  readonly data: Readonly<Record<string, unknown>>;
}

/** Replaced by the text of the style sheet when this is built. */
declare const JA_CSS: string;
/** Replaced by the Japanese words of all panels. */
declare const JA_WORDS: Words;

const PANELS: Record<string, () => Panel<never>> = {
  artifact,
  card,
  diff,
  examples,
  lineage,
  run,
  table,
} as unknown as Record<string, () => Panel<never>>;

/** The extension that JupyterLab loads: a renderer for what the twins carry beside their HTML. */
export function extension(Base: LuminoClass) {
  class PanelRenderer extends Base {
    #life = new AbortController();

    async renderModel(model: MimeModel): Promise<void> {
      this.#clear();
      this.node.replaceChildren();
      const traits = traitsOf(model.data[MIME], Object.keys(PANELS));
      const make = traits && PANELS[traits.kind];
      if (!traits || !make) {
        // Written by another version: the plain form is there for that.
        const plain = document.createElement("pre");
        plain.textContent = textOf(model.data["text/plain"]);
        this.node.append(plain);
        return;
      }
      // By this a live panel of the same id finds and hides us.
      this.node.dataset.jaStatic = traits.panel_id;
      this.node.dataset.jaKind = traits.kind;
      this.node.style.minHeight = "40px";
      style(this.node.ownerDocument);
      const { signal } = this.#life;
      // Drawn under another name: it must not take itself for the twin of a live panel.
      const still = new StillModel<PanelKind>({
        ...traits,
        panel_id: "",
        words: JA_WORDS,
      }) as unknown as PanelModel<never>;
      whenSeen(this.node, signal, () => make().render({ model: still, el: this.node, signal }));
      hideDeadWidget(this.node, signal);
    }

    override dispose(): void {
      this.#clear();
      super.dispose();
    }

    #clear(): void {
      this.#life.abort();
      this.#life = new AbortController();
    }
  }
  return {
    id: "jupyter-artifacts:panel",
    description: "Panels of jupyter_artifacts, drawn from what the notebook has stored.",
    rendererFactory: {
      safe: true,
      mimeTypes: [MIME],
      createRenderer: () => new PanelRenderer(),
    },
    // Before HTML (50): the twin stands where this extension is not installed.
    rank: 40,
    dataType: "json",
  };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join("") : typeof value === "string" ? value : "";
}

function style(document: Document): void {
  const id = "jupyter-artifacts-panels";
  if (document.getElementById(id)) return;
  const element = document.createElement("style");
  element.id = id;
  element.textContent = JA_CSS;
  document.head.append(element);
}

const SETTLE_MS = 400;
const PATIENCE_MS = 4000;
const PENDING = /^(?:Loading widget\.\.\.)?$/;

/** Whether the output before ours is a live panel that is not drawn yet (its own text is empty). */
function isPending(node: HTMLElement): boolean {
  const before = node.closest(".jp-OutputArea-child")?.previousElementSibling;
  return !!before && PENDING.test((before.textContent ?? "").trim());
}

/** Draws what a reader comes to see: not where a live panel is about to hide us, not far below. */
function whenSeen(node: HTMLElement, signal: AbortSignal, draw: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    draw();
  });
  const patience = performance.now() + PATIENCE_MS;
  const timer = setInterval(() => {
    if (isPending(node) && performance.now() < patience) return;
    clearInterval(timer);
    observer.observe(node);
  }, SETTLE_MS);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    observer.disconnect();
  });
}

const DEAD = /^Error displaying widget: model not found$/;
const LOOK_MS = 20_000;

/** Without a kernel the output before ours says that a live panel is missing; it comes late. */
function hideDeadWidget(node: HTMLElement, signal: AbortSignal): void {
  const look = () => {
    const before = node.closest(".jp-OutputArea-child")?.previousElementSibling;
    if (before instanceof HTMLElement && DEAD.test((before.textContent ?? "").trim())) {
      before.style.display = "none";
      return true;
    }
    return false;
  };
  const timer = setInterval(() => look() && clearInterval(timer), 250);
  const stop = setTimeout(() => clearInterval(timer), LOOK_MS);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearTimeout(stop);
  });
}
