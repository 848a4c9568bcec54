import { useEffect, useMemo, useState } from "preact/hooks";
import { count, integer } from "../shared/format";
import { usePages, useSize } from "../shared/hooks";
import { select } from "../shared/keyboard";
import type { PanelProps } from "../shared/panel";
import type { ExampleItem, ExamplesView } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { CrossIcon, DownIcon } from "../shared/ui/icons";
import { Empty, Notice } from "../shared/ui/Notice";
import { Seg } from "../shared/ui/Seg";
import { Text } from "../shared/ui/Text";
import { Confusion } from "./Confusion";
import { className } from "./names";
import { Sheets } from "./sheets";
import { type Keys, Tiles } from "./Tiles";
import { useItems } from "./useItems";
import { Zoom } from "./Zoom";
import "./examples.css";

type Sort = ExamplesView["sort"];

const SORTS: readonly (readonly [Sort, string])[] = [
  ["loss", "loss"],
  ["confidence", "confidence"],
  ["margin", "margin"],
  ["entropy", "entropy"],
  ["index", "position"],
];
const SHOWN = [
  ["all", "All"],
  ["wrong", "Wrong only"],
] as const;

/** From this width on the matrix and the opened example stand beside the pictures, else below them. */
const SIDE_FROM = 760;
/** Rows of pictures that are seen at once: as high as what stands beside them. */
const ROWS = { alone: 4, zoom: 5, both: 8 } as const;

/** Examples ranked by how hard they were for a model; or any pictures, with no ranking. */
export function Examples({ snapshot, view, setView, rpc, host }: PanelProps<"examples">) {
  const { class_names: names, scored, wrong, confusion } = snapshot;
  const pages = useItems(rpc, snapshot, view, host.live);
  usePages(pages);
  const sheets = useMemo(() => new Sheets(rpc, snapshot), [rpc, snapshot]);
  useEffect(() => () => sheets.close(), [sheets]);
  const [body, { width }] = useSize<HTMLDivElement>();
  const [matrix, setMatrix] = useState(false);
  const [opened, setOpened] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const ranked = scored > 0;
  const zoomed = opened === null ? undefined : pages.get(opened);
  const ratio = snapshot.tile_width / Math.max(1, snapshot.tile_height);
  const side = matrix && zoomed ? "both" : zoomed ? "zoom" : "alone";
  const beside = (matrix || zoomed !== undefined) && width >= SIDE_FROM;

  useEffect(() => {
    if (pages.known) host.announce(`${count(pages.total, "example")} shown`);
  }, [pages, pages.known && pages.total]);

  const pick = (item: ExampleItem, place: number, keys: Keys) => {
    const range = (from: number, to: number) => {
      const here = [...pages.here()].sort(([a], [b]) => a - b).map(([, each]) => each.tile);
      const ends = [here.indexOf(from), here.indexOf(to)];
      return here.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
    };
    const only = view.selected.length === 1 && view.selected[0] === item.tile;
    const plain = !(keys.ctrlKey || keys.metaKey || keys.shiftKey);
    const next = plain && only ? [] : select(view.selected, item.tile, keys, range, anchor);
    if (!keys.shiftKey || anchor === null) setAnchor(item.tile);
    if (opened !== null && plain) setOpened(place);
    setView({ selected: next });
    host.announce(`${count(next.length, "example")} selected`);
  };
  const move = (step: -1 | 1) => {
    const to = Math.max(0, Math.min((opened ?? 0) + step, pages.total - 1));
    void pages.ensure(to, to + 1).then(() => setOpened(to));
  };
  const chosen = [...pages.here()].filter(([, item]) => view.selected.includes(item.tile));
  const filtered = view.label >= 0 || view.predicted >= 0;

  return (
    <>
      <Bar
        title={<Text value={snapshot.title || "Examples"} limit={120} />}
        note={
          ranked
            ? `${count(scored, "example")} scored, ${integer(wrong)} wrong`
            : count(pages.total, "picture")
        }
      >
        {ranked && (
          <>
            <label class="ja-sort">
              Sort{" "}
              <select
                value={view.sort}
                onChange={(event) => setView({ sort: event.currentTarget.value as Sort })}
              >
                {SORTS.map(([key, text]) => (
                  <option key={key} value={key}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
            <Button
              label={view.descending ? "Highest first: turn round" : "Lowest first: turn round"}
              onClick={() => setView({ descending: !view.descending })}
            >
              <span class={view.descending ? undefined : "ja-up"}>
                <DownIcon />
              </span>
            </Button>
            <Seg
              label="Which examples"
              value={view.wrong_only ? "wrong" : "all"}
              options={SHOWN}
              onChange={(next) => setView({ wrong_only: next === "wrong" })}
            />
            {confusion.length > 0 && (
              <Button kind={matrix ? "primary" : "plain"} onClick={() => setMatrix(!matrix)}>
                Confusion matrix
              </Button>
            )}
          </>
        )}
      </Bar>
      {filtered && (
        <div class="ja-filter">
          True <b>{className(names, view.label)}</b> → predicted <b>{className(names, view.predicted)}</b>
          <Button kind="ghost" label="Show all classes" onClick={() => setView({ label: -1, predicted: -1 })}>
            <CrossIcon />
          </Button>
        </div>
      )}
      {pages.error && (
        <Notice kind="warn" role="alert">
          {pages.error.message}
        </Notice>
      )}
      <div ref={body} class={beside ? "ja-ex-body ja-ex-beside" : "ja-ex-body"}>
        {pages.known && pages.total === 0 ? (
          <Empty>No example is like that</Empty>
        ) : (
          <Tiles
            pages={pages}
            sheets={sheets}
            names={names}
            sort={view.sort}
            ratio={ratio}
            selected={view.selected}
            most={beside ? ROWS[side] : ROWS.alone}
            onPick={pick}
            onOpen={(_, place) => setOpened(place)}
            onEscape={() => (opened === null ? setView({ selected: [] }) : setOpened(null))}
          />
        )}
        {(matrix || zoomed) && (
          <div class="ja-ex-side">
            {zoomed && <Zoom item={zoomed} names={names} onMove={move} onClose={() => setOpened(null)} />}
            {matrix && (
              <Confusion
                counts={confusion}
                names={names}
                label={view.label}
                predicted={view.predicted}
                onChoose={(label, predicted) => setView({ label, predicted })}
              />
            )}
          </div>
        )}
      </div>
      <Foot
        chosen={chosen}
        many={view.selected.length}
        onOpen={setOpened}
        onClear={() => setView({ selected: [] })}
      />
    </>
  );
}

interface FootProps {
  /** The selected examples that are here, with their places in the grid. */
  chosen: readonly (readonly [place: number, item: ExampleItem])[];
  many: number;
  onOpen(place: number): void;
  onClear(): void;
}

/** What is selected, by its positions in the dataset: the same numbers as `grid.selected` in Python. */
function Foot({ chosen, many, onOpen, onClear }: FootProps) {
  const [first] = chosen;
  if (many === 0) return <div class="ja-ex-foot ja-mut">Click to select, double click to enlarge</div>;
  const shown = chosen.slice(0, 6).map(([, item]) => integer(item.index));
  return (
    <div class="ja-ex-foot">
      <span>
        {count(many, "example")} selected{shown.length > 0 && `: ${shown.join(", ")}`}
        {many > shown.length && ", …"}
      </span>
      <span class="ja-ex-foot-tools">
        {first && many === 1 && (
          <Button kind="link" onClick={() => onOpen(first[0])}>
            Enlarge
          </Button>
        )}
        <Button kind="link" onClick={onClear}>
          Clear
        </Button>
      </span>
    </div>
  );
}
