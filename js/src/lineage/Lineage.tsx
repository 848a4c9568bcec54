import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, integer, visible } from "../shared/format";
import type { PanelProps } from "../shared/panel";
import type { LineageView } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { Empty, Notice } from "../shared/ui/Notice";
import { SearchBox } from "../shared/ui/SearchBox";
import { Seg } from "../shared/ui/Seg";
import { Text } from "../shared/ui/Text";
import { Export } from "./Export";
import { matching } from "./find";
import { Graph } from "./graph/Graph";
import { type Scene, sceneOf } from "./graph/scene";
import { Hops } from "./Hops";
import { List } from "./List";
import { type Apart, find, type Picture, pictureOf, WHOLE } from "./levels";
import { related } from "./reach";
import { Side } from "./side/Side";
import { useGraph } from "./useGraph";
import "./lineage.css";

const LEVELS = [
  ["grouped", "Grouped"],
  ["clusters", "Clusters"],
  ["exploded", "Exploded"],
] as const;

/** So many boxes are drawn only when the reader says so. */
const VERY_MANY = 3000;

export function Lineage({ snapshot, view, setView, theme, host }: PanelProps<"lineage">) {
  const { level, focus, selected } = view;
  const { graph, loading, error, more } = useGraph(snapshot.graph, view);
  const [apart, setApart] = useState<Apart>(WHOLE);
  const [query, setQuery] = useState("");
  /** A selected group; Python knows of nodes only. */
  const [group, setGroup] = useState<string | null>(null);
  const [allowed, setAllowed] = useState("");
  const searchBox = useRef<HTMLInputElement>(null);
  const details = useRef<HTMLElement>(null);

  const family = `${level} ${focus}`;
  const picture = useMemo(() => pictureOf(graph, level, apart), [graph, level, apart]);
  const many = picture.items.length > VERY_MANY && allowed !== family;
  const scene = useScene(picture, family, many || view.list);
  const at = find(picture, group ?? selected);
  const home = find(picture, focus);
  const lit = useMemo(() => (at < 0 ? null : related(picture, at)), [picture, at]);
  const found = useMemo(() => matching(picture, query), [picture, query]);

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
  const pull = (id: string) => {
    setApart({ ...apart, pulled: new Set([...apart.pulled, id]) });
    setView({ selected: id });
  };
  const focusOn = (id: string | null) => {
    setApart(WHOLE);
    const hops = focus === null || id === null ? { up: 2, down: 2 } : {};
    setView(id === null ? { focus: null } : { focus: id, selected: id, ...hops });
  };
  /** Select a node, wherever it is. */
  const goTo = (id: string) => {
    const item = find(picture, id);
    if (item < 0) focusOn(id);
    else if (picture.items[item]?.id === id) select(item);
    else setView({ selected: id });
  };
  const next = () => {
    const order = [...found];
    if (order.length > 0) select(order[(order.indexOf(at) + 1) % order.length]!);
  };

  useAnnounced(host.announce, picture, graph.total, at);
  const title = graph.nodes.find(({ id }) => id === focus);
  return (
    <>
      <Bar
        title={
          <>
            Lineage
            {title && (
              <>
                {" of "}
                <Text value={title.label} limit={80} />
              </>
            )}
          </>
        }
        note={<Note view={view} picture={picture} total={graph.total} loading={loading} />}
      >
        <SearchBox
          label="Find in graph"
          placeholder="Find…"
          value={query}
          onInput={setQuery}
          onEnter={next}
          inputRef={searchBox}
        />
        {query !== "" && (
          <span class="ja-mut ja-found">
            {found.has(at) ? `${[...found].indexOf(at) + 1} of ` : ""}
            {count(found.size, "match", "matches")}
          </span>
        )}
        <Seg
          label="Level of detail"
          value={level}
          options={LEVELS}
          onChange={(to) => setView({ level: to })}
        />
        <button
          type="button"
          class="ja-btn ja-toggle"
          aria-pressed={view.list}
          onClick={() => setView({ list: !view.list })}
        >
          List
        </button>
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
          <Empty>{loading ? "Loading…" : "Nothing has been logged here yet."}</Empty>
        ) : view.list ? (
          <List picture={picture} start={home >= 0 ? home : at} selected={at} onSelect={select} />
        ) : many ? (
          <Ask
            boxes={picture.items.length}
            onYes={() => setAllowed(family)}
            onClusters={level === "exploded" ? () => setView({ level: "clusters" }) : null}
          />
        ) : (
          scene && (
            <Graph
              scene={scene}
              family={family}
              selected={at}
              home={home}
              related={lit}
              found={found}
              zoom={view.zoom}
              theme={theme}
              onZoom={(zoom) => setView({ zoom: Math.round(zoom * 1000) / 1000 })}
              onSelect={select}
              onOpen={open}
              onDetails={() => details.current?.focus()}
              onMore={more}
              onFind={() => searchBox.current?.focus()}
            />
          )
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

/** Lay the picture out anew only where it changed, and after the earlier one where they belong together. */
function useScene(picture: Picture, family: string, skip: boolean): Scene | null {
  const last = useRef<{ scene: Scene; family: string } | null>(null);
  return useMemo(() => {
    if (skip || picture.items.length === 0) return null;
    const earlier = last.current?.family === family ? last.current.scene : null;
    const scene = sceneOf(picture, earlier);
    last.current = { scene, family };
    return scene;
  }, [picture, family, skip]);
}

interface NoteProps {
  view: LineageView;
  picture: Picture;
  total: number;
  loading: boolean;
}

/** "2 up, 2 down · 8 of 1,004 nodes shown". */
function Note({ view, picture, total, loading }: NoteProps) {
  const hops = (value: number, way: string) => `${value < 0 ? "all" : value} ${way}`;
  const span = view.focus === null ? "" : `${hops(view.up, "up")}, ${hops(view.down, "down")} · `;
  return (
    <>
      {span}
      {shownText(picture, total)}
      {loading && " · loading…"}
    </>
  );
}

function shownText({ graph, items }: Picture, total: number): string {
  const nodes = graph.nodes.length;
  const boxes = items.length === nodes ? "" : ` in ${count(items.length, "box", "boxes")}`;
  return `${integer(nodes)} of ${count(Math.max(nodes, total), "node")} shown${boxes}`;
}

/** Says in one line what changed: how much is shown, then what is selected. */
function useAnnounced(announce: (text: string) => void, picture: Picture, total: number, at: number): void {
  const shown = shownText(picture, total);
  useEffect(() => announce(shown), [shown]);
  useEffect(() => {
    const item = picture.items[at];
    if (!item) return;
    const beside = (end: 0 | 1) => picture.edges.filter((edge) => edge[end] === at).length;
    const sides = `${count(beside(1), "input")}, ${count(beside(0), "output")}`;
    announce(`${visible(item.label, 80)} selected, ${sides}`);
  }, [picture, at]);
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
      <p>{count(boxes, "box", "boxes")} would be drawn: more than anyone can read, and it takes a moment.</p>
      {onClusters && (
        <Button kind="primary" onClick={onClusters}>
          Draw clusters
        </Button>
      )}
      <Button onClick={onYes}>Draw all</Button>
    </div>
  );
}
