import type { ExampleItem } from "../shared/protocol.gen";
import { CrossIcon, WarnIcon } from "../shared/ui/icons";
import { Text } from "../shared/ui/Text";
import { className, isScored, isWrong, score, told } from "./names";
import type { Sheets } from "./sheets";

interface TileProps {
  item: ExampleItem | undefined;
  names: readonly string[];
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
      aria-description={item ? told(item, names) : undefined}
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
        <WarnIcon /> picture unreadable
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

function Caption({ item, names, value, named }: TileProps & { item: ExampleItem }) {
  if (!isScored(item)) {
    return (
      <div class="ja-tile-caption ja-cut">
        <Text value={item.caption || String(item.index)} limit={60} whole={item.caption.length > 12} />
      </div>
    );
  }
  return (
    <div class={`ja-tile-caption${named ? " ja-tile-named" : ""}`}>
      <span class="ja-cut">
        <Text value={className(names, item.label)} limit={40} /> →{" "}
        <span class="ja-predicted">
          <Text value={className(names, item.predicted)} limit={40} />
        </span>
        {isWrong(item) && <CrossIcon />}
      </span>
      <span class="ja-num">{score(value)}</span>
    </div>
  );
}
