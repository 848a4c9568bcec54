import type { Box } from "../layout";

/** Finds what lies in a part of the plane without looking at everything. */
export class Tiles {
  readonly #tiles = new Map<number, number[]>();
  readonly #boxes: readonly Box[];
  readonly #seen: Uint32Array;
  #query = 0;

  constructor(boxes: readonly Box[]) {
    this.#boxes = boxes;
    this.#seen = new Uint32Array(boxes.length);
    boxes.forEach((box, i) => {
      for (const key of keys(box)) {
        const tile = this.#tiles.get(key);
        if (tile) tile.push(i);
        else this.#tiles.set(key, [i]);
      }
    });
  }

  /** What touches a box, each once, in rising order. */
  within(box: Box): number[] {
    const query = ++this.#query;
    const found: number[] = [];
    const look = (i: number) => {
      if (this.#seen[i] === query) return;
      this.#seen[i] = query;
      if (touches(this.#boxes[i]!, box)) found.push(i);
    };
    const wide = (box.right - box.left) / WIDTH + 1;
    const high = (box.bottom - box.top) / HEIGHT + 1;
    // Zoomed out, looking at everything is less work than looking at every tile.
    if (wide * high > this.#boxes.length) {
      for (let i = 0; i < this.#boxes.length; i++) look(i);
      return found;
    }
    for (const key of keys(box)) this.#tiles.get(key)?.forEach(look);
    return found.sort((a, b) => a - b);
  }
}

function touches(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}

function* keys({ left, top, right, bottom }: Box): Iterable<number> {
  for (let column = Math.floor(left / WIDTH); column <= Math.floor(right / WIDTH); column++) {
    for (let row = Math.floor(top / HEIGHT); row <= Math.floor(bottom / HEIGHT); row++) {
      yield column * STRIDE + row;
    }
  }
}

const WIDTH = 600;
const HEIGHT = 400;
const STRIDE = 1 << 24;
