import { Button } from "../../shared/ui/Button";
import { ArtifactIcon, RunIcon } from "../../shared/ui/icons";
import { Text } from "../../shared/ui/Text";
import { integer, say } from "../../shared/words";
import type { Picture } from "../levels";

interface NeighboursProps {
  picture: Picture;
  at: number;
  onSelect(id: string): void;
}

/** The boxes before and after, as links that select them. */
export function Neighbours({ picture, at, onSelect }: NeighboursProps) {
  const { edges, items, graph } = picture;
  const node = items[at]!.group ? null : graph.nodes[items[at]!.members[0]!]!;
  const beside = (end: 0 | 1) => edges.filter((edge) => edge[end] === at).map((edge) => edge[1 - end]!);
  return (
    <div class="ja-neighbours">
      <Links
        title={say("Inputs")}
        picture={picture}
        links={beside(1)}
        more={node?.more_up ?? 0}
        onSelect={onSelect}
      />
      <Links
        title={say("Outputs")}
        picture={picture}
        links={beside(0)}
        more={node?.more_down ?? 0}
        onSelect={onSelect}
      />
    </div>
  );
}

function Links({
  title,
  picture,
  links,
  more,
  onSelect,
}: {
  title: string;
  picture: Picture;
  links: readonly number[];
  more: number;
  onSelect(id: string): void;
}) {
  const hidden = more + Math.max(0, links.length - MOST);
  return (
    <section>
      <h5>
        {title} ({integer(links.length + more)})
      </h5>
      <ul>
        {links.slice(0, MOST).map((item) => {
          const { id, kind, label, group, count } = picture.items[item]!;
          return (
            <li key={item}>
              <Button kind="link" onClick={() => onSelect(id)}>
                <span class={`ja-ink-${kind}`}>{kind === "run" ? <RunIcon /> : <ArtifactIcon />}</span>
                <Text value={label} limit={100} />
                {group && ` × ${integer(count)}`}
              </Button>
            </li>
          );
        })}
        {links.length + more === 0 && <li class="ja-mut">{say("none")}</li>}
        {hidden > 0 && <li class="ja-mut">{say("{n} more not shown", { n: hidden })}</li>}
      </ul>
    </section>
  );
}

const MOST = 12;
