import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { count, integer, visible } from "../shared/format";
import { usePages, useSaid, useSize } from "../shared/hooks";
import { select } from "../shared/keyboard";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import type { ExampleItem, ExamplesView } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { CrossIcon, DownIcon } from "../shared/ui/icons";
import { Empty, Notice } from "../shared/ui/Notice";
import { Seg } from "../shared/ui/Seg";
import { Text } from "../shared/ui/Text";
import { mix, say } from "../shared/words";
import { className } from "./names";
import { Sheets } from "./sheets";
import { type Keys, Tiles } from "./Tiles";
import { useItems } from "./useItems";
import "./examples.css";

const Confusion = piece((from: typeof import("./pieces")) => from.Confusion);
const Zoom = piece((from: typeof import("./pieces")) => from.Zoom);

type Sort = ExamplesView["sort"];

const SORTS: readonly (readonly [Sort, string])[] = [
  ["loss", /* say */ "loss"],
  ["change", /* say */ "change of loss"],
  ["confidence", /* say */ "confidence"],
  ["margin", /* say */ "margin"],
  ["entropy", /* say */ "entropy"],
  ["index", /* say */ "position"],
];
const SHOWN = [
  ["all", /* say */ "All"],
  ["wrong", /* say */ "Wrong only"],
] as const;
const VERSUS: readonly (readonly [ExamplesView["versus"], string])[] = [
  ["any", /* say */ "all"],
  ["fixed", /* say */ "right in the other only"],
  ["broken", /* say */ "wrong in the other only"],
  ["differs", /* say */ "told apart"],
];

/** From this width on the matrix and the opened example stand beside the pictures, else below them. */
const SIDE_FROM = 760;
/** Rows of pictures that are seen at once: as high as what stands beside them. */
const ROWS = { alone: 4, zoom: 5, both: 8 } as const;

/** Examples ranked by how hard they were for a model; or any pictures, with no ranking. */
export function Examples({ snapshot, view, setView, rpc, host }: PanelProps<"examples">) {
  // What an older notebook has stored knows of no versions.
  const { class_names: names, scored, wrong, confusion, versions = [] } = snapshot;
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
    if (pages.known) host.announce(shownText(pages.total, view, names, ranked));
  }, [pages, pages.known && pages.total]);

  useSaid(matrix ? say("Confusion matrix shown") : say("Confusion matrix closed"));
  useSaid(zoomed ? zoomedText(zoomed, names, ranked) : "");

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
    host.announce(say("{examples} selected", { examples: count(next.length, "example") }));
  };
  const clear = () => {
    setView({ selected: [] });
    host.announce(say("Nothing is selected"));
  };
  const move = (step: -1 | 1) => {
    const to = Math.max(0, Math.min((opened ?? 0) + step, pages.total - 1));
    void pages.ensure(to, to + 1).then(() => setOpened(to));
  };
  const chosen = [...pages.here()].filter(([, item]) => view.selected.includes(item.tile));
  const filtered = view.label >= 0 || view.predicted >= 0 || view.versus !== "any";
  // Hundreds of classes are found by the matrix, or not at all, but not in a list.
  const classes: [string, string][] = ranked
    ? [
        ["-1", /* say */ "all"],
        ...confusion.map((_, i): [string, string] => [String(i), className(names, i)]),
      ]
    : [];

  return (
    <>
      <Bar
        title={<Text value={snapshot.title || say("Examples")} limit={120} />}
        note={
          ranked
            ? say("{examples} scored, {n} wrong", { examples: count(scored, "example"), n: wrong })
            : count(pages.total, "picture")
        }
      >
        {ranked && (
          <>
            <Choice
              label={say("Sort")}
              value={view.sort}
              options={SORTS.filter(([key]) => key !== "change" || versions.length > 0)}
              onChange={(sort) => setView({ sort: sort as Sort })}
            />
            <Button
              label={view.descending ? say("Highest first: turn round") : say("Lowest first: turn round")}
              onClick={() => setView({ descending: !view.descending })}
            >
              <span class={view.descending ? undefined : "ja-up"}>
                <DownIcon />
              </span>
            </Button>
            <Seg
              label={say("Which examples")}
              value={view.wrong_only ? "wrong" : "all"}
              options={SHOWN.map(([key, text]) => [key, say(text)] as const)}
              onChange={(next) => setView({ wrong_only: next === "wrong" })}
            />
            {confusion.length > 0 && (
              <Button kind={matrix ? "primary" : "plain"} onClick={() => setMatrix(!matrix)}>
                {say("Confusion matrix")}
              </Button>
            )}
          </>
        )}
      </Bar>
      {classes.length > 1 && (
        <div class="ja-filter">
          <Choice
            label={say("True")}
            value={String(view.label)}
            options={classes}
            onChange={(label) => setView({ label: Number(label) })}
          />
          <Choice
            label={say("Predicted")}
            value={String(view.predicted)}
            options={classes}
            onChange={(predicted) => setView({ predicted: Number(predicted) })}
          />
          {versions.length > 0 && (
            <Choice
              label={mix("{this} and {other}", {
                this: <Text key="t" value={versions[0] ?? ""} limit={24} />,
                other: <Text key="o" value={versions[1] ?? ""} limit={24} />,
              })}
              value={view.versus}
              options={VERSUS}
              onChange={(versus) => setView({ versus: versus as ExamplesView["versus"] })}
            />
          )}
          {filtered && (
            <Button kind="ghost" label={say("Show all classes")} onClick={() => setView(NO_FILTER)}>
              <CrossIcon />
            </Button>
          )}
        </div>
      )}
      {pages.error && (
        <Notice kind="warn" role="alert">
          {pages.error.message}
        </Notice>
      )}
      <div ref={body} class={beside ? "ja-ex-body ja-ex-beside" : "ja-ex-body"}>
        {pages.known && pages.total === 0 ? (
          <Empty>{say("No example is like that")}</Empty>
        ) : (
          <Tiles
            pages={pages}
            sheets={sheets}
            names={names}
            versions={versions}
            cols={view.cols}
            sort={view.sort}
            ratio={ratio}
            selected={view.selected}
            most={beside ? ROWS[side] : ROWS.alone}
            onPick={pick}
            onOpen={(_, place) => setOpened(place)}
            onEscape={() => (opened === null ? clear() : setOpened(null))}
          />
        )}
        {(matrix || zoomed) && (
          <div class="ja-ex-side">
            {zoomed && (
              <Zoom
                item={zoomed}
                names={names}
                versions={versions}
                onMove={move}
                onClose={() => setOpened(null)}
              />
            )}
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
      <Foot chosen={chosen} many={view.selected.length} onOpen={setOpened} onClear={clear} />
    </>
  );
}

/** "12 examples shown, true 3, predicted 5, by loss, highest first". */
function shownText(total: number, view: ExamplesView, names: readonly string[], ranked: boolean): string {
  const examples = count(total, "example");
  const sort = say(SORTS.find(([key]) => key === view.sort)?.[1] ?? view.sort);
  const parts = [
    say("{examples} shown", { examples }),
    view.label >= 0 ? say("true {class}", { class: className(names, view.label) }) : "",
    view.predicted >= 0 ? say("predicted {class}", { class: className(names, view.predicted) }) : "",
    ranked && view.descending ? say("by {sort}, highest first", { sort }) : "",
    ranked && !view.descending ? say("by {sort}, lowest first", { sort }) : "",
  ];
  return parts.filter(Boolean).join(", ");
}

function zoomedText(item: ExampleItem, names: readonly string[], ranked: boolean): string {
  const n = integer(item.index);
  if (!ranked) return say("Picture {n} enlarged", { n });
  return say("Example {n} enlarged: true {class}, predicted {other}", {
    n,
    class: className(names, item.label),
    other: className(names, item.predicted),
  });
}

const NO_FILTER = { label: -1, predicted: -1, versus: "any" } as const;

interface ChoiceProps {
  label: ComponentChildren;
  value: string;
  /** Values and what they are called; words of ours are said in the reader's language. */
  options: readonly (readonly [string, string])[];
  onChange(value: string): void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label class="ja-sort">
      {label}{" "}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {visible(say(text), 40)}
          </option>
        ))}
      </select>
    </label>
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
  if (many === 0)
    return <div class="ja-ex-foot ja-mut">{say("Click to select, double click to enlarge")}</div>;
  const shown = chosen.slice(0, 6).map(([, item]) => integer(item.index));
  return (
    <div class="ja-ex-foot">
      <span>
        {say("{examples} selected", { examples: count(many, "example") })}
        {shown.length > 0 && `: ${shown.join(", ")}`}
        {many > shown.length && ", …"}
      </span>
      <span class="ja-ex-foot-tools">
        {first && many === 1 && (
          <Button kind="link" onClick={() => onOpen(first[0])}>
            {say("Enlarge")}
          </Button>
        )}
        <Button kind="link" onClick={onClear}>
          {say("Clear")}
        </Button>
      </span>
    </div>
  );
}
