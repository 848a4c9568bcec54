import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useHost } from "../shared/panel";
import type { Graph } from "../shared/protocol.gen";
import { errorText, isCancelled } from "../shared/rpc";
import { cut, merge, type Span } from "./slices";

export interface Loaded {
  /** What is shown, before it is grouped. */
  readonly graph: Graph;
  readonly loading: boolean;
  readonly error: string;
  /** Bring in the neighbours of a node that are left out. */
  more(node: string, side: "up" | "down"): void;
}

/** The part of the project's graph that is asked for: what is known at once, the rest from the kernel. */
export function useGraph(first: Graph, { focus, up, down }: Span): Loaded {
  const { rpc, live } = useHost();
  const [known, setKnown] = useState(first);
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
    setKnown(first);
    setExtra(new Set());
  }
  useEffect(() => setExtra(new Set()), [focus]);
  useEffect(
    () =>
      rpc.onChanged((now) => {
        answered.current.clear();
        setRevision(now);
      }),
    [rpc],
  );

  const load = useCallback(
    async (span: Span, signal?: AbortSignal): Promise<Graph | null> => {
      setFlights((n) => n + 1);
      setError("");
      try {
        const { result } = await rpc.call("graph.slice", { ...span }, { signal });
        setKnown((now) => merge(now, result));
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
  // A snapshot of many nodes may have been cut to fit; it cannot tell.
  const trusted =
    shown.complete && known.revision >= revision && (known !== first || first.nodes.length < MANY);
  const asked = JSON.stringify([focus, up, down, revision]);
  useEffect(() => {
    if (trusted || !live || answered.current.has(asked)) return;
    const abort = new AbortController();
    load({ focus, up, down }, abort.signal).then((graph) => {
      if (!abort.signal.aborted) answered.current.add(asked);
      if (graph === null) return;
      setRevision((now) => Math.max(now, graph.revision));
    });
    return () => abort.abort();
  }, [trusted, live, asked, load]);

  const more = useCallback(
    (node: string, side: "up" | "down") => {
      const span = { focus: node, up: side === "up" ? 1 : 0, down: side === "down" ? 1 : 0 };
      load(span).then((graph) => {
        if (graph) setExtra((now) => new Set([...now, ...graph.nodes.map(({ id }) => id)]));
      });
    },
    [load],
  );
  return { graph: shown.graph, loading: flights > 0, error, more };
}

/** From so many nodes on a snapshot may be a part of what was asked for. */
const MANY = 100;
