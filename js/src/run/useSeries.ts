// The runs' facts and series: the snapshot's at first, whole ones when asked, grown ones as they come.

import { useEffect, useMemo, useState } from "preact/hooks";
import { useRevision } from "../shared/hooks";
import { useHost } from "../shared/panel";
import type { Grown, RunFacts, RunSnapshot, Series } from "../shared/protocol.gen";
import { isCancelled } from "../shared/rpc";

export interface Shown {
  runs: readonly RunFacts[];
  /** By key, in the order in which the keys were first logged; one series a run. */
  byKey: ReadonlyMap<string, readonly Series[]>;
}

export function useSeries(snapshot: RunSnapshot): Shown {
  const { rpc, live } = useHost();
  const revision = useRevision();
  const [runs, setRuns] = useState(snapshot.runs);
  const [series, setSeries] = useState(snapshot.series);
  useEffect(() => {
    setRuns(snapshot.runs);
    setSeries(snapshot.series);
  }, [snapshot]);

  // The snapshot may hold a part only, and whoever reopens the page may have missed some.
  const ids = snapshot.runs.map((run) => run.id).join("\n");
  useEffect(() => {
    if (!live) return;
    const abort = new AbortController();
    for (const id of ids.split("\n")) {
      const options = { signal: abort.signal };
      const quiet = (error: unknown) => {
        if (!isCancelled(error)) console.warn(error);
      };
      rpc.call("run.get", { id: `run:${id}` }, options).then(({ result }) => {
        setRuns((before) => before.map((run) => (run.id === result.id ? result : run)));
      }, quiet);
      rpc.call("series.get", { id: `run:${id}`, keys: [] }, options).then(({ result }) => {
        setSeries((before) => merged(before, result.series));
      }, quiet);
    }
    return () => abort.abort();
  }, [rpc, live, ids, revision]);

  useEffect(
    () =>
      rpc.onPush((message) => {
        const grown = message as unknown as Grown;
        setSeries((before) => merged(before, grown.series));
        setRuns((before) => before.map((run) => (run.id === grown.run ? { ...run, rows: grown.rows } : run)));
      }),
    [rpc],
  );

  return useMemo(() => ({ runs, byKey: grouped(series) }), [runs, series]);
}

/** Newer series in the place of older ones of the same run and key. */
export function merged(before: readonly Series[], newer: readonly Series[]): Series[] {
  const all = new Map(before.map((one) => [`${one.run}\n${one.key}`, one]));
  for (const one of newer) {
    const known = all.get(`${one.run}\n${one.key}`);
    // An answer that was long on its way must not take back what has come since.
    if (!known || one.points >= known.points) all.set(`${one.run}\n${one.key}`, one);
  }
  return [...all.values()];
}

function grouped(series: readonly Series[]): Map<string, Series[]> {
  const byKey = new Map<string, Series[]>();
  for (const one of series) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  return byKey;
}
