import { useEffect, useMemo, useState } from "preact/hooks";
import { bytes, count, shortDigest, visible } from "../format";
import { useHost } from "../panel";
import { type FileRow, MAX_LIMIT } from "../protocol.gen";
import { errorText, isCancelled } from "../rpc";
import { type FileTreeRow, fileRows } from "../tree";
import { say } from "../words";
import { Button } from "./Button";
import { FileIcon, FolderIcon, LinkIcon } from "./icons";
import { Empty, Notice } from "./Notice";
import { Text } from "./Text";
import { TreeGrid } from "./TreeGrid";

const COLUMNS = [
  { title: /* say */ "Path" },
  { title: /* say */ "Size", kind: "ja-num ja-narrow" },
  { title: /* say */ "Digest", kind: "ja-digest" },
];
const FEW = 8;

interface FileTableProps {
  /** The version whose files they are; further ones are asked by it. */
  version: number;
  /** The first files, in the order of their paths. */
  files: readonly FileRow[];
  total: number;
  /** Shows what is inside of a file, by its place in the order of paths. */
  onPick?: ((index: number, path: string) => void) | undefined;
}

/** Files with size and digest, as a tree with a filter; more are fetched on demand. */
export function FileTable({ version, files, total, onPick }: FileTableProps) {
  const { live } = useHost();
  const { all, error, loading, load } = useMore(version, files);
  if (total === 0) return <Empty>{say("No files")}</Empty>;
  const some = all.length < total;
  return (
    <>
      <TreeGrid
        label={say("Files")}
        columns={COLUMNS}
        data={all}
        rows={(opened, query) => fileRows(all, opened, query)}
        cells={cells}
        onPick={
          onPick &&
          (({ file }) =>
            file &&
            onPick(
              all.findIndex(({ path }) => path === file.path),
              file.path,
            ))
        }
        find={total > FEW && say("Filter by path…")}
        note={some ? say("{some} of {all} files", { some: all.length, all: total }) : count(total, "file")}
      />
      {error !== "" && <Notice kind="error">{error}</Notice>}
      {some && (
        <div class="ja-more">
          <Button disabled={!live || loading} onClick={load}>
            {loading ? say("Loading…") : say("Load {n} more", { n: Math.min(MAX_LIMIT, total - all.length) })}
          </Button>
        </div>
      )}
    </>
  );
}

function cells({ file, files, label, size }: FileTreeRow) {
  return [
    <span key="p" class="ja-path">
      {file ? <FileIcon /> : <FolderIcon />} <Text value={label} whole />{" "}
      {file === null && <span class="ja-mut">{count(files, "file")}</span>}
      {file && file.ref !== null && (
        <span class="ja-mut" title={visible(file.ref, 1000)}>
          <LinkIcon /> {say("reference")}
        </span>
      )}
    </span>,
    <span key="s" class={file ? undefined : "ja-mut"}>
      {bytes(size)}
    </span>,
    file && (
      <span key="d" title={visible(file.digest, 200)}>
        {shortDigest(file.digest)}
      </span>
    ),
  ];
}

/** The given files and those that were fetched after them. */
function useMore(version: number, files: readonly FileRow[]) {
  const { rpc } = useHost();
  const [further, setFurther] = useState<readonly FileRow[]>([]);
  const [error, setError] = useState("");
  const [flight, setFlight] = useState<AbortController | null>(null);
  const all = useMemo(() => [...files, ...further], [files, further]);
  useEffect(() => {
    setFurther([]);
    setError("");
  }, [version, files]);
  useEffect(() => () => flight?.abort(), [flight, version, files]);

  const load = async () => {
    const abort = new AbortController();
    setFlight(abort);
    setError("");
    try {
      const params = { id: version, offset: all.length, limit: MAX_LIMIT };
      const { result } = await rpc.call("artifact.files", params, { signal: abort.signal });
      setFurther([...further, ...result.files]);
    } catch (reason) {
      if (!isCancelled(reason)) setError(errorText(reason));
    }
    setFlight((now) => (now === abort ? null : now));
  };
  return { all, error, loading: flight !== null, load };
}
