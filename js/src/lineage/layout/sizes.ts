/** How large a node is, and how far apart two are, in pixels at zoom 1. */
export const WIDTH = 172;
export const HEIGHT = 44;
export const GAP_X = 40;
export const GAP_Y = 14;
/** From one column to the next. */
export const PITCH = WIDTH + GAP_X;
/** Room for a line that passes a column by. */
export const LINE = 10;
