// The picture as text for other programs. Names are ours (n0, n1, ...); labels are quoted.

import { visible } from "../../shared/format";
import type { Direction, LineageView } from "../../shared/protocol.gen";
import type { Item, Picture } from "../levels";
import { plainMarks } from "../marks";

/** What a box says: its type, its label, how many it stands for, and its state. */
export function lines(picture: Picture, item: Item): string[] {
  const nodes = item.members.map((v) => picture.graph.nodes[v]!);
  const [first] = nodes;
  const count = item.group ? ` × ${item.count}` : "";
  const marks = item.group || !first ? [] : plainMarks(first);
  return [item.type, `${item.label}${count}`, ...marks].map((line) => visible(line, 120));
}

/** Mermaid flow chart. Every character that could mean something there is written by its number. */
export function mermaid(picture: Picture, direction: Direction = "right"): string {
  const quote = (value: string) =>
    value.replace(/[^\p{L}\p{N}\p{M} .:_/×-]/gu, (found) => `#${found.codePointAt(0)};`);
  const boxes = picture.items.map((item, i) => {
    const label = lines(picture, item).map(quote).join("<br/>");
    return item.kind === "run" ? `  n${i}(["${label}"])` : `  n${i}["${label}"]`;
  });
  const arrows = picture.edges.map(([from, to]) => `  n${from} --> n${to}`);
  return [`flowchart ${direction === "down" ? "TD" : "LR"}`, ...boxes, ...arrows, ""].join("\n");
}

/** Graphviz. */
export function dot(picture: Picture, direction: Direction = "right"): string {
  const quote = (value: string) => value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
  const boxes = picture.items.map((item, i) => {
    const label = lines(picture, item).map(quote).join("\\n");
    const style = `${item.kind === "run" ? "rounded" : "solid"}${item.failed > 0 && !item.group ? ",dashed" : ""}`;
    return `  n${i} [label="${label}", style="${style}"];`;
  });
  const arrows = picture.edges.map(([from, to]) => `  n${from} -> n${to};`);
  const head = [
    "digraph lineage {",
    `  rankdir=${direction === "down" ? "TB" : "LR"};`,
    "  node [shape=box];",
  ];
  return [...head, ...boxes, ...arrows, "}", ""].join("\n");
}

/** The nodes and edges behind the picture, with all facts, and the boxes that they are drawn as. */
export function json({ graph, items }: Picture, direction: Direction = "right"): string {
  const id = (v: number) => graph.nodes[v]!.id;
  const groups = items
    .filter(({ group }) => group)
    .map(({ kind, type, label, count, members }) => ({ kind, type, label, count, members: members.map(id) }));
  const { focus, up, down, total, level } = graph;
  const edges = graph.edges.map(([from, to, ...weight]) => [id(from!), id(to!), ...weight]);
  const made = { focus, up, down, total, level, direction, nodes: graph.nodes, edges, groups };
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** The line of Python that opens the same picture. */
export function python(label: string | null, { up, down, level, direction }: LineageView): string {
  const hops = (value: number) => (value < 0 ? "None" : String(value));
  // JSON writes a string so that Python reads the same.
  const start = label === null ? [] : [JSON.stringify(label), `up=${hops(up)}`, `down=${hops(down)}`];
  const turned = direction === "down" ? ['direction="down"'] : [];
  return `jupyter_artifacts.lineage(${[...start, `level="${level}"`, ...turned].join(", ")})`;
}
