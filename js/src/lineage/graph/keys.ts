// Where the arrow keys lead in a graph. Pure: the focus is the caller's.

import { adjacency } from "../layout/graph";
import { acrossOf, type Scene } from "./scene";

/**
 * The item that a key leads to; null where the key is no move, -1 where there is nothing.
 *
 * Left is the nearest input, Right the nearest output, Up and Down the next in the same
 * column, Home the focus node and End the last of the column. Where effects are below, Up
 * and Down are inputs and outputs, Left and Right the next in the row.
 */
export function itemMove(scene: Scene, from: number, pressed: string, home: number): number | null {
  const { layout, picture } = scene;
  const key = (layout.down && TURNED[pressed]) || pressed;
  const across = acrossOf(layout);
  const count = picture.items.length;
  if (count === 0) return null;
  if (key === "Home") return Math.max(0, home);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const { inputs, outputs } = adjacency(count, picture.edges);
    const side = key === "ArrowLeft" ? inputs : outputs;
    const beside = [...side.list.slice(side.start[from]!, side.start[from + 1]!)];
    return nearest(
      beside.filter((item) => item !== from),
      (item) => Math.abs(across[item]! - across[from]!) + Math.abs(layout.layer[item]! - layout.layer[from]!),
    );
  }
  if (key !== "ArrowUp" && key !== "ArrowDown" && key !== "End") return null;
  const sign = key === "ArrowUp" ? -1 : 1;
  const beside: number[] = [];
  for (let item = 0; item < count; item++) {
    const ahead = (across[item]! - across[from]!) * sign > 0;
    if (layout.layer[item] === layout.layer[from] && ahead) beside.push(item);
  }
  const far = (item: number) => Math.abs(across[item]! - across[from]!);
  return nearest(beside, key === "End" ? (item) => -far(item) : far);
}

function nearest(items: readonly number[], far: (item: number) => number): number {
  let best = -1;
  for (const item of items) if (best < 0 || far(item) < far(best)) best = item;
  return best;
}

const TURNED: Readonly<Record<string, string>> = {
  ArrowUp: "ArrowLeft",
  ArrowDown: "ArrowRight",
  ArrowLeft: "ArrowUp",
  ArrowRight: "ArrowDown",
};
