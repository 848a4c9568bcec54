import { useEffect, useState } from "preact/hooks";
import { count, integer } from "../format";
import { useDebounced, useSaid } from "../hooks";
import { useHost } from "../panel";
import type { DiffFile, DiffFilter } from "../protocol.gen";
import { errorText, isCancelled } from "../rpc";
import type { TreeRow } from "../tree";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { SearchBox } from "../ui/SearchBox";
import { Seg } from "../ui/Seg";
import { Text } from "../ui/Text";
import { TreeGrid } from "../ui/TreeGrid";
import { say } from "../words";
import type { DifferenceProps } from "./Difference";
import { Sign, sizes } from "./marks";

const PAGE = 200;
const PAUSE_MS = 250;
// Up to so many files the list has no search box.
const FEW = 8;

interface FileRow extends TreeRow {
  file: DiffFile;
}

/** Files by what happened to them: any number, searched and paged by the kernel. */
export function Files({ diff, shown, query, onShown, onQuery, onPick }: Omit<DifferenceProps, "inside">) {
  const { live } = useHost();
  const { files, total, error, loading, more } = useFiles(diff, shown, query);
  const counts = Object.fromEntries(diff.counts.map((each) => [each.mark, each.files]));
  const differ = (counts.added ?? 0) + (counts.removed ?? 0) + (counts.changed ?? 0);
  const named: [DiffFilter, string, number][] = [
    ["differ", say("All that differ"), differ],
    ["added", say("Added"), counts.added ?? 0],
    ["removed", say("Removed"), counts.removed ?? 0],
    ["changed", say("Changed"), counts.changed ?? 0],
    ["same", say("The same"), counts.same ?? 0],
  ];
  const options = named
    .filter(([key, , files]) => files > 0 || key === shown || key === "differ")
    .map(([key, text, files]) => [key, `${text} ${integer(files)}`] as const);
  const what = named.find(([key]) => key === shown)?.[1] ?? "";
  const some = { some: integer(files.length), all: integer(total) };
  useSaid(
    loading
      ? ""
      : `${what}: ${files.length < total ? say("{some} of {all} files", some) : count(total, "file")}`,
  );
  const rows = files.map(
    (file): FileRow => ({ id: file.path, level: 1, label: file.path, open: null, file }),
  );
  return (
    <section aria-label={say("Files")}>
      <div class="ja-sub">
        <Seg label={say("Files")} value={shown} options={options} disabled={!live} onChange={onShown} />
        {differ + (counts.same ?? 0) > FEW && (
          <SearchBox
            label={say("Filter by path")}
            placeholder={say("Filter by path…")}
            value={query}
            onInput={onQuery}
            disabled={!live}
          />
        )}
        {query !== "" && <span class="ja-mut">{count(total, "file")}</span>}
      </div>
      {error !== "" && <Notice kind="error">{error}</Notice>}
      <div class="ja-diff-files" aria-busy={loading}>
        <TreeGrid
          label={say("Files")}
          columns={[{ title: say("Path") }, { title: say("Size"), kind: "ja-num ja-narrow" }]}
          data={files}
          rows={() => rows}
          cells={({ file }) => [
            <span key="p" class="ja-path">
              <Sign mark={file.mark} /> <Text value={file.path} limit={300} whole />
            </span>,
            sizes(file.before, file.after),
          ]}
          onPick={onPick && (({ file }) => file.index >= 0 && onPick(file.index))}
        />
      </div>
      {files.length < total && (
        <div class="ja-more">
          <Button disabled={!live || loading} onClick={more}>
            {loading ? say("Loading…") : say("Load {n} more", { n: Math.min(PAGE, total - files.length) })}
          </Button>
          <span class="ja-mut">{say("{some} of {all} files", some)}</span>
        </div>
      )}
    </section>
  );
}

/** The files of the present filter: the first come with the snapshot where nothing is filtered. */
function useFiles(
  { before, after, files: first }: DifferenceProps["diff"],
  shown: DiffFilter,
  typed: string,
) {
  const { rpc, live } = useHost();
  const query = useDebounced(typed, PAUSE_MS);
  const plain = shown === "differ" && query === "";
  const [page, setPage] = useState(first);
  const [error, setError] = useState("");
  // From which place on is asked; null while nothing is.
  const [from, ask] = useState<number | null>(null);
  useEffect(() => {
    if (plain) setPage(first);
    ask(plain ? null : 0);
  }, [first, shown, query]);
  useEffect(() => {
    if (from === null || !live) return;
    const abort = new AbortController();
    setError("");
    const params = { before: before.id, after: after.id, shown, query, offset: from, limit: PAGE };
    rpc.call("diff.files", params, { signal: abort.signal }).then(
      ({ result }) => {
        setPage((now) => ({ ...result, files: [...(from ? now.files : []), ...result.files] }));
        ask(null);
      },
      (reason: unknown) => {
        if (isCancelled(reason)) return;
        setError(errorText(reason));
        ask(null);
      },
    );
    return () => abort.abort();
  }, [rpc, live, before.id, after.id, shown, query, from]);
  const more = () => ask(page.files.length);
  return { files: page.files, total: page.total, error, loading: from !== null && live, more };
}
