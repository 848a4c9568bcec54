import { say } from "../shared/words";

type Marked = { state: string; stale: string; aliases: readonly string[] };

/** The words beside a node's name, as they are stored. */
export function plainMarks({ state, stale, aliases }: Marked): string[] {
  return [
    ...(state === "" || state === "finished" ? [] : [state]),
    ...(stale === "" ? [] : ["stale"]),
    ...aliases,
  ];
}

/** The same in the reader's language. */
export function marksOf(node: Marked): string[] {
  const own = plainMarks({ ...node, aliases: [] });
  return [...own.map((mark) => say(mark)), ...node.aliases];
}

/** Whether a run did not end as it should: it failed, crashed, was killed or interrupted. */
export function isBad(state: string): boolean {
  return !["", "running", "finished", "deleted"].includes(state);
}

/** How a node's mark is written: what failed is told apart by more than its colour, it is bold. */
export function markClass(mark: string, { state }: Marked): string {
  return `ja-mark${isBad(state) && mark === say(state) ? " ja-node-bad" : ""}`;
}

// All states are in the dictionary: say("failed") say("crashed") say("killed") say("interrupted")
// say("failed-to-log") say("deleted") say("running") say("stale").
