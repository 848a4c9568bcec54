import { useEffect, useState } from "preact/hooks";
import { visible } from "../shared/format";
import type { FileDiff } from "../shared/protocol.gen";
import { say } from "../shared/words";

/** Before, after, and their difference, each with its name. */
export function Pictures({ found, blob }: { found: FileDiff; blob: Blob | null }) {
  const urls = useParts(blob, found.lengths);
  const all = [say("Before"), say("After"), say("Difference")];
  const names = found.mark === "added" ? all.slice(1) : all;
  const side = Math.max(96, Math.min(320, found.width));
  return (
    <div class="ja-shots">
      {urls.map((url, i) => (
        <figure key={i}>
          <figcaption>{names[i]}</figcaption>
          <img src={url} alt={`${names[i]}: ${visible(found.path, 200)}`} width={side} />
        </figure>
      ))}
    </div>
  );
}

/** Addresses of pictures that lie one after the other in a blob. */
function useParts(blob: Blob | null, lengths: readonly number[]): readonly string[] {
  const [urls, setUrls] = useState<readonly string[]>([]);
  useEffect(() => {
    if (blob === null) return;
    let at = 0;
    const made = lengths.map((length) => {
      const part = blob.slice(at, at + length, "image/png");
      at += length;
      return URL.createObjectURL(part);
    });
    setUrls(made);
    return () => made.forEach(URL.revokeObjectURL);
  }, [blob]);
  return urls;
}
