import type { Picture } from "./levels";

/** The items whose label, type, state or an alias has every word of a query; a group where a member has. */
export function matching({ items, graph }: Picture, query: string): ReadonlySet<number> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<number>();
  if (words.length === 0) return found;
  const hit = graph.nodes.map(({ label, type, state, aliases, stale }) => {
    const all = [label, type, state, ...aliases, stale === "" ? "" : "stale"].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  });
  items.forEach(({ members }, item) => {
    if (members.some((v) => hit[v])) found.add(item);
  });
  return found;
}
