// A stand-in for anywidget's model and for the kernel behind it: no Jupyter, the same contract.

import type { PanelModel, Traits } from "../src/shared/model";
import {
  type Answer,
  type FromPage,
  type Method,
  type Methods,
  type PanelKind,
  PROTOCOL_VERSION,
  type Snapshots,
  type ToPage,
  type Views,
} from "../src/shared/protocol.gen";

type Listener = (message?: unknown, buffers?: DataView[]) => void;

/** What a fake kernel returns: a result, or a result with a picture. */
export interface WithBuffer<R> {
  result: R;
  buffer: ArrayBuffer;
}

/** One function a method that the fake kernel knows; a thrown {code, message} is answered as an error. */
export type Kernel = {
  [M in Method]?: (params: Methods[M]["params"]) => Methods[M]["result"] | WithBuffer<Methods[M]["result"]>;
};

/** What a panel is shown with: the traits, and the kernel that answers. */
export interface Scene<K extends PanelKind> {
  snapshot: Snapshots[K];
  view?: Partial<Views[K]>;
  kernel?: Kernel;
  /** Milliseconds until an answer; 0 if not given. */
  delay?: number;
  /** Hosts that drop buffers. */
  dropBuffers?: boolean;
}

export class FakeModel<K extends PanelKind> implements PanelModel<K> {
  /** Every message that the page sent. */
  readonly sent: FromPage[] = [];
  /** How often the page saved. */
  saves = 0;
  /** False: nothing is answered any more. */
  alive = true;

  readonly #traits: Traits<K>;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #scene: Scene<K>;

  constructor(kind: K, scene: Scene<K>) {
    this.#scene = scene;
    this.#traits = {
      protocol: PROTOCOL_VERSION,
      kind,
      panel_id: `${kind}-1`,
      snapshot: scene.snapshot,
      view: (scene.view ?? {}) as Views[K],
    };
  }

  get<N extends keyof Traits<K>>(name: N): Traits<K>[N] {
    return this.#traits[name];
  }

  set<N extends keyof Traits<K>>(name: N, value: Traits<K>[N]): void {
    if (Object.is(this.#traits[name], value)) return;
    this.#traits[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {
    this.saves++;
  }

  on(event: string, callback: Listener): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(callback));
  }

  off(event: string, callback: Listener): void {
    this.#listeners.get(event)?.delete(callback);
  }

  /** How many listen to an event. */
  listening(event: string): number {
    return this.#listeners.get(event)?.size ?? 0;
  }

  emit(event: string, message?: unknown, buffers?: DataView[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(message, buffers);
  }

  send(message: FromPage): void {
    this.sent.push(message);
    if (!this.alive || message.kind !== "req") return;
    const [answer, buffers] = this.#answer(message.id, message.method, message.params);
    setTimeout(() => this.post(answer, this.#scene.dropBuffers ? [] : buffers), this.#scene.delay ?? 0);
  }

  /** Sends a message to the page, as the kernel would. */
  post(message: ToPage, buffers: DataView[] = []): void {
    this.emit("msg:custom", message, buffers);
  }

  #answer(id: string, method: Method, params: unknown): [Answer, DataView[]] {
    const base = { v: PROTOCOL_VERSION, kind: "res" as const, id };
    try {
      const handler = this.#scene.kernel?.[method] as ((params: unknown) => unknown) | undefined;
      if (!handler) throw { code: "not-found", message: `${method} is not in this fake kernel` };
      const found = handler(params) as Record<string, unknown>;
      const buffered = found.buffer instanceof ArrayBuffer;
      const result = (buffered ? found.result : found) as Answer["result"];
      return [
        { ...base, ok: true, result, error: null },
        buffered ? [new DataView(found.buffer as ArrayBuffer)] : [],
      ];
    } catch (error) {
      const { code = "internal", message = String(error) } = error as { code?: "internal"; message?: string };
      return [{ ...base, ok: false, result: null, error: { code, message } }, []];
    }
  }
}
