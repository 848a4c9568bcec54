// What a notebook has stored: judged before it is drawn, since anybody may have written it.

import type { Traits } from "../src/shared/model";
import { type PanelKind, PROTOCOL_VERSION } from "../src/shared/protocol.gen";

export const MIME = "application/vnd.jupyter-artifacts.panel.v1+json";

/** The traits in a payload of a known kind and this protocol; null for anything else. */
export function traitsOf(data: unknown, kinds: readonly string[]): Traits | null {
  if (!isRecord(data) || data.protocol !== PROTOCOL_VERSION) return null;
  const { kind, panel_id, snapshot, view } = data;
  if (typeof kind !== "string" || !kinds.includes(kind) || !isRecord(snapshot) || !isRecord(view))
    return null;
  const id = typeof panel_id === "string" && /^[0-9a-f]{16}$/.test(panel_id) ? panel_id : "";
  return {
    protocol: PROTOCOL_VERSION,
    kind: kind as PanelKind,
    panel_id: id,
    snapshot: snapshot as unknown as Traits["snapshot"],
    view: view as unknown as Traits["view"],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
