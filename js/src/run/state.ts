// How a run stands, in words and signs.

import { duration, visible } from "../shared/format";
import type { RunFacts } from "../shared/protocol.gen";
import { say } from "../shared/words";

const SIGNS = new Map([
  ["running", "●"],
  ["finished", "✓"],
  ["interrupted", "◼"],
]);

/** A sign beside the word, so that colour is not alone in saying it. */
export function sign(state: string): string {
  return SIGNS.get(state) ?? "✗";
}

const WORDS = new Map([
  ["running", /* say */ "running"],
  ["finished", /* say */ "finished"],
  ["failed", /* say */ "failed"],
  ["crashed", /* say */ "crashed"],
  ["killed", /* say */ "killed"],
  ["interrupted", /* say */ "interrupted"],
]);

/** A state as it is said. */
export function stateWord(state: string): string {
  const known = WORDS.get(state);
  return known === undefined ? visible(state, 40) : say(known);
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
