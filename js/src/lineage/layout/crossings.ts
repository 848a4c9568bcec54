import type { Adjacency } from "./graph";

/**
 * Count the crossings between two neighbouring layers.
 *
 * `left` is the order of the left layer, `at` the place of every node in its
 * layer, `width` the size of the right layer. A tree of partial sums counts the
 * pairs that are the wrong way round, in O(edges log width).
 */
export function crossings(
  left: ArrayLike<number>,
  outputs: Adjacency,
  at: Int32Array,
  width: number,
): number {
  let base = 1;
  while (base < width) base *= 2;
  const sums = new Int32Array(2 * base);
  let total = 0;
  for (let i = 0; i < left.length; i++) {
    const from = outputs.start[left[i]!]!;
    const to = outputs.start[left[i]! + 1]!;
    for (let k = from; k < to; k++) {
      for (let node = base + at[outputs.list[k]!]!; node > 1; node >>= 1) {
        if ((node & 1) === 0) total += sums[node + 1]!;
      }
    }
    for (let k = from; k < to; k++) {
      for (let node = base + at[outputs.list[k]!]!; node > 0; node >>= 1) sums[node]! += 1;
    }
  }
  return total;
}
