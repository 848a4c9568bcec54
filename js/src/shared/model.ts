// The part of anywidget's model that the panels use; the dev page and the tests give a fake of it.

import type { FromPage, PanelKind, Snapshots, Views } from "./protocol.gen";

/** The traits that every panel has. */
export interface Traits<K extends PanelKind = PanelKind> {
  protocol: number;
  kind: K;
  panel_id: string;
  snapshot: Snapshots[K];
  view: Views[K];
  /** "en", "ja", or "auto" (the browser's); none in stored panels. */
  lang?: string;
  /** "light", "dark", or "auto" (the page's). */
  theme?: string;
  /** The words of that language, where they do not come with the code. */
  words?: Words;
  /** Hash and widget of each chunk; none where the module came whole. */
  code?: readonly (readonly [hash: string, id: string, later?: "later"])[];
}

/** Texts of a language by the English ones. */
export type Words = Readonly<Record<string, string>>;

/** A part of the panel's code, which brings its words: a widget of its own, or the kernel's answer. */
export interface Chunk {
  get(name: "words"): Words;
  get(name: "css"): string;
  on?(event: "change:words", callback: () => void): void;
  off?(event: "change:words", callback: () => void): void;
}

/** anywidget's model, narrowed. Buffers come as DataViews beside a custom message. */
export interface PanelModel<K extends PanelKind = PanelKind> {
  /** There never will be a kernel: the panel is drawn from what a notebook has stored. */
  readonly still?: boolean;
  get<N extends keyof Traits<K>>(name: N): Traits<K>[N];
  set<N extends keyof Traits<K>>(name: N, value: Traits<K>[N]): void;
  save_changes(): void;
  send(message: FromPage): void;
  on(event: string, callback: (message?: unknown, buffers?: DataView[]) => void): void;
  off(event: string, callback: (message?: unknown, buffers?: DataView[]) => void): void;
}
