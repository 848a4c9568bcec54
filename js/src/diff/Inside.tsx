import { useEffect, useState } from "preact/hooks";
import { Sign } from "../shared/diff/marks";
import { visible } from "../shared/format";
import { useHost } from "../shared/panel";
import { pngBlob } from "../shared/pictures";
import type { FileDiff } from "../shared/protocol.gen";
import { errorText, isCancelled } from "../shared/rpc";
import { Button } from "../shared/ui/Button";
import { CrossIcon } from "../shared/ui/icons";
import { Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { language, say } from "../shared/words";
import { Lines } from "./Lines";
import { Pictures } from "./Pictures";
import { Rows } from "./Rows";
import { Tensors } from "./Tensors";

interface InsideProps {
  before: number;
  after: number;
  /** The file's place among those that differ. */
  index: number;
  /** A difference that is here already; perhaps of another file. */
  first: FileDiff | null;
  onClose(): void;
}

/** What differs inside of a file. */
export function Inside({ before, after, index, first, onClose }: InsideProps) {
  const { found, blob, error } = useFileDiff(before, after, index, first?.index === index ? first : null);
  const { announce } = useHost();
  const said = found ? `${visible(found.path, 120)}: ${visible(found.note, 400)}` : error;
  useEffect(() => {
    if (said !== "") announce(said);
  }, [said]);
  return (
    <section class="ja-inside" aria-label={found ? visible(found.path, 120) : say("Opened file")}>
      <header>
        {found && (
          <h4 class="ja-title">
            <Sign mark={found.mark} /> <Text value={found.path} limit={200} />
          </h4>
        )}
        <span class="ja-mut">
          {found ? <Text value={found.note} limit={400} /> : error === "" && say("Reading…")}
        </span>
        <Button kind="ghost" label={say("Close the file")} onClick={onClose}>
          <CrossIcon />
        </Button>
      </header>
      {error !== "" && <Notice kind="error">{error}</Notice>}
      {found?.kind === "text" && <Lines lines={found.lines} />}
      {found?.kind === "table" && <Rows found={found} blob={blob} />}
      {found?.kind === "tensors" && <Tensors tensors={found.tensors} />}
      {found?.kind === "image" && <Pictures found={found} blob={blob} />}
    </section>
  );
}

interface Shown {
  found: FileDiff | null;
  blob: Blob | null;
  error: string;
}

function useFileDiff(before: number, after: number, index: number, first: FileDiff | null): Shown {
  const { rpc, live } = useHost();
  const [shown, show] = useState<Shown>(() => ({
    found: first,
    blob: first && pngBlob(first.png),
    error: "",
  }));
  // What the kernel wrote before it knew the page's language is asked for again.
  const here = shown.found !== null && language() === "en";
  useEffect(() => {
    if (!live || here) return;
    const abort = new AbortController();
    ask(rpc.buffers).then(
      (answer) => !abort.signal.aborted && show(answer),
      (error: unknown) => !isCancelled(error) && show({ found: null, blob: null, error: errorText(error) }),
    );
    return () => abort.abort();

    async function ask(buffers: boolean): Promise<Shown> {
      const params = { before, after, index, buffers };
      const { result, buffer } = await rpc.call("diff.file", params, { signal: abort.signal });
      const blob = buffer?.byteLength
        ? new Blob([buffer as DataView<ArrayBuffer>], { type: "image/png" })
        : pngBlob(result.png);
      // A host that drops buffers is asked for text.
      if (result.lengths.length > 0 && !blob?.size && buffers) return ask(false);
      return { found: result, blob, error: "" };
    }
  }, [rpc, live, before, after, index]);
  return shown;
}
