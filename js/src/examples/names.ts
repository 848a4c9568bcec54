// What an example is called.

import { number } from "../shared/format";
import type { ExampleItem, Verdict } from "../shared/protocol.gen";
import { say } from "../shared/words";

/** A class by its name, or by its number where it has none; "?" where it is not known. */
export function className(names: readonly string[], label: number): string {
  if (label < 0) return "?";
  return names[label] ?? String(label);
}

/** Whether the example has a true and a predicted class: a plain picture has neither. */
export function isScored(item: ExampleItem): boolean {
  return item.label >= 0 || item.predicted >= 0;
}

/** Whether the model was wrong; or another version of it, by its own verdict. */
export function isWrong(item: ExampleItem, { predicted }: Pick<Verdict, "predicted"> = item): boolean {
  return item.label >= 0 && predicted >= 0 && item.label !== predicted;
}

/** The number under a tile: always two decimals, so that a column of them is read at a glance. */
export function score(value: number | null): string {
  if (value === null) return "";
  return Math.abs(value) >= 1e-4 && Math.abs(value) < 1000 ? value.toFixed(2) : number(value);
}

/** Everything about an example in one sentence, for screen readers. */
export function told(item: ExampleItem, names: readonly string[], versions: readonly string[] = []): string {
  const parts = [say("Example {n}", { n: item.index })];
  if (isScored(item)) {
    parts.push(say("true {class}", { class: className(names, item.label) }));
    const [this_ = "", other = ""] = versions;
    parts.push(...verdict(item, item, names, this_));
    if (item.other) parts.push(...verdict(item, item.other, names, other));
  }
  return parts.join(", ");
}

function verdict(
  item: ExampleItem,
  { predicted, loss }: Verdict,
  names: readonly string[],
  version: string,
): string[] {
  const parts = [say("predicted {class}", { class: className(names, predicted) })];
  if (isWrong(item, { predicted })) parts.push(say("wrong"));
  if (loss !== null) parts.push(say("loss {loss}", { loss: number(loss) }));
  return version === "" ? parts : [`${version}: ${parts.join(" ")}`];
}
