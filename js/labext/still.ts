// A panel's model without a kernel: what was stored beside the twin, and nobody to ask.

import type { PanelModel, Traits } from "../src/shared/model";
import type { PanelKind } from "../src/shared/protocol.gen";

type Listener = (message?: unknown, buffers?: DataView[]) => void;

export class StillModel<K extends PanelKind> implements PanelModel<K> {
  readonly still = true;
  readonly #traits: Traits<K>;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(traits: Traits<K>) {
    this.#traits = { ...traits };
  }

  get<N extends keyof Traits<K>>(name: N): Traits<K>[N] {
    return this.#traits[name];
  }

  /** What the reader changes (a tab, a sort order) holds until the page goes. */
  set<N extends keyof Traits<K>>(name: N, value: Traits<K>[N]): void {
    this.#traits[name] = value;
    for (const listener of [...(this.#listeners.get(`change:${name}`) ?? [])]) listener();
  }

  save_changes(): void {
    // There is nobody to save to.
  }

  send(): void {
    throw new Error("no kernel");
  }

  on(event: string, callback: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback: Listener): void {
    this.#listeners.get(event)?.delete(callback);
  }
}
