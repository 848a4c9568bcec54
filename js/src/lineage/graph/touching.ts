import type { Box } from "../layout";

/** Finds what touches a box, each once, in rising order. */
export type Touching = (box: Box) => number[];

/** Looks at every box: of tens of thousands that takes a fraction of a millisecond, and nothing has to be made first. */
export function touchingOf(boxes: readonly Box[]): Touching {
  return (box) => {
    const found: number[] = [];
    for (let i = 0; i < boxes.length; i++) if (touches(boxes[i]!, box)) found.push(i);
    return found;
  };
}

/** The same, where some things lie elsewhere now. */
export function also(touching: Touching, places: readonly number[], boxes: readonly Box[]): Touching {
  const moved = new Set(places);
  return (box) => {
    const here = places.filter((_, i) => touches(boxes[i]!, box));
    return [...touching(box).filter((place) => !moved.has(place)), ...here].sort((a, b) => a - b);
  };
}

function touches(a: Box, b: Box): boolean {
  return a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top;
}
