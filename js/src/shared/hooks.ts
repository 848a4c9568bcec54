// Hooks that several panels use.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Pages } from "./pages";
import { useHost } from "./panel";
import type { Method, Methods } from "./protocol.gen";

export interface Asked<T> {
  /** The last answer; while `loading` it may be that to the question before. */
  data: T | null;
  error: Error | null;
  loading: boolean;
}

/**
 * Asks the kernel. `params` null asks nothing; they are compared by their JSON.
 * `again` in another value asks again.
 */
export function useAsk<M extends Method>(
  method: M,
  params: Methods[M]["params"] | null,
  again: unknown = null,
): Asked<Methods[M]["result"]> {
  const { rpc, live } = useHost();
  const key = params && JSON.stringify(params);
  const [asked, setAsked] = useState<Asked<Methods[M]["result"]>>({
    data: null,
    error: null,
    loading: key !== null,
  });
  useEffect(() => {
    const loading = key !== null && live;
    setAsked((before) => ({ ...before, error: null, loading }));
    if (!loading) return;
    const abort = new AbortController();
    rpc.call(method, JSON.parse(key) as Methods[M]["params"], { signal: abort.signal }).then(
      ({ result }) => {
        if (!abort.signal.aborted) setAsked({ data: result, error: null, loading: false });
      },
      (error: Error) => {
        if (!abort.signal.aborted) setAsked({ data: null, error, loading: false });
      },
    );
    return () => abort.abort();
  }, [rpc, method, key, live, again]);
  return asked;
}

/** Says a line to screen readers whenever it is another one; not the first, and nothing while it is empty. */
export function useSaid(text: string): void {
  const { announce } = useHost();
  const last = useRef(text);
  useEffect(() => {
    if (text !== "" && text !== last.current) announce(text);
    last.current = text;
  }, [text]);
}

/** Counts up when the store changes; for `useAsk`'s `again`. */
export function useRevision(): number {
  const { rpc } = useHost();
  const [revision, setRevision] = useState(0);
  useEffect(() => rpc.onChanged(setRevision), [rpc]);
  return revision;
}

/** Draws anew whenever pages came or went. */
export function usePages<Row>(pages: Pages<Row>): void {
  const [, draw] = useReducer((n: number, _: null) => n + 1, 0);
  useEffect(() => {
    draw(null);
    return pages.subscribe(() => draw(null));
  }, [pages]);
}

/** The element's size in CSS pixels, kept up to date. */
export function useSize<E extends HTMLElement>(): [RefObject<E | null>, { width: number; height: number }] {
  const ref = useRef<E>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  // Before the first frame: what depends on the size is in it.
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

/** The newest value once it has rested for `ms`. */
export function useDebounced<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}
