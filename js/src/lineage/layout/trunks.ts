import { type Adjacency, degree } from "./graph";
import type { Part } from "./part";

/**
 * Where, on the way from a layer to the next, many lines of one node run as one, as a tree's
 * branches do: a share of the gap, 0 where lines go by themselves. Sixty curves from one node would
 * lie on each other as a grey band. `from` and `to` are positions in the part, stand-ins among them.
 */
export type Trunks = (from: number, to: number) => number;

export function trunksOf({ graph, y }: Part): Trunks {
  const { inputs, outputs, layer } = graph;
  const gaps: number[][] = Array.from({ length: graph.depth }, () => []);
  for (let v = 0; v < graph.count; v++) {
    if (isHub(outputs, v)) gaps[layer[v]!]!.push(v);
    if (isHub(inputs, v)) gaps[layer[v]! - 1]!.push(~v);
  }
  // Trunks of one gap stand side by side, in the order in which lines that go down do not cross.
  const places = new Map<number, number>();
  for (const hubs of gaps) {
    const at = (v: number) => y[v < 0 ? ~v : v]!;
    hubs.sort((a, b) => at(a) - at(b));
    hubs.forEach((v, i) => {
      places.set(v, (i + 0.5) / hubs.length - 0.5);
    });
  }
  return (from, to) => {
    const place = places.get(degree(outputs, from) < degree(inputs, to) ? ~to : from);
    // A quarter keeps what goes up from one hub off what comes down from another.
    return place === undefined ? 0 : 0.5 + SPREAD * place * (Math.sign(y[from]! - y[to]!) + 0.25);
  };
}

function isHub(side: Adjacency, v: number): boolean {
  return degree(side, v) >= MANY;
}

/** So many lines are drawn with a trunk. */
const MANY = 8;
/** How much of a gap trunks share; the rest is for the corners. */
const SPREAD = 0.35;
