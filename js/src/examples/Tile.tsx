import type { ExampleItem, Verdict } from "../shared/protocol.gen";
import { CrossIcon, WarnIcon } from "../shared/ui/icons";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { className, isScored, isWrong, score, told } from "./names";
import type { Sheets } from "./sheets";

interface TileProps {
  item: ExampleItem | undefined;
  names: readonly string[];
  /** What two compared versions are called. */
  versions: readonly string[];
  sheets: Sheets;
  /** The number that the tiles are sorted by. */
  value: number | null;
  ratio: number;
  column: number;
  /** Where it is among all examples; the grid hears of clicks and reads it. */
  place: number;
  /** Classes have names: the caption takes two lines. */
  named: boolean;
  selected: boolean;
  stop: boolean;
}

/** One example: its picture, its classes, its score. Nothing but a grey box until it is here. */
export function Tile(props: TileProps) {
  const { item, names, selected, stop, column, place } = props;
  return (
    <div
      class={`ja-tile${item && isWrong(item) ? " ja-wrong" : ""}`}
      role="gridcell"
      aria-colindex={column + 1}
      data-place={place}
      aria-selected={item ? selected : undefined}
      aria-description={item ? told(item, names, props.versions) : undefined}
      tabIndex={stop ? 0 : -1}
    >
      <Picture {...props} />
      {item && <Caption {...props} item={item} />}
    </div>
  );
}

function Picture({ item, sheets, ratio }: TileProps) {
  const spot = item ? sheets.spot(item.tile) : null;
  if (item && !spot && sheets.missing(item.tile)) {
    return (
      <div class="ja-tile-image ja-tile-lost" style={{ aspectRatio: ratio }}>
        <WarnIcon /> {say("picture unreadable")}
      </div>
    );
  }
  return (
    <div
      class="ja-tile-image"
      style={{
        aspectRatio: ratio,
        ...(spot && {
          backgroundImage: `url(${spot.url})`,
          backgroundSize: spot.size,
          backgroundPosition: spot.position,
        }),
      }}
    />
  );
}

function Caption({ item, names, versions, value, named }: TileProps & { item: ExampleItem }) {
  if (!isScored(item)) {
    return (
      <div class="ja-tile-caption ja-cut">
        <Text value={item.caption || String(item.index)} limit={60} whole={item.caption.length > 12} />
      </div>
    );
  }
  if (versions.length > 0) {
    return (
      <div class="ja-tile-caption ja-tile-named ja-tile-versus">
        <span class="ja-cut">
          <Text value={className(names, item.label)} limit={40} />
        </span>
        {[item, item.other].map((verdict, i) => (
          <span key={i} class="ja-tile-verdict" title={versions[i]}>
            {verdict ? <Guess item={item} verdict={verdict} names={names} bare /> : "–"}
            <span class="ja-num">{score(verdict?.loss ?? null)}</span>
          </span>
        ))}
      </div>
    );
  }
  return (
    <div class={`ja-tile-caption${named ? " ja-tile-named" : ""}`}>
      <span class="ja-cut">
        <Text value={className(names, item.label)} limit={40} />{" "}
        <Guess item={item} verdict={item} names={names} />
      </span>
      <span class="ja-num">{score(value)}</span>
    </div>
  );
}

interface GuessProps {
  item: ExampleItem;
  verdict: Verdict;
  names: readonly string[];
  /** Without the arrow. */
  bare?: boolean;
}

/** "→ 7", and a cross where that is wrong. */
function Guess({ item, verdict, names, bare = false }: GuessProps) {
  const wrong = isWrong(item, verdict);
  return (
    <span class="ja-cut">
      {bare ? "" : "→ "}
      <span class={wrong ? "ja-predicted" : undefined}>
        <Text value={className(names, verdict.predicted)} limit={40} />
      </span>
      {wrong && <CrossIcon />}
    </span>
  );
}
