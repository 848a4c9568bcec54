/** How large a node is, and how far apart two are, in pixels at zoom 1. */
export const WIDTH = 172;
export const HEIGHT = 44;
export const GAP_X = 40;
export const GAP_Y = 14;

/** The same along the way from cause to effect, and across it. */
export interface Sizes {
  /** A node. */
  readonly along: number;
  readonly across: number;
  /** From one layer to the next. */
  readonly pitch: number;
  /** Between two nodes of a layer. */
  readonly gap: number;
}

export const RIGHT: Sizes = { along: WIDTH, across: HEIGHT, pitch: WIDTH + GAP_X, gap: GAP_Y };
/** Lines run between layers: under one another these stand further apart than nodes do. */
export const DOWN: Sizes = { along: HEIGHT, across: WIDTH, pitch: HEIGHT + 52, gap: 20 };

/** Farther than anything. */
export const FAR = Number.POSITIVE_INFINITY;

/** Room for a line that passes a layer by. */
export const LINE = 10;
