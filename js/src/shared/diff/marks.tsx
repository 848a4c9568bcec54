import { bytes } from "../format";
import type { Mark } from "../protocol.gen";
import { say } from "../words";

const SIGNS: Record<Mark, string> = { added: "+", removed: "−", changed: "~", same: "=" };

/** A mark as we know it: a stored panel may hold any text in its place. */
export function known(mark: Mark): Mark {
  return Object.hasOwn(SIGNS, mark) ? mark : "changed";
}

/** What a mark is called. */
export function markName(mark: Mark): string {
  const names = {
    added: say("added"),
    removed: say("removed"),
    changed: say("changed"),
    same: say("the same"),
  };
  return names[known(mark)];
}

/** A sign for the eye, and its word for readers of the screen. */
export function Sign({ mark }: { mark: Mark }) {
  return (
    <span class={`ja-sign ja-${known(mark)}`} title={markName(mark)}>
      <span aria-hidden="true">{SIGNS[known(mark)]}</span>
      <span class="ja-sr">{markName(mark)}</span>
    </span>
  );
}

/** "4 kB", "4 kB → 5 kB": what a side lacks (-1) is left out. */
export function sizes(...sides: readonly number[]): string {
  return [...new Set(sides.filter((side) => side >= 0).map(bytes))].join(" → ");
}
