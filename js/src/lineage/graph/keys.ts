// Where the arrow keys lead in a graph. Pure: the focus is the caller's.

import { adjacency } from "../layout/graph";
import type { Scene } from "./scene";

/**
 * The item that a key leads to; null where the key is no move, -1 where there is nothing.
 *
 * Left is the nearest input, Right the nearest output, Up and Down the next in the same
 * column, Home the focus node and End the last of the column.
 */
export function itemMove(scene: Scene, from: number, key: string, home: number): number | null {
  const { layout, picture } = scene;
  const count = picture.items.length;
  if (count === 0) return null;
  if (key === "Home") return Math.max(0, home);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const { inputs, outputs } = adjacency(count, picture.edges);
    const side = key === "ArrowLeft" ? inputs : outputs;
    const beside = [...side.list.slice(side.start[from]!, side.start[from + 1]!)];
    return nearest(
      beside.filter((item) => item !== from),
      (item) =>
        Math.abs(layout.y[item]! - layout.y[from]!) + Math.abs(layout.column[item]! - layout.column[from]!),
    );
  }
  if (key !== "ArrowUp" && key !== "ArrowDown" && key !== "End") return null;
  const sign = key === "ArrowUp" ? -1 : 1;
  const column: number[] = [];
  for (let item = 0; item < count; item++) {
    const ahead = (layout.y[item]! - layout.y[from]!) * sign > 0;
    if (layout.column[item] === layout.column[from] && ahead) column.push(item);
  }
  const far = (item: number) => Math.abs(layout.y[item]! - layout.y[from]!);
  return nearest(column, key === "End" ? (item) => -far(item) : far);
}

function nearest(items: readonly number[], far: (item: number) => number): number {
  let best = -1;
  for (const item of items) if (best < 0 || far(item) < far(best)) best = item;
  return best;
}
