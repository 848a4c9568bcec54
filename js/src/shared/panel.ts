// What a panel's component is given, and how parts deep inside of it reach the same.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Pieces } from "./pieces";
import type { PanelKind, Snapshots, Views } from "./protocol.gen";
import type { Rpc } from "./rpc";

/** One view of a panel in the page. */
export interface Host {
  /** The panel's outermost element. */
  readonly root: HTMLElement;
  readonly panelId: string;
  /** Aborts when this view goes; the model may live on and be drawn again. */
  readonly signal: AbortSignal;
  readonly rpc: Rpc;
  /** False once the kernel left a request unanswered: what needs it is disabled. */
  readonly live: boolean;
  /** What is not drawn at first. */
  readonly pieces: Pieces;
  /** Says a line to screen readers, politely. */
  announce(text: string): void;
}

export interface PanelProps<K extends PanelKind> {
  readonly snapshot: Snapshots[K];
  /** State that Python sees and sets. */
  readonly view: Views[K];
  /** Changes parts of the view: at once here, a moment later in Python. */
  setView(part: Partial<Views[K]>): void;
  readonly rpc: Rpc;
  /** Another text when the page has other colours: what a canvas shows has to be painted again. */
  readonly looks: string;
  readonly host: Host;
}

export const HostContext = createContext<Host | null>(null);

/** The view that a part is drawn in. */
export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === null) throw new Error("drawn outside of a panel");
  return host;
}
