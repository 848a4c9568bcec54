// How many tiles stand side by side, and how high a row of them is. Pure.

const LEAST = 86;
// Of a tile whose caption can be read, where somebody wants more columns than there is room for.
const READABLE = 64;
const GAP = 8;
const PAD = 12;
const LINE = 24;
const MORE = 16;

export interface Fit {
  columns: number;
  /** Of a row with its gap, in CSS pixels. */
  height: number;
}

/**
 * Fits tiles of a picture's `ratio` (width to height) into `width` pixels; 760 until the width is known.
 * Captions take `lines` lines; `wanted` columns where somebody chose how many.
 */
export function fitTiles(width: number, ratio: number, lines: number, wanted = 0): Fit {
  const inner = Math.max(LEAST, (width || 760) - 2 * PAD);
  const room = (least: number) => Math.max(1, Math.floor((inner + GAP) / (least + GAP)));
  const columns = wanted ? Math.min(wanted, room(READABLE)) : room(LEAST);
  const tile = Math.max(1, (inner - (columns - 1) * GAP) / columns);
  return {
    columns,
    height: Math.round(tile / Math.max(0.2, Math.min(5, ratio))) + LINE + MORE * (lines - 1) + GAP,
  };
}
