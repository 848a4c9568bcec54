import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { bytes, count, integer, shortDigest, visible } from "../format";
import { useHost } from "../panel";
import { type FileRow, MAX_LIMIT } from "../protocol.gen";
import { errorText, isCancelled } from "../rpc";
import { type FileTreeRow, fileRows, flatFileRows, type Opened } from "../tree";
import { Button } from "./Button";
import { FileIcon, FolderIcon, LinkIcon } from "./icons";
import { Empty, Notice } from "./Notice";
import { SearchBox } from "./SearchBox";
import { Seg } from "./Seg";
import { Text } from "./Text";
import { TreeGrid } from "./TreeGrid";

const COLUMNS = [
  { title: "Path" },
  { title: "Size", kind: "ja-num ja-narrow" },
  { title: "Digest", kind: "ja-digest" },
] as const;

const FORMS = [
  ["tree", "Tree"],
  ["list", "List"],
] as const;

interface FileTableProps {
  /** The version whose files they are; further ones are asked by it. */
  version: number;
  /** The first files, in the order of their paths. */
  files: readonly FileRow[];
  total: number;
}

/** Files with size and digest, as a tree or a list, with a filter; more are fetched on demand. */
export function FileTable({ version, files, total }: FileTableProps) {
  const more = useMore(version, files, total);
  const [query, setQuery] = useState("");
  const [form, setForm] = useState<"tree" | "list">("tree");
  const [opened, setOpened] = useState<Opened>(new Map());
  const { all } = more;
  const folders = useMemo(() => all.some((file) => file.path.includes("/")), [all]);
  const rows = useMemo(
    () => (form === "tree" && folders ? fileRows(all, opened, query) : flatFileRows(all, query)),
    [all, form, folders, opened, query],
  );
  if (total === 0) return <Empty>No files</Empty>;
  return (
    <>
      {total > 8 && (
        <div class="ja-sub">
          <SearchBox label="Filter files" placeholder="Filter by path…" value={query} onInput={setQuery} />
          {folders && (
            <Seg label="Files as" value={form} options={FORMS} onChange={(next) => setForm(next)} />
          )}
          <span class="ja-mut">
            {all.length < total ? `${integer(all.length)} of ${count(total, "file")}` : count(total, "file")}
          </span>
        </div>
      )}
      {rows.length === 0 ? (
        <Empty>
          {all.length < total ? "Nothing matches among the files that are here" : "Nothing matches"}
        </Empty>
      ) : (
        <TreeGrid
          label="Files"
          columns={COLUMNS}
          rows={rows}
          onToggle={(row, open) => setOpened(new Map(opened).set(row.id, open))}
          cells={cells}
        />
      )}
      {more.error && <Notice kind="error">{more.error}</Notice>}
      {all.length < total && (
        <div class="ja-more">
          <Button disabled={!more.can} onClick={more.load}>
            {more.loading ? "Loading…" : `Load ${integer(Math.min(MAX_LIMIT, total - all.length))} more`}
          </Button>
        </div>
      )}
    </>
  );
}

function cells(row: FileTreeRow) {
  const { file } = row;
  if (file === null) {
    return [
      <span key="p" class="ja-path">
        <FolderIcon /> <Text value={row.label} whole /> <span class="ja-mut">{count(row.files, "file")}</span>
      </span>,
      <span key="s" class="ja-mut">
        {bytes(row.size)}
      </span>,
      "",
    ];
  }
  return [
    <span key="p" class="ja-path">
      <FileIcon /> <Text value={row.label} whole />
      {file.ref !== null && (
        <span class="ja-mut" title={visible(file.ref, 1000)}>
          {" "}
          <LinkIcon /> reference
        </span>
      )}
    </span>,
    bytes(file.size),
    <span key="d" title={visible(file.digest, 200)}>
      {shortDigest(file.digest)}
    </span>,
  ];
}

function useMore(version: number, files: readonly FileRow[], total: number) {
  const { rpc, live } = useHost();
  const [further, setFurther] = useState<readonly FileRow[]>([]);
  const [error, setError] = useState("");
  const flight = useRef<AbortController | null>(null);
  const [loading, setLoading] = useState(false);
  useEffect(() => {
    setFurther([]);
    setError("");
    setLoading(false);
    return () => flight.current?.abort();
  }, [version, files]);
  const all = useMemo(() => (further.length === 0 ? files : [...files, ...further]), [files, further]);
  const load = async () => {
    const abort = new AbortController();
    flight.current = abort;
    setLoading(true);
    setError("");
    try {
      const params = { id: version, offset: all.length, limit: MAX_LIMIT };
      const { result } = await rpc.call("artifact.files", params, { signal: abort.signal });
      if (!abort.signal.aborted) setFurther([...further, ...result.files]);
    } catch (reason) {
      if (!isCancelled(reason)) setError(errorText(reason));
    }
    if (!abort.signal.aborted) setLoading(false);
  };
  return { all, error, loading, load, can: live && !loading && all.length < total };
}
