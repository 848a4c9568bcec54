import { visible } from "../shared/format";
import type { FileDiff } from "../shared/protocol.gen";
import { useParts } from "../shared/ui/parts";
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
