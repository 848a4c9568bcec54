import { useMemo, useState } from "preact/hooks";
import { useAsk, useDebounced } from "../../shared/hooks";
import type { GraphNode } from "../../shared/protocol.gen";
import { Button } from "../../shared/ui/Button";
import { SearchBox } from "../../shared/ui/SearchBox";
import { Text } from "../../shared/ui/Text";
import { say } from "../../shared/words";
import { hasWords } from "../find";
import type { Item, Picture } from "../levels";
import { markClass, marksOf } from "../marks";
import { Neighbours } from "./Neighbours";
import type { SideProps } from "./Side";

/** What a group stands for: its members, to be searched and pulled out one by one. */
export function Members({ picture, at, item, onOpen, onPull, onSelect }: SideProps & { item: Item }) {
  const [query, setQuery] = useState("");
  const { nodes, total } = useMembers(picture, item, query);
  return (
    <>
      <div class="ja-side-tools">
        <Button kind="primary" onClick={() => onOpen(at)}>
          {say("Open group")}
        </Button>
        <span class="ja-mut">
          {item.failed > 0 && `${say("{n} failed", { n: item.failed })} `}
          {item.stale > 0 && say("{n} stale", { n: item.stale })}
        </span>
      </div>
      <div class="ja-members">
        <SearchBox
          label={say("Find in this group")}
          placeholder={say("Find in group…")}
          value={query}
          onInput={setQuery}
        />
        <ul>
          {nodes.map((node) => (
            <li key={node.id}>
              <Button kind="link" title={say("Pull out of the group")} onClick={() => onPull(node.id)}>
                <Text value={node.label} limit={100} />
              </Button>
              {marksOf(node).map((mark) => (
                <span key={mark} class={markClass(mark, node)}>
                  <Text value={mark} limit={30} />
                </span>
              ))}
            </li>
          ))}
        </ul>
        <p class="ja-mut">
          {total > nodes.length
            ? say("{n} more: narrow it down above.", { n: total - nodes.length })
            : say("A click pulls one out of the group.")}
        </p>
      </div>
      <Neighbours picture={picture} at={at} onSelect={onSelect} />
    </>
  );
}

/** The first members that a query finds: here, or in the kernel where that made the group. */
function useMembers(
  { graph }: Picture,
  item: Item,
  query: string,
): { nodes: readonly GraphNode[]; total: number } {
  const joined = graph.level !== "exploded";
  const asked = useDebounced(query, 150);
  const { focus, up, down, level } = graph;
  const { data } = useAsk(
    "graph.members",
    joined ? { focus, up, down, level, group: item.id, query: asked, offset: 0, limit: MOST } : null,
  );
  const here = useMemo(() => {
    const nodes = joined ? [] : item.members.map((v) => graph.nodes[v]!);
    const has = hasWords(query);
    return nodes.filter(has);
  }, [graph, item, query]);
  if (joined) return data ?? { nodes: [], total: 0 };
  return { nodes: here.slice(0, MOST), total: here.length };
}

const MOST = 60;
