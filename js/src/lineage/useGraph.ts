import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useHost } from "../shared/panel";
import type { Graph, LineageView } from "../shared/protocol.gen";
import { errorText, isCancelled } from "../shared/rpc";
import type { Apart } from "./levels";
import { cut, merge, type Span } from "./slices";

export interface Loaded {
  /** What is shown, before it is grouped. */
  readonly graph: Graph;
  readonly loading: boolean;
  readonly error: string;
  /** Bring in the neighbours of a node that are left out. */
  more(node: string, side: "up" | "down"): void;
}

/**
 * The part of the project's graph that is asked for: what is known at once, the rest from the kernel.
 * Where that has too many nodes the kernel answers with groups, which stand apart from what is known.
 */
export function useGraph(first: Graph, { focus, up, down, level }: LineageView, apart: Apart): Loaded {
  const { rpc, live } = useHost();
  const span = { focus, up, down };
  const wanted = asking(span, level, apart);
  const [known, setKnown] = useState(() => plain(first));
  const [joined, setJoined] = useState(() => opened(first, wanted));
  const [extra, setExtra] = useState<ReadonlySet<string>>(new Set());
  const [flights, setFlights] = useState(0);
  const [error, setError] = useState("");
  const [revision, setRevision] = useState(first.revision);
  /** Spans that the kernel has answered, at a revision. */
  const answered = useRef(new Set<string>());
  const before = useRef(first);

  if (before.current !== first) {
    before.current = first;
    answered.current.clear();
    setKnown(plain(first));
    setJoined(opened(first, wanted));
    setExtra(new Set());
  }
  useEffect(() => setExtra((now) => (now.size > 0 ? new Set() : now)), [focus]);
  useEffect(
    () =>
      rpc.onChanged((now) => {
        answered.current.clear();
        setRevision(now);
      }),
    [rpc],
  );

  const load = useCallback(
    async (asked: Asked, signal?: AbortSignal): Promise<Graph | null> => {
      setFlights((n) => n + 1);
      setError("");
      try {
        const { result } = await rpc.call("graph.slice", asked, { signal });
        const groups = groupsOf(result, asked);
        setJoined((now) => groups ?? (now && isOf(now.graph, asked) ? null : now));
        if (!groups) setKnown((now) => merge(now, result));
        return result;
      } catch (reason) {
        if (!isCancelled(reason)) setError(errorText(reason));
        return null;
      } finally {
        setFlights((n) => n - 1);
      }
    },
    [rpc],
  );

  const shown = useMemo(() => cut(known, { focus, up, down }, extra), [known, focus, up, down, extra]);
  // Groups of another part stay as long as nothing is known of the right one.
  const groups = joined && (isOf(joined.graph, span) || !hasNode(known, focus)) ? joined : null;
  const trusted = groups
    ? joined?.key === JSON.stringify(wanted) && groups.graph.revision >= revision
    : shown.complete && known.revision >= revision;
  const asked = JSON.stringify([groups || known.nodes.length === 0 ? wanted : span, revision]);
  useEffect(() => {
    if (trusted || !live || answered.current.has(asked)) return;
    const abort = new AbortController();
    load(wanted, abort.signal).then((graph) => {
      if (abort.signal.aborted) return;
      answered.current.add(asked);
      if (graph !== null) setRevision((now) => Math.max(now, graph.revision));
    });
    return () => abort.abort();
  }, [trusted, live, asked, load]);

  const more = useCallback(
    (node: string, side: "up" | "down") => {
      const around = { focus: node, up: side === "up" ? 1 : 0, down: side === "down" ? 1 : 0 };
      load({ ...around, level, opened: [], pulled: [] }).then((graph) => {
        if (graph) setExtra((now) => new Set([...now, ...graph.nodes.map(({ id }) => id)]));
      });
    },
    [load, level],
  );
  return { graph: (groups ?? shown).graph, loading: flights > 0, error, more };
}

type Asked = ReturnType<typeof asking>;

function asking({ focus, up, down }: Span, level: Graph["level"], { opened, pulled }: Apart) {
  return { focus, up, down, level, opened: [...opened], pulled: [...pulled] };
}

/** An answer of groups with what was asked for; null where the answer is of plain nodes. */
function groupsOf(graph: Graph, asked: Asked) {
  return graph.level === "exploded" ? null : { graph, key: JSON.stringify(asked) };
}

/** The groups that a panel opened with; of another level they only stand in for what is wanted. */
function opened(first: Graph, wanted: Asked) {
  const groups = groupsOf(first, wanted);
  return groups && first.level !== wanted.level ? { ...groups, key: "" } : groups;
}

/** The nodes of a graph, or none where they are groups. */
function plain(graph: Graph): Graph {
  return graph.level === "exploded"
    ? graph
    : { ...graph, level: "exploded", nodes: [], edges: [], groups: [] };
}

function hasNode({ nodes }: Graph, wanted: string | null): boolean {
  return nodes.some(({ id }) => id === wanted);
}

function isOf(graph: Graph, { focus, up, down }: Span): boolean {
  return graph.focus === focus && (focus === null || (graph.up === up && graph.down === down));
}
