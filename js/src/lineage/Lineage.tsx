import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, visible } from "../shared/format";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import type { LineageView } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { FlowIcon } from "../shared/ui/icons";
import { Menu } from "../shared/ui/Menu";
import { Empty, Notice } from "../shared/ui/Notice";
import { SearchBox } from "../shared/ui/SearchBox";
import { Seg } from "../shared/ui/Seg";
import { Text } from "../shared/ui/Text";
import { mix, say } from "../shared/words";
import { useFound } from "./find";
import { Graph } from "./graph/Graph";
import { Hops } from "./Hops";
import { type Apart, find, type Picture, pictureOf, WHOLE } from "./levels";
import { related } from "./reach";
import { useGraph } from "./useGraph";
import { useScene } from "./useScene";
import "./lineage.css";

const List = piece((from: typeof import("./pieces")) => from.List);
const Side = piece((from: typeof import("./pieces")) => from.Side);
const Export = piece(
  (from: typeof import("./pieces")) => from.Export,
  () => <Menu text={say("Export")} items={[]} disabled />,
);

const LEVELS = [
  ["grouped", /* say */ "Grouped"],
  ["clusters", /* say */ "Clusters"],
  ["exploded", /* say */ "Exploded"],
] as const;

const PLAIN = { level: "exploded", groups: [] } as const;

/** So many boxes are drawn only when the reader says so. */
const VERY_MANY = 3000;

export function Lineage({ snapshot, view, setView, looks, host }: PanelProps<"lineage">) {
  const { level, focus, selected } = view;
  const [apart, setApart] = useState<Apart>(WHOLE);
  // What an older notebook has stored knows of no groups.
  const first = useMemo(() => ({ ...PLAIN, ...snapshot.graph }), [snapshot.graph]);
  const { graph, loading, error, more } = useGraph(first, view, apart);
  const [query, setQuery] = useState("");
  /** A selected group; Python knows of nodes only. */
  const [group, setGroup] = useState<string | null>(null);
  const [allowed, setAllowed] = useState("");
  const searchBox = useRef<HTMLInputElement>(null);
  const details = useRef<HTMLElement>(null);

  const down = view.direction === "down";
  const part = `${level} ${focus}`;
  const family = `${part} ${down}`;
  const wanted = useMemo(() => pictureOf(graph, level, apart), [graph, level, apart]);
  const many = wanted.items.length > VERY_MANY && allowed !== part;
  const scene = useScene(wanted, down, family, many || view.list);
  // While another picture is laid out, the one before it is looked at.
  const picture = scene?.picture ?? wanted;
  const joined = graph.level !== "exploded";
  const at = find(picture, group ?? selected);
  const home = find(picture, focus);
  const lit = useMemo(() => (at < 0 ? null : related(picture, at)), [picture, at]);
  const { found, hits, next } = useFound(picture, selected, query, at, (id) => goTo(id));

  const select = useCallback(
    (item: number) => {
      const chosen = picture.items[item];
      setGroup(chosen?.group ? chosen.id : null);
      setView({ selected: chosen && !chosen.group ? chosen.id : null });
    },
    [picture, setView],
  );
  useEffect(() => {
    if (selected !== null) setGroup(null);
  }, [selected]);
  const open = (item: number) => {
    const { group: opens, id } = picture.items[item] ?? {};
    if (!opens || id === undefined) return;
    setApart({ ...apart, opened: new Set([...apart.opened, id]) });
    select(-1);
  };
  const apartWith = (id: string) => setApart({ ...apart, pulled: new Set([...apart.pulled, id]) });
  const pull = (id: string) => {
    apartWith(id);
    setView({ selected: id });
  };
  // What Python selects in one of the kernel's groups stands by itself.
  useEffect(() => {
    if (joined && selected !== null && at < 0 && !apart.pulled.has(selected)) apartWith(selected);
  }, [joined, selected, at]);
  const focusOn = (id: string | null) => {
    setApart(WHOLE);
    const hops = focus === null || id === null ? { up: 2, down: 2 } : {};
    setView(id === null ? { focus: null } : { focus: id, selected: id, ...hops });
  };
  const turn = () => setView({ direction: down ? "right" : "down" });
  /** Select a node, wherever it is. */
  const goTo = (id: string) => {
    const item = find(picture, id);
    if (item < 0 && joined) pull(id);
    else if (item < 0) focusOn(id);
    else if (picture.items[item]?.id === id) select(item);
    else setView({ selected: id });
  };

  const title = graph.nodes.find(({ id }) => id === focus);
  const shape = [
    title ? say("Lineage of {name}", { name: visible(title.label, 80) }) : "",
    say(LEVELS.find(([key]) => key === level)?.[1] ?? ""),
    down ? say("Top to bottom") : "",
    view.list ? say("List") : "",
  ];
  useAnnounced(host.announce, shape.filter(Boolean).join(", "), picture, graph.total, at);
  return (
    <>
      <Bar
        title={
          title
            ? mix("Lineage of {name}", { name: <Text key="n" value={title.label} limit={80} /> })
            : say("Lineage")
        }
        note={<Note view={view} picture={picture} total={graph.total} loading={loading} />}
      >
        <SearchBox
          label={say("Find in graph")}
          placeholder={say("Find…")}
          value={query}
          onInput={setQuery}
          onEnter={next}
          inputRef={searchBox}
        />
        {query !== "" && <span class="ja-mut ja-found">{hits}</span>}
        <Seg
          label={say("Level of detail")}
          value={level}
          options={LEVELS.map(([key, text]) => [key, say(text)] as const)}
          onChange={(to) => setView({ level: to })}
        />
        <Toggle
          label={say("Top to bottom")}
          title={`${say("Top to bottom")} (T)`}
          pressed={down}
          disabled={view.list}
          onClick={turn}
        >
          <FlowIcon />
        </Toggle>
        <Toggle pressed={view.list} onClick={() => setView({ list: !view.list })}>
          {say("List")}
        </Toggle>
        <Export scene={scene} picture={picture} view={view} title={title} />
      </Bar>
      <Hops
        view={view}
        setView={setView}
        onWhole={() => focusOn(null)}
        regroup={apart === WHOLE ? null : () => setApart(WHOLE)}
        nodes={graph.nodes}
      />
      {error !== "" && <Notice kind="error">{visible(error, 400)}</Notice>}
      <div class={`ja-lineage-main${at >= 0 ? " ja-with-side" : ""}`}>
        {picture.items.length === 0 ? (
          <Empty>{loading ? say("Loading…") : say("Nothing has been logged here yet.")}</Empty>
        ) : view.list ? (
          <List picture={picture} start={home >= 0 ? home : at} selected={at} onSelect={select} />
        ) : many ? (
          <Ask
            boxes={picture.items.length}
            onYes={() => setAllowed(part)}
            onClusters={level === "exploded" ? () => setView({ level: "clusters" }) : null}
          />
        ) : scene ? (
          <Graph
            scene={scene}
            family={family}
            selected={at}
            home={home}
            related={lit}
            found={found}
            zoom={view.zoom}
            looks={looks}
            onZoom={(zoom) => setView({ zoom: Math.round(zoom * 1000) / 1000 })}
            onSelect={select}
            onOpen={open}
            onDetails={() => details.current?.focus()}
            onMore={more}
            onFind={() => searchBox.current?.focus()}
            onTurn={turn}
          />
        ) : (
          <Empty>{say("Drawing…")}</Empty>
        )}
        {at >= 0 && (
          <Side
            key={picture.items[at]!.id}
            element={details}
            picture={picture}
            at={at}
            focus={focus}
            onSelect={goTo}
            onFocus={focusOn}
            onOpen={open}
            onPull={pull}
            onClose={() => select(-1)}
          />
        )}
      </div>
    </>
  );
}

interface ToggleProps {
  pressed: boolean;
  onClick(): void;
  children: ComponentChildren;
  /** Name for screen readers where the content is a picture alone. */
  label?: string;
  title?: string;
  disabled?: boolean;
}

function Toggle({ pressed, label, ...given }: ToggleProps) {
  return (
    <button type="button" class="ja-btn ja-toggle" aria-pressed={pressed} aria-label={label} {...given} />
  );
}

interface NoteProps {
  view: LineageView;
  picture: Picture;
  total: number;
  loading: boolean;
}

/** "2 up, 2 down · 8 of 1,004 nodes shown". */
function Note({ view, picture, total, loading }: NoteProps) {
  const hops = (value: number) => (value < 0 ? say("all") : value);
  const span =
    view.focus === null
      ? ""
      : `${say("{up} up, {down} down", { up: hops(view.up), down: hops(view.down) })} · `;
  return (
    <>
      {span}
      {shownText(picture, total)}
      {loading && ` · ${say("loading…")}`}
    </>
  );
}

function shownText({ items }: Picture, total: number): string {
  const nodes = items.reduce((sum, each) => sum + each.count, 0);
  const parts = { shown: nodes, nodes: count(Math.max(nodes, total), "node") };
  return items.length === nodes
    ? say("{shown} of {nodes} shown", parts)
    : say("{shown} of {nodes} shown in {boxes}", { ...parts, boxes: count(items.length, "box", "boxes") });
}

/** Says in one line what changed: in which shape how much is shown, and what is selected. */
function useAnnounced(
  announce: (text: string) => void,
  shape: string,
  picture: Picture,
  total: number,
  at: number,
): void {
  const shown = `${shape}: ${shownText(picture, total)}`;
  const item = picture.items[at];
  const beside = (end: 0 | 1) => picture.edges.filter((edge) => edge[end] === at).length;
  const chosen =
    item === undefined
      ? ""
      : say("{name} selected, {inputs}, {outputs}", {
          name: visible(item.label, 80),
          inputs: count(beside(1), "input"),
          outputs: count(beside(0), "output"),
        });
  const said = useRef(["", ""]);
  useEffect(() => {
    const [before, had] = said.current;
    said.current = [shown, chosen];
    const news = [shown === before ? "" : shown];
    if (chosen !== had) news.push(chosen || say("Nothing is selected"));
    announce(news.filter(Boolean).join(". "));
  }, [shown, chosen]);
}

function Ask({
  boxes,
  onYes,
  onClusters,
}: {
  boxes: number;
  onYes(): void;
  onClusters: (() => void) | null;
}) {
  return (
    <div class="ja-ask">
      <p>
        {say("{boxes} would be drawn: more than anyone can read, and it takes a moment.", {
          boxes: count(boxes, "box", "boxes"),
        })}
      </p>
      {onClusters && (
        <Button kind="primary" onClick={onClusters}>
          {say("Draw clusters")}
        </Button>
      )}
      <Button onClick={onYes}>{say("Draw all")}</Button>
    </div>
  );
}
