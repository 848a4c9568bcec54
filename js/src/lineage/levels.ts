// The three levels of a graph: what is drawn as one box. Groups may make circles; clusters cannot.

import type { Graph, GraphNode, Level, NodeKind } from "../shared/protocol.gen";
import { type Adjacency, adjacency, degree, type Edge } from "./layout/graph";
import { isBad } from "./marks";

/** A box of the picture: a node, or nodes drawn as one. */
export interface Item {
  readonly id: string;
  readonly kind: NodeKind;
  readonly type: string;
  readonly label: string;
  /** Positions in the graph's nodes: one for a plain node, and for a group that the kernel made. */
  readonly members: readonly number[];
  /** Whether it stands for several nodes. */
  readonly group: boolean;
  /** How many nodes it stands for, and how many of them failed or are stale. */
  readonly count: number;
  readonly failed: number;
  readonly stale: number;
}

/** A graph as it is drawn. */
export interface Picture {
  readonly graph: Graph;
  readonly items: readonly Item[];
  /** Pairs of positions in `items`, each once. */
  readonly edges: readonly Edge[];
  /** How many of the graph's edges each stands for. */
  readonly weights: readonly number[];
  /** The item of each node of the graph. */
  readonly itemOf: Int32Array;
}

/** What the reader took apart: groups by id, and single members by node id. */
export interface Apart {
  readonly opened: ReadonlySet<string>;
  readonly pulled: ReadonlySet<string>;
}

export const WHOLE: Apart = { opened: new Set(), pulled: new Set() };

/** Siblings are drawn as one from this number on. */
export const CLUSTER_SIZE = 5;

/** The graph at a level, with what was taken apart shown by itself. */
export function pictureOf(graph: Graph, level: Level, apart: Apart = WHOLE): Picture {
  if (graph.level !== "exploded") return quotient(graph, null, 2, WHOLE);
  if (level === "grouped") return quotient(graph, groupsOf(graph), 2, apart);
  if (level === "clusters") return quotient(graph, siblingsOf(graph), CLUSTER_SIZE, apart);
  return quotient(graph, null, 2, apart);
}

/** Runs by job type, artifacts by type. */
function groupsOf(graph: Graph): string[] {
  return graph.nodes.map(({ kind, type }) => `${kind}:${type}`);
}

/**
 * Nodes of the same kind and type that came from the same inputs, where inputs that
 * are siblings count as the same: 12 training runs on one dataset, and their models.
 * Inputs that the graph leaves out do not count. A node without inputs, on a circle or
 * between two, is nobody's sibling.
 */
function siblingsOf(graph: Graph): string[] {
  const count = graph.nodes.length;
  const edges = graph.edges as unknown as readonly Edge[];
  const { inputs } = adjacency(count, edges);
  const classes = new Map<string, string>();
  const classOf: string[] = graph.nodes.map(({ id }) => `@${id}`);
  const { order, circular } = causesFirst(count, edges);
  for (const v of order) {
    if (circular.has(v)) continue;
    const { kind, type, id } = graph.nodes[v] as GraphNode;
    const causes = [...inputs.list.slice(inputs.start[v]!, inputs.start[v + 1]!)].map((w) => classOf[w]!);
    if (causes.length === 0) continue;
    const key = JSON.stringify([kind, type, ...new Set(causes.sort())]);
    // A class is called after its first member: the name stays when others come or go.
    const name = classes.get(key) ?? `${kind}:${type}@${id}`;
    classes.set(key, name);
    classOf[v] = name;
  }
  return classOf;
}

/** Every node after its inputs; what is on a circle, or between two, comes at once. */
function causesFirst(count: number, edges: readonly Edge[]) {
  const { inputs, outputs } = adjacency(count, edges);
  const waiting = Int32Array.from({ length: count }, (_, v) => degree(inputs, v));
  const order: number[] = [];
  let walked = 0;
  /** Follow what is ready; `open` nodes are those that may become it. */
  const walk = (found: number[], left: Int32Array, to: Adjacency, open: (v: number) => boolean) => {
    for (; walked < found.length; walked++) {
      const v = found[walked]!;
      for (let i = to.start[v]!; i < to.start[v + 1]!; i++) {
        const next = to.list[i]!;
        left[next]! -= 1;
        if (left[next] === 0 && open(next)) found.push(next);
      }
    }
  };
  for (let v = 0; v < count; v++) if (waiting[v] === 0) order.push(v);
  walk(order, waiting, outputs, () => true);
  const circular = new Set<number>();
  if (order.length === count) return { order, circular };
  // The rest is on circles, between them or after them: what is after them leads to none.
  const before = order.length;
  const leading = Int32Array.from({ length: count }, (_, v) => degree(outputs, v));
  const after = [...leading.keys()].filter((v) => waiting[v]! > 0 && leading[v] === 0);
  walked = 0;
  walk(after, leading, inputs, (v) => waiting[v]! > 0);
  const trailing = new Set(after);
  for (let v = 0; v < count; v++) if (waiting[v]! > 0 && !trailing.has(v)) circular.add(v);
  order.push(...circular);
  walked = before;
  walk(order, waiting, outputs, (v) => !circular.has(v));
  return { order, circular };
}

/** Draw the nodes of a class as one, where a class has `least` or more and was not taken apart. */
function quotient(graph: Graph, classOf: readonly string[] | null, least: number, apart: Apart): Picture {
  const sizes = new Map<string, number>();
  for (const name of classOf ?? []) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const drafts = new Map<string, { group: boolean; members: number[] }>();
  const keys = graph.nodes.map((node, v) => {
    const name = classOf?.[v];
    const joined =
      name !== undefined &&
      sizes.get(name)! >= least &&
      !apart.opened.has(name) &&
      !apart.pulled.has(node.id);
    // Groups and nodes have keys of their own: a run may be called as a job type is.
    const key = joined ? `g ${name}` : `n ${node.id}`;
    const draft = drafts.get(key);
    if (draft) draft.members.push(v);
    else drafts.set(key, { group: joined, members: [v] });
    return key;
  });
  const positions = new Map([...drafts.keys()].map((key, i) => [key, i]));
  const itemOf = Int32Array.from(keys, (key) => positions.get(key)!);
  const made = new Map(graph.groups.map((each) => [each.at, each]));
  const items = [...drafts].map(([key, { group, members }]): Item => {
    const nodes = members.map((v) => graph.nodes[v] as GraphNode);
    const { id, type } = nodes[0] as GraphNode;
    const kind = nodes[0]!.kind === "run" ? "run" : "artifact";
    const given = made.get(members[0]!);
    const several = (group && members.length > 1) || given !== undefined;
    return {
      id: several && !given ? key.slice(2) : id,
      kind,
      type,
      label: labelOf(nodes),
      members,
      group: several,
      count: given?.count ?? members.length,
      failed: given?.failed ?? nodes.filter(({ state }) => isBad(state)).length,
      stale: given?.stale ?? nodes.filter(({ stale }) => stale !== "").length,
    };
  });
  const weights = new Map<number, number>();
  for (const [from, to, weight = 1] of graph.edges as [number, number, number?][]) {
    const pair = itemOf[from]! * items.length + itemOf[to]!;
    weights.set(pair, (weights.get(pair) ?? 0) + weight);
  }
  const edges = [...weights.keys()].map(
    (pair): Edge => [Math.floor(pair / items.length), pair % items.length],
  );
  return { graph, items, edges, weights: [...weights.values()], itemOf };
}

/** One node's label; of several artifacts the name they share; else what they are. */
function labelOf(nodes: readonly GraphNode[]): string {
  const { kind, type, label } = nodes[0] as GraphNode;
  if (nodes.length === 1) return label;
  const names = new Set(kind === "artifact" ? nodes.map((node) => nameOf(node.label)) : []);
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : type || kind;
}

/** "mnist-raw" of "mnist-raw:v1". */
export function nameOf(label: string): string {
  const at = label.lastIndexOf(":");
  return at < 0 ? label : label.slice(0, at);
}

/** The position of the item with an id, or of the group that holds the node with it; -1 without. */
export function find(picture: Picture, id: string | null): number {
  if (id === null) return -1;
  const item = picture.items.findIndex((each) => each.id === id);
  if (item >= 0) return item;
  const node = picture.graph.nodes.findIndex((each) => each.id === id);
  return node < 0 ? -1 : picture.itemOf[node]!;
}
