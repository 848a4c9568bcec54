import { useEffect, useState } from "preact/hooks";
import { bytes, number, visible } from "../shared/format";
import { useSaid } from "../shared/hooks";
import { useHost } from "../shared/panel";
import { pngBlob } from "../shared/pictures";
import type { FilePreview } from "../shared/protocol.gen";
import { errorText, isCancelled } from "../shared/rpc";
import { Button } from "../shared/ui/Button";
import { MetadataTree } from "../shared/ui/MetadataTree";
import { Notice } from "../shared/ui/Notice";
import { Cell, useParts } from "../shared/ui/parts";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

interface PreviewProps {
  version: number;
  /** The file's place in the order of paths. */
  index: number;
  path: string;
  onClose(): void;
}

/** What is inside of a file, below the list of files. */
export function Preview({ version, index, path, onClose }: PreviewProps) {
  const { found, blob, error } = usePreview(version, index);
  useSaid(found || error ? say("{name} opened", { name: visible(path, 120) }) : "");
  return (
    <section class="ja-preview" aria-label={say("Inside {path}", { path: visible(path, 120) })}>
      <header>
        <h4 class="ja-heading">
          <Text value={path} limit={200} />
        </h4>
        <span class="ja-mut">
          {found && found.kind !== "none" && <Text value={found.note} limit={400} />}
        </span>
        <Button kind="ghost" label={say("Close the preview")} onClick={onClose}>
          ×
        </Button>
      </header>
      {error !== "" && <Notice kind="error">{error}</Notice>}
      {found === null && error === "" && <p class="ja-mut">{say("Reading…")}</p>}
      {found && <Inside found={found} blob={blob} />}
    </section>
  );
}

function Inside({ found, blob }: { found: FilePreview; blob: Blob | null }) {
  const { kind, table, pictured, lengths } = found;
  const urls = useParts(blob, kind === "image" ? [blob?.size ?? 0] : lengths);
  if (kind === "image")
    return urls[0] === undefined ? null : (
      <img src={urls[0]} alt={visible(found.path, 200)} width={Math.min(640, found.width)} />
    );
  if (kind === "json") return <MetadataTree data={found.json} label="JSON" />;
  if (kind === "text")
    return (
      <pre class="ja-preview-text" role="group" aria-label={say("Text")} tabIndex={0}>
        {found.text
          .split("\n")
          .map((line) => visible(line, 1000))
          .join("\n")}
      </pre>
    );
  if (kind === "table") {
    const pictures = new Map(pictured.map((text, i) => [text, urls[i]]));
    const shown = (cell: string, i: number) => (
      <Cell key={i} value={cell} limit={200} url={pictures.get(cell)} />
    );
    return <Table head={table.columns} rows={table.rows.map((row) => row.map(shown))} />;
  }
  if (kind === "tensors")
    return (
      <Table
        head={[say("Name"), say("Type"), say("Shape"), say("Size"), say("Norm")]}
        rows={found.tensors.map((row) => [
          <Text key="n" value={row.name} limit={200} whole />,
          <Text key="t" value={row.dtype} limit={40} />,
          row.shape.join(" × "),
          bytes(row.size),
          row.norm === null ? "" : number(row.norm),
        ])}
      />
    );
  return (
    <p class="ja-mut">
      <Text value={found.note} limit={400} />
    </p>
  );
}

function Table({ head, rows }: { head: readonly string[]; rows: readonly preact.ComponentChildren[][] }) {
  return (
    <div class="ja-preview-rows" role="group" aria-label={say("Rows")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((name, i) => (
              <th key={i} scope="col">
                <Text value={name} limit={80} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Shown {
  found: FilePreview | null;
  blob: Blob | null;
  error: string;
}

function usePreview(version: number, index: number): Shown {
  const { rpc, live } = useHost();
  const [shown, show] = useState<Shown>({ found: null, blob: null, error: "" });
  useEffect(() => {
    if (!live) return;
    const abort = new AbortController();
    show({ found: null, blob: null, error: "" });
    ask(abort.signal).then(
      (answer) => !abort.signal.aborted && show({ ...answer, error: "" }),
      (error: unknown) => !isCancelled(error) && show({ found: null, blob: null, error: errorText(error) }),
    );
    return () => abort.abort();

    async function ask(signal: AbortSignal): Promise<{ found: FilePreview; blob: Blob | null }> {
      const params = { id: version, index, buffers: rpc.buffers };
      const { result, buffer } = await rpc.call("file.preview", params, { signal });
      const blob = buffer?.byteLength
        ? new Blob([buffer as DataView<ArrayBuffer>], { type: "image/png" })
        : pngBlob(result.png);
      const brings = result.kind === "image" || result.lengths.length > 0;
      if (!brings || (blob && blob.size > 0)) return { found: result, blob };
      // A host that drops buffers is asked for text.
      const again = await rpc.call("file.preview", { ...params, buffers: false }, { signal });
      return { found: again.result, blob: pngBlob(again.result.png) };
    }
  }, [rpc, live, version, index]);
  return shown;
}
