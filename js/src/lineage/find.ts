import { useMemo } from "preact/hooks";
import { count } from "../shared/format";
import { useAsk, useDebounced } from "../shared/hooks";
import type { GraphNode } from "../shared/protocol.gen";
import { say } from "../shared/words";
import type { Picture } from "./levels";
import { plainMarks } from "./marks";

export interface Found {
  /** The items that are marked. */
  readonly found: ReadonlySet<number>;
  /** "2 of 5 matches". */
  readonly hits: string;
  /** Go to the next one. */
  next(): void;
}

/** What a query finds: here, or in the kernel where that has joined the nodes into groups. */
export function useFound(
  picture: Picture,
  selected: string | null,
  query: string,
  at: number,
  goTo: (id: string) => void,
): Found {
  const here = useMemo(() => matching(picture, query), [picture, query]);
  const { focus, up, down, level } = picture.graph;
  const joined = level !== "exploded";
  const asked = useDebounced(query.trim(), 200);
  const { data } = useAsk(
    "graph.members",
    joined && asked !== ""
      ? { focus, up, down, level, group: "", query: asked, offset: 0, limit: MOST }
      : null,
  );
  const ids = joined ? (data?.nodes ?? []).map(({ id }) => id) : [...here].map((v) => picture.items[v]!.id);
  const place = joined ? ids.indexOf(selected ?? "") : [...here].indexOf(at);
  const total = joined ? (data?.total ?? 0) : here.size;
  return {
    found: here,
    hits:
      place < 0
        ? count(total, "match", "matches")
        : say("{place} of {matches}", { place: place + 1, matches: count(total, "match", "matches") }),
    next: () => {
      const id = ids[(place + 1) % ids.length];
      if (id !== undefined) goTo(id);
    },
  };
}

/** The items whose label, type, state or an alias has every word of a query; a group where a member has. */
export function matching({ items, graph }: Picture, query: string): ReadonlySet<number> {
  const found = new Set<number>();
  if (query.trim() === "") return found;
  const hit = graph.nodes.map(hasWords(query));
  items.forEach(({ members }, item) => {
    if (members.some((v) => hit[v])) found.add(item);
  });
  return found;
}

/** Tells whether a node has every word of a query somewhere. */
export function hasWords(query: string): (node: GraphNode) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (node) => {
    const all = [node.label, node.type, node.state, ...plainMarks(node)].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

/** So many hits are gone through one by one. */
const MOST = 100;
