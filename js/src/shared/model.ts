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
  /** The words of that language, by the English text. */
  words?: Readonly<Record<string, string>>;
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
