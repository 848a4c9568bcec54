import { useMemo, useState } from "preact/hooks";
import { integer } from "../../shared/format";
import { Button } from "../../shared/ui/Button";
import { SearchBox } from "../../shared/ui/SearchBox";
import { Text } from "../../shared/ui/Text";
import { marksOf } from "../export/text";
import type { Item } from "../levels";
import { Neighbours } from "./Neighbours";
import type { SideProps } from "./Side";

/** What a group stands for: its members, to be searched and pulled out one by one. */
export function Members({ picture, at, item, onOpen, onPull, onSelect }: SideProps & { item: Item }) {
  const [query, setQuery] = useState("");
  const all = useMemo(() => item.members.map((v) => picture.graph.nodes[v]!), [picture, item]);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((node) => {
    const text = [node.label, ...marksOf(node)].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const failed = all.filter(({ state }) => state === "failed").length;
  const stale = all.filter((node) => node.stale !== "").length;
  return (
    <>
      <div class="ja-side-tools">
        <Button kind="primary" onClick={() => onOpen(at)}>
          Open group
        </Button>
        <span class="ja-mut">
          {failed > 0 && `${failed} failed `}
          {stale > 0 && `${stale} stale`}
        </span>
      </div>
      <div class="ja-members">
        <SearchBox label="Find in this group" placeholder="Find in group…" value={query} onInput={setQuery} />
        <ul>
          {shown.slice(0, MOST).map((node) => (
            <li key={node.id}>
              <Button kind="link" title="Pull out of the group" onClick={() => onPull(node.id)}>
                <Text value={node.label} limit={100} />
              </Button>
              {marksOf(node).map((mark) => (
                <span key={mark} class={`ja-mark${mark === "failed" ? " ja-node-bad" : ""}`}>
                  <Text value={mark} limit={30} />
                </span>
              ))}
            </li>
          ))}
        </ul>
        <p class="ja-mut">
          {shown.length > MOST
            ? `${integer(shown.length - MOST)} more: narrow it down above.`
            : "A click pulls one out of the group."}
        </p>
      </div>
      <Neighbours picture={picture} at={at} onSelect={onSelect} />
    </>
  );
}

const MOST = 60;
