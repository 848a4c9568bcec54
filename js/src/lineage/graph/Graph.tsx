import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../../shared/format";
import { useSize } from "../../shared/hooks";
import { readColors } from "../../shared/theme";
import { Button } from "../../shared/ui/Button";
import { say } from "../../shared/words";
import { adjacency, degree } from "../layout/graph";
import { HEIGHT } from "../layout/sizes";
import type { Related } from "../reach";
import { itemMove } from "./keys";
import { Node, Stub } from "./Node";
import { boxOf, keyOf, type Moves, type Scene, withMoves } from "./scene";
import { createStage, type Stage } from "./stage";

export interface GraphProps {
  scene: Scene;
  /** Pictures of one family are changes of one another; another family is looked at anew. */
  family: string;
  selected: number;
  /** The item that the graph was opened on, -1 without. */
  home: number;
  related: Related | null;
  found: ReadonlySet<number>;
  zoom: number;
  looks: string;
  onZoom(zoom: number): void;
  onSelect(item: number): void;
  onOpen(item: number): void;
  /** Enter on what cannot be opened: go to what is told about it. */
  onDetails(): void;
  onMore(node: string, side: "up" | "down"): void;
  onFind(): void;
  /** Effects on the right of their causes, or below them. */
  onTurn(): void;
}

export function Graph(props: GraphProps) {
  const { scene: laid, family, selected, home, related, found, zoom, looks } = props;
  const [moves, setMoves] = useState<Moves>(NONE);
  const scene = useMemo(() => withMoves(laid, moves), [laid, moves]);
  const [box, size] = useSize<HTMLDivElement>();
  const dots = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const map = useRef<HTMLCanvasElement>(null);
  const [buttons, setButtons] = useState<readonly number[]>([]);
  const [overflows, setOverflows] = useState(false);
  const [shownZoom, setShownZoom] = useState(1);
  const latest = useRef(props);
  latest.current = props;
  const wanted = useRef(-1);
  const stage = useRef<Stage | null>(null);
  const before = useRef({ laid, scene, family: "", zoom });
  const drag = useRef((_item: number, _dx: number, _dy: number) => {});
  drag.current = (item, dx, dy) => {
    const key = keyOf(scene.picture.items[item]!);
    setMoves((now) => {
      const [x, y] = now.get(key) ?? [0, 0];
      return new Map(now).set(key, [x + dx, y + dy]);
    });
  };

  useLayoutEffect(() => {
    const life = new AbortController();
    const parts = {
      window: box.current!,
      dots: dots.current!,
      canvas: canvas.current!,
      layer: layer.current!,
      map: map.current!,
    };
    stage.current = createStage(
      parts,
      {
        buttons: setButtons,
        overflows: setOverflows,
        zoomed: (to) => {
          setShownZoom(to);
          latest.current.onZoom(to);
        },
        dragged: (item, dx, dy) => drag.current(item, dx, dy),
        clicked: (item, twice) => {
          if (twice && item >= 0) latest.current.onOpen(item);
          else latest.current.onSelect(item);
        },
      },
      life.signal,
    );
    return () => life.abort();
  }, []);

  const { width, height } = size;
  useLayoutEffect(() => {
    const drawn = stage.current;
    if (!drawn || width === 0) return;
    drawn.resize({ width, height });
    const last = before.current;
    // The zoom of an earlier session counts once; another level is looked at as it fits.
    const first = last.family === "" && zoom !== 1 ? zoom : undefined;
    if (family !== last.family) {
      setMoves(NONE);
      drawn.open(scene, selected >= 0 ? selected : home, first);
    } else if (laid !== last.laid) drawn.change(scene, selected >= 0 ? selected : home);
    else if (scene !== last.scene) drawn.change(scene, -1);
    else if (zoom !== last.zoom && Math.abs(zoom - drawn.zoom()) > 0.004) drawn.zoomTo(zoom);
    before.current = { laid, scene, family, zoom };
    setShownZoom(drawn.zoom());
  }, [scene, family, zoom, width, height]);

  useLayoutEffect(() => stage.current?.reveal(selected), [laid, selected, width]);
  const colors = useMemo(() => (box.current ? readColors(box.current) : null), [looks, box.current]);
  useLayoutEffect(() => {
    stage.current?.look(colors ?? readColors(box.current!), related, selected);
  }, [scene, colors, related, selected, width, height]);

  // The focus follows an arrow key once its box is a button.
  useEffect(() => {
    if (wanted.current < 0) return;
    const button = layer.current?.querySelector<HTMLElement>(`[data-item="${wanted.current}"]`);
    if (!button) return;
    wanted.current = -1;
    button.focus({ preventScroll: true });
  });

  const zoomBy = (factor: number) => {
    stage.current?.zoomTo(stage.current.zoom() * factor);
    told();
  };
  const showAll = () => {
    stage.current?.fit();
    told();
  };
  const told = () => {
    const now = stage.current?.zoom() ?? 1;
    setShownZoom(now);
    props.onZoom(now);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const from = selected >= 0 ? selected : Math.max(0, home);
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (key === "+" || key === "=") zoomBy(1.25);
    else if (key === "-") zoomBy(0.8);
    else if (key === "0") showAll();
    else if (key === "/") props.onFind();
    else if (key === "t" || key === "T") props.onTurn();
    else if (event.shiftKey && ARROWS[key] && selected >= 0) drag.current(selected, ...ARROWS[key]);
    else if (key === "Escape" && selected >= 0) props.onSelect(-1);
    else if (key === "Enter" && (event.target as Element).closest(".ja-node")) {
      if (scene.picture.items[from]?.group) props.onOpen(from);
      else {
        props.onSelect(from);
        props.onDetails();
      }
    } else {
      const to = itemMove(scene, from, key, home);
      if (to === null) return;
      if (to >= 0) {
        wanted.current = to;
        stage.current?.reveal(to, true);
        props.onSelect(to);
      }
    }
    done();
  };
  const itemAt = (event: Event) => {
    const at = (event.target as Element).closest<HTMLElement>("[data-item]")?.dataset.item;
    return at === undefined ? -1 : Number(at);
  };

  const { items, edges } = scene.picture;
  const sides = useMemo(() => adjacency(items.length, edges), [scene]);
  const tabStop = buttons.includes(selected) ? selected : buttons.includes(home) ? home : buttons[0];
  const boxes = count(items.length, "box", "boxes");
  const names = scene.layout.down
    ? say(
        "Lineage graph, {boxes}. Up goes to an input, Down to an output, Left and Right within a row; with Shift they move the box. T turns the picture.",
        { boxes },
      )
    : say(
        "Lineage graph, {boxes}. Left goes to an input, Right to an output, Up and Down within a column; with Shift they move the box. T turns the picture.",
        { boxes },
      );
  return (
    <div
      ref={box}
      class="ja-graph"
      role="application"
      aria-roledescription={say("lineage graph")}
      aria-label={names}
      tabIndex={buttons.length > 0 ? -1 : 0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const item = itemAt(event);
        if (item >= 0) props.onSelect(item);
      }}
      onDblClick={(event) => {
        const item = itemAt(event);
        if (item >= 0) props.onOpen(item);
      }}
    >
      <div ref={dots} class="ja-dots" />
      <canvas ref={canvas} class="ja-canvas" />
      <div ref={layer} class="ja-boxes">
        {buttons.map((place) => {
          const item = items[place];
          if (!item) return null;
          const nodes = item.members.map((v) => scene.picture.graph.nodes[v]!);
          return (
            <Node
              key={keyOf(item)}
              item={item}
              nodes={nodes}
              place={place}
              layout={scene.layout}
              tabStop={place === tabStop}
              inputs={degree(sides.inputs, place)}
              outputs={degree(sides.outputs, place)}
              state={{
                selected: place === selected,
                focus: place === home,
                dim: related !== null && related.items[place] === 0,
                found: found.has(place),
              }}
            />
          );
        })}
        {buttons.map((place) => (
          <Beside key={place} scene={scene} place={place} onOpen={props.onOpen} onMore={props.onMore} />
        ))}
      </div>
      <canvas ref={map} class="ja-map" data-controls hidden={!overflows} />
      <div class="ja-zoomer" data-controls role="group" aria-label={say("Zoom")}>
        <Button label={say("Zoom out")} onClick={() => zoomBy(0.8)}>
          −
        </Button>
        <Button label={say("Zoom in")} onClick={() => zoomBy(1.25)}>
          +
        </Button>
        <Button title={say("Show everything")} onClick={showAll}>
          {say("Fit")}
        </Button>
        {moves.size > 0 && (
          <Button title={say("Put boxes back that were moved")} onClick={() => setMoves(NONE)}>
            {say("Tidy")}
          </Button>
        )}
        <span class="ja-mut">{Math.round(shownZoom * 100)} %</span>
      </div>
    </div>
  );
}

const NONE: Moves = new Map();
/** How far Shift with an arrow key moves a box. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-20, 0],
  ArrowRight: [20, 0],
  ArrowUp: [0, -20],
  ArrowDown: [0, 20],
};

/** The small buttons at a box: open the group, or bring in neighbours that are left out. */
function Beside({
  scene,
  place,
  onOpen,
  onMore,
}: Pick<GraphProps, "scene" | "onOpen" | "onMore"> & { place: number }) {
  const item = scene.picture.items[place];
  if (!item) return null;
  const { down } = scene.layout;
  const { left, top, right, bottom } = boxOf(scene.layout, place);
  if (item.group) {
    return (
      <button
        type="button"
        class="ja-opener"
        style={{ left: `${right}px`, top: `${top + HEIGHT / 2}px` }}
        tabIndex={-1}
        aria-label={say("+ Open the group of {n}", { n: item.count })}
        title={say("Open the group")}
        onClick={() => onOpen(place)}
      >
        +
      </button>
    );
  }
  const node = scene.picture.graph.nodes[item.members[0]!]!;
  const stub = (side: "up" | "down", more: number) =>
    more > 0 && (
      <Stub
        side={side}
        more={more}
        label={item.label}
        left={side === "up" && !down ? left : right}
        top={side === "up" && down ? top : bottom}
        onClick={() => onMore(node.id, side)}
      />
    );
  return (
    <>
      {stub("up", node.more_up)}
      {stub("down", node.more_down)}
    </>
  );
}
