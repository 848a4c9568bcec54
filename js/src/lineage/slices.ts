// What the page knows of the project's graph, and the part of it that is shown.

import type { Graph, GraphNode } from "../shared/protocol.gen";

/** Which part is asked for; -1 hops mean all, no focus the whole project. */
export interface Span {
  readonly focus: string | null;
  readonly up: number;
  readonly down: number;
}

/** A part of the graph, and whether more has to be fetched to show all that was asked for. */
export interface Shown {
  readonly graph: Graph;
  readonly complete: boolean;
}

/** Put a newer slice into what is known. Nodes keep their places; the newer slice's facts count. */
export function merge(known: Graph, slice: Graph): Graph {
  const nodes = [...known.nodes];
  const places = new Map(nodes.map(({ id }, i) => [id, i]));
  const neighbours = counts(known);
  for (const [side, list] of Object.entries(counts(slice)) as ["up" | "down", number[]][]) {
    slice.nodes.forEach((node, i) => {
      const at = places.get(node.id) ?? nodes.length;
      if (at === nodes.length) {
        places.set(node.id, at);
        nodes.push(node);
      }
      nodes[at] = node;
      neighbours[side][at] = list[i]!;
    });
  }
  const pairs = new Map<string, number[]>();
  const add = (graph: Graph, place: (v: number) => number) => {
    for (const [from, to] of graph.edges as [number, number][]) {
      const edge = [place(from), place(to)];
      pairs.set(edge.join(), edge);
    }
  };
  add(known, (v) => v);
  add(slice, (v) => places.get(slice.nodes[v]!.id)!);
  const joined = {
    ...known,
    total: slice.total,
    revision: slice.revision,
    nodes,
    edges: [...pairs.values()],
  };
  return recount(joined, neighbours);
}

/** How many neighbours each node has in the whole project, on each side. */
function counts(graph: Graph): { up: number[]; down: number[] } {
  const up = graph.nodes.map(({ more_up }) => more_up);
  const down = graph.nodes.map(({ more_down }) => more_down);
  for (const [from, to] of graph.edges as [number, number][]) {
    down[from]! += 1;
    up[to]! += 1;
  }
  return { up, down };
}

/** Write into the nodes how many of their neighbours the graph leaves out. */
function recount(graph: Graph, all: { up: number[]; down: number[] }): Graph {
  const up = [...all.up];
  const down = [...all.down];
  for (const [from, to] of graph.edges as [number, number][]) {
    down[from]! -= 1;
    up[to]! -= 1;
  }
  const nodes = graph.nodes.map((node, i): GraphNode => {
    const [more_up, more_down] = [Math.max(0, up[i]!), Math.max(0, down[i]!)];
    return more_up === node.more_up && more_down === node.more_down ? node : { ...node, more_up, more_down };
  });
  return { ...graph, nodes };
}

/** The known part of a span, and of the nodes that were asked for besides. */
export function cut(known: Graph, { focus, up, down }: Span, extra: ReadonlySet<string> = new Set()): Shown {
  const centre = known.nodes.findIndex(({ id }) => id === focus);
  if (focus === null) {
    return { graph: { ...known, focus, up, down }, complete: known.nodes.length >= known.total };
  }
  if (centre < 0) return { graph: known, complete: false };
  const kept = new Set([centre]);
  known.nodes.forEach(({ id }, i) => {
    if (extra.has(id)) kept.add(i);
  });
  const inputs: number[][] = known.nodes.map(() => []);
  const outputs: number[][] = known.nodes.map(() => []);
  for (const [from, to] of known.edges as [number, number][]) {
    outputs[from]!.push(to);
    inputs[to]!.push(from);
  }
  const above = walk(centre, inputs, up, (v) => known.nodes[v]!.more_up > 0);
  const below = walk(centre, outputs, down, (v) => known.nodes[v]!.more_down > 0);
  for (const v of [...above.reached, ...below.reached]) kept.add(v);
  return { graph: keep(known, kept, { focus, up, down }), complete: above.complete && below.complete };
}

/** Nodes within so many hops; incomplete where one inside has neighbours that are not known. */
function walk(start: number, beside: readonly number[][], most: number, cutOff: (v: number) => boolean) {
  const reached = new Set([start]);
  let complete = true;
  let front = [start];
  for (let hop = 0; front.length > 0 && (most < 0 || hop < most); hop++) {
    complete &&= !front.some(cutOff);
    front = front.flatMap((v) => beside[v]!).filter((v) => !reached.has(v) && reached.add(v));
  }
  return { reached, complete };
}

function keep(known: Graph, kept: ReadonlySet<number>, span: Span): Graph {
  const members = known.nodes.map((_, i) => i).filter((i) => kept.has(i));
  const place = new Map(members.map((v, i) => [v, i]));
  const all = counts(known);
  const edges: number[][] = [];
  for (const [from, to] of known.edges as [number, number][]) {
    const edge = [place.get(from), place.get(to)];
    if (edge[0] !== undefined && edge[1] !== undefined) edges.push(edge as number[]);
  }
  const graph = { ...known, ...span, nodes: members.map((v) => known.nodes[v]!), edges };
  return recount(graph, { up: members.map((v) => all.up[v]!), down: members.map((v) => all.down[v]!) });
}
