import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, integer, visible } from "../shared/format";
import { gridMove } from "../shared/keyboard";
import { Button } from "../shared/ui/Button";
import { ArtifactIcon, RunIcon } from "../shared/ui/icons";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import type { Picture } from "./levels";
import { markClass, marksOf } from "./marks";
import { type Step, steps } from "./reach";

interface ListProps {
  picture: Picture;
  /** What directions and hops are counted from, -1 for nothing. */
  start: number;
  selected: number;
  onSelect(item: number): void;
}

/** The graph as a table: the same boxes, the same selection, nothing to see with the eye alone. */
export function List({ picture, start, selected, onSelect }: ListProps) {
  const lines = useMemo(() => steps(picture, start), [picture, start]);
  const heads = HEADS.filter(([, told]) => told === undefined || told === start >= 0);
  const [most, setMost] = useState(STEP);
  const body = useRef<HTMLTableSectionElement>(null);
  const moved = useRef(false);
  const at = Math.max(
    0,
    lines.findIndex(({ item }) => item === selected),
  );
  useEffect(() => {
    const row = body.current?.querySelectorAll("tr")[at];
    if (selected >= 0) row?.scrollIntoView?.({ block: "nearest" });
    if (moved.current) row?.querySelector("button")?.focus();
    moved.current = false;
  }, [at, selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && selected >= 0) {
      event.stopPropagation();
      onSelect(-1);
      return;
    }
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") return;
    const jump = event.key === "Home" || event.key === "End";
    const keys = { ...pick(event), ctrlKey: event.ctrlKey || jump };
    const shown = Math.min(most, lines.length);
    const to = gridMove(keys, { row: at, column: 0 }, { rows: shown, columns: 1, page: 10 });
    const line = to && lines[selected < 0 && event.key === "ArrowDown" ? 0 : to.row];
    if (!line) return;
    event.preventDefault();
    moved.current = true;
    onSelect(line.item);
  };
  return (
    <div class="ja-list">
      <table aria-label={say("Lineage as a list")} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {heads.map(([name]) => (
              <th key={name} scope="col" class={name === "Hops" ? "ja-num" : undefined}>
                {say(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {lines.slice(0, most).map((line, row) => (
            <Row
              key={line.item}
              line={line}
              picture={picture}
              selected={line.item === selected}
              tabStop={row === at}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {lines.length > most && (
        <div class="ja-more">
          <Button onClick={() => setMost(most + STEP)}>{say("Show more")}</Button>
          <span class="ja-mut">{say("{rows} not shown", { rows: count(lines.length - most, "row") })}</span>
        </div>
      )}
    </div>
  );
}

function Row({
  line,
  picture,
  selected,
  tabStop,
  onSelect,
}: {
  line: Step;
  picture: Picture;
  selected: boolean;
  tabStop: boolean;
  onSelect(item: number): void;
}) {
  const item = picture.items[line.item]!;
  const node = picture.graph.nodes[item.members[0]!]!;
  const marks = item.group ? [`× ${integer(item.count)}`] : marksOf(node);
  const via = line.via.slice(0, 3).map((other) => visible(picture.items[other]!.label, 60));
  return (
    <tr class={selected ? "ja-row-selected" : undefined} onClick={() => onSelect(line.item)}>
      <th scope="row">
        <button type="button" class="ja-list-name" tabIndex={tabStop ? 0 : -1} aria-pressed={selected}>
          <span class={`ja-ink-${item.kind}`}>{item.kind === "run" ? <RunIcon /> : <ArtifactIcon />}</span>
          <Text value={item.label} limit={120} />
          <span class="ja-sr"> {say(item.kind)}</span>
          {marks.map((mark) => (
            <span key={mark} class={markClass(mark, node)}>
              {visible(mark, 40)}
            </span>
          ))}
        </button>
      </th>
      <td>
        <Text value={item.type} limit={60} />
      </td>
      {line.direction !== "alone" && (
        <>
          <td>{say(DIRECTIONS[line.direction])}</td>
          <td class="ja-num">{line.hops < 0 ? "" : line.hops}</td>
        </>
      )}
      <td>
        <bdi>{via.join(", ")}</bdi>
        {line.via.length > via.length && ` ${say("and {n} more", { n: line.via.length - via.length })}`}
      </td>
    </tr>
  );
}

/** Columns; the second says which are told where there is a start, and which where there is none. */
const HEADS: readonly (readonly [name: string, start?: boolean])[] = [
  [/* say */ "Node"],
  [/* say */ "Type"],
  [/* say */ "Direction", true],
  [/* say */ "Hops", true],
  [/* say */ "Via", true],
  [/* say */ "From", false],
];
const DIRECTIONS = {
  start: /* say */ "start",
  up: /* say */ "up",
  down: /* say */ "down",
  both: /* say */ "up and down",
  none: "",
  alone: "",
} as const;
const STEP = 300;

function pick({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey, shiftKey };
}
