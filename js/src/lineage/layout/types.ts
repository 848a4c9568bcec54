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
 * "forward": straight through layers, curved between them or led along a trunk. "back": cubic curves
 * (start, two control points, end, two control points, end ...) around what lies between. "loop": the same
 * from a node to itself.
 */
export interface Route {
  readonly kind: "forward" | "back" | "loop";
  readonly points: readonly number[];
  /** Of each curve between layers where along the way its trunk stands; 0 without. */
  readonly trunks?: readonly number[] | undefined;
}

/** What to keep of an earlier picture of much the same graph. */
export interface Earlier {
  /** Places of the nodes across the direction, NaN for nodes that it did not have. */
  readonly across: Float64Array;
  /** Whether nodes stay at their places too, not only in their order. */
  readonly stay: boolean;
}

/** Where everything goes. */
export interface Layout {
  /** Whether effects are under their causes; else they are on the right. */
  readonly down: boolean;
  /** Centres of the nodes. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Layer of each node: those of one have the same x, or the same y where effects are below. */
  readonly layer: Int32Array;
  /** The line of each edge. */
  readonly routes: readonly Route[];
  readonly box: Box;
}
