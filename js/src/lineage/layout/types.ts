export type { Edge } from "./graph";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The line of an edge, as x and y in turn.
 *
 * "forward": level inside columns, curved between them. "back": one cubic curve
 * (start, two control points, end) over or under what lies between. "loop": the same
 * from a node to itself.
 */
export interface Route {
  readonly kind: "forward" | "back" | "loop";
  readonly points: readonly number[];
}

/** What to keep of an earlier picture of much the same graph. */
export interface Earlier {
  /** Heights of the nodes, NaN for nodes that it did not have. */
  readonly y: Float64Array;
  /** Whether nodes stay at their heights too, not only in their order. */
  readonly stay: boolean;
}

/** Where everything goes. */
export interface Layout {
  /** Centres of the nodes. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Column of each node; nodes of one column have the same x. */
  readonly column: Int32Array;
  /** The line of each edge. */
  readonly routes: readonly Route[];
  readonly box: Box;
}
