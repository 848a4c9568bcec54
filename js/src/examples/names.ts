// What an example is called.

import { integer, number } from "../shared/format";
import type { ExampleItem } from "../shared/protocol.gen";

/** A class by its name, or by its number where it has none; "?" where it is not known. */
export function className(names: readonly string[], label: number): string {
  if (label < 0) return "?";
  return names[label] ?? String(label);
}

/** Whether the example has a true and a predicted class: a plain picture has neither. */
export function isScored(item: ExampleItem): boolean {
  return item.label >= 0 || item.predicted >= 0;
}

export function isWrong(item: ExampleItem): boolean {
  return item.label >= 0 && item.predicted >= 0 && item.label !== item.predicted;
}

/** The number under a tile: always two decimals, so that a column of them is read at a glance. */
export function score(value: number | null): string {
  if (value === null) return "";
  return Math.abs(value) >= 1e-4 && Math.abs(value) < 1000 ? value.toFixed(2) : number(value);
}

/** Everything about an example in one sentence, for screen readers. */
export function told(item: ExampleItem, names: readonly string[]): string {
  const parts = [`Example ${integer(item.index)}`];
  if (isScored(item)) {
    parts.push(`true ${className(names, item.label)}`, `predicted ${className(names, item.predicted)}`);
    if (isWrong(item)) parts.push("wrong");
    if (item.loss !== null) parts.push(`loss ${number(item.loss)}`);
  }
  return parts.join(", ");
}
