import type { Box } from "../layout";

/** Finds what touches a box, each once, in rising order. */
export type Tiles = (box: Box) => number[];

/** Sort boxes into tiles of the plane, so that not everything has to be looked at. */
export function tilesOf(boxes: readonly Box[]): Tiles {
  const tiles = new Map<number, number[]>();
  boxes.forEach((box, i) => {
    for (const key of keys(box)) tiles.get(key)?.push(i) ?? tiles.set(key, [i]);
  });
  const all = [...boxes.keys()];
  return (box) => {
    const wide = (box.right - box.left) / WIDE + 1;
    const high = (box.bottom - box.top) / HIGH + 1;
    const inside = (i: number) => touches(boxes[i]!, box);
    // Zoomed out, looking at everything is less work than looking at every tile.
    if (20 * wide * high > all.length) return all.filter(inside);
    const some = new Set([...keys(box)].flatMap((key) => tiles.get(key) ?? []));
    return [...some].filter(inside).sort((a, b) => a - b);
  };
}

/** The same, where some things lie elsewhere now. */
export function also(tiles: Tiles, places: readonly number[], boxes: readonly Box[]): Tiles {
  const moved = new Set(places);
  return (box) => {
    const here = places.filter((_, i) => touches(boxes[i]!, box));
    return [...tiles(box).filter((place) => !moved.has(place)), ...here].sort((a, b) => a - b);
  };
}

function touches(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}

function* keys({ left, top, right, bottom }: Box): Iterable<number> {
  for (let column = Math.floor(left / WIDE); column <= Math.floor(right / WIDE); column++) {
    for (let row = Math.floor(top / HIGH); row <= Math.floor(bottom / HIGH); row++) {
      yield column * STRIDE + row;
    }
  }
}

const WIDE = 600;
const HIGH = 400;
const STRIDE = 1 << 24;
