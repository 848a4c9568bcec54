// Draws a panel in happy-dom as anywidget would, with the fake model behind it.

import { options } from "preact";
import { vi } from "vitest";
import { FakeModel, type Scene } from "../dev/fake-model";
import type { Widget } from "../src/shared/definePanel";
import type { PanelKind } from "../src/shared/protocol.gen";

// What panels load a moment later is here already: the first test of a file need not wait for it to be compiled.
import "../src/artifact/pieces";
import "../src/card/pieces";
import "../src/diff/pieces";
import "../src/examples/pieces";
import "../src/lineage/pieces";
import "../src/run/pieces";
import "../src/table/pieces";

// Effects and redraws follow at once, not at a frame that nobody draws.
Object.assign(options, { requestAnimationFrame: queueMicrotask, debounceRendering: queueMicrotask });

/** Waits until what was asked for at once is drawn, answers without delay included. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

export interface Mounted<K extends PanelKind> {
  model: FakeModel<K>;
  el: HTMLElement;
  root: HTMLElement;
  widget: Widget<K>;
  /** Ends the view, as a host does. */
  clear(): void;
  /** Ends the model. */
  destroy(): void;
  /** Draws another view of the same model. */
  again(): { el: HTMLElement; root: HTMLElement; clear(): void };
}

export function mount<K extends PanelKind>(make: () => Widget<K>, kind: K, scene: Scene<K>): Mounted<K> {
  const model = new FakeModel(kind, scene);
  const widget = make();
  const destroy = widget.initialize({ model, signal: new AbortController().signal });
  const again = () => {
    const el = document.createElement("div");
    document.body.append(el);
    const clear = widget.render({ model, el, signal: new AbortController().signal });
    return { el, root: el.querySelector<HTMLElement>(".ja") as HTMLElement, clear };
  };
  return { model, widget, destroy, again, ...again() };
}

/** Waits until `look` throws no more. */
export function until<T>(look: () => T): Promise<T> {
  return vi.waitFor(look, { timeout: 4000, interval: 10 });
}

/** The element of a role and (part of a) name that the tests act on. */
export function byRole(root: ParentNode, role: string, name?: string | RegExp): HTMLElement {
  const implied: Record<string, string> = {
    button: "button:not([role])",
    heading: "h3,h4",
    searchbox: "input[type=search]",
    row: "tr",
    columnheader: "th",
    gridcell: "td",
    complementary: "aside",
  };
  const found = [
    ...root.querySelectorAll<HTMLElement>([`[role=${role}]`, implied[role]].filter(Boolean).join(",")),
  ];
  const wanted = found.filter((element) => {
    const label = element.getAttribute("aria-label") ?? element.textContent ?? "";
    return name === undefined || (typeof name === "string" ? label.trim() === name : name.test(label));
  });
  const first = wanted[0];
  if (!first) throw new Error(`no ${role} ${name ?? ""} among ${found.length}`);
  return first;
}

export function press(element: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  element.dispatchEvent(event);
  return event;
}

export function type(input: HTMLElement, text: string): void {
  (input as HTMLInputElement).value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
