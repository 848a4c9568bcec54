// How a run stands, in words and signs.

import { duration } from "../shared/format";
import type { RunFacts } from "../shared/protocol.gen";

const SIGNS: Record<string, string> = { running: "●", finished: "✓", interrupted: "◼" };

/** A sign beside the word, so that colour is not alone in saying it. */
export function sign(state: string): string {
  return SIGNS[state] ?? "✗";
}

/** How a state looks: as one of the notices' kinds. */
export function kind(state: string): "ok" | "run" | "warn" | "bad" {
  if (state === "finished") return "ok";
  if (state === "running") return "run";
  return state === "interrupted" ? "warn" : "bad";
}

/** How long a run took, or takes so far; `now` is seconds since 1970. */
export function lasted(run: RunFacts, now: number): string {
  return duration((run.ended ?? now) - run.started);
}
