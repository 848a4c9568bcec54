import { say } from "../shared/words";

type Marked = { state: string; stale: string; aliases: readonly string[] };

/** The words beside a node's name, as they are stored. */
export function plainMarks({ state, stale, aliases }: Marked): string[] {
  return [...(ODD.has(state) ? [state] : []), ...(stale === "" ? [] : ["stale"]), ...aliases];
}

/** The same in the reader's language. */
export function marksOf(node: Marked): string[] {
  const own = plainMarks({ ...node, aliases: [] });
  return [...own.map((mark) => say(mark)), ...node.aliases];
}

/** How a mark is written: what failed is told apart by more than its colour, it is bold. */
export function markClass(mark: string): string {
  return `ja-mark${mark === say("failed") ? " ja-node-bad" : ""}`;
}

/** States that one should know of; say("failed") say("running") say("stale") are in the dictionary. */
const ODD = new Set(["failed", "running"]);
