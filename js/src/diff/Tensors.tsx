import { Sign } from "../shared/diff/marks";
import { number } from "../shared/format";
import type { DiffTensor } from "../shared/protocol.gen";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

/** Tensors by name, shape and norm; the bar tells how far one moved, measured by its own length. */
export function Tensors({ tensors }: { tensors: readonly DiffTensor[] }) {
  const titles = [
    say("Tensor"),
    say("Type and shape"),
    say("Norm before"),
    say("Norm after"),
    say("Norm of difference"),
  ];
  return (
    <div class="ja-rows" role="group" aria-label={say("Tensors")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {titles.map((title, i) => (
              <th key={title} scope="col" class={i > 1 ? "ja-num" : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tensors.map((each, i) => (
            <tr key={i} class={each.mark === "same" ? "ja-mut" : undefined}>
              <th scope="row">
                <Sign mark={each.mark} /> <Text value={each.name} limit={120} whole />
              </th>
              <td>
                <Text
                  value={[...new Set([each.before, each.after])].filter(Boolean).join(" → ")}
                  limit={120}
                />
              </td>
              {[each.norm_before, each.norm_after, each.norm_of_difference].map((norm, column) => (
                <td key={column} class="ja-num">
                  {norm === null ? "" : number(norm)}
                  {column === 2 && <Moved by={norm} of={each.norm_before} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Moved({ by, of }: { by: number | null; of: number | null }) {
  if (!by || !of) return null;
  return <i class="ja-moved" style={{ width: `${Math.max(2, Math.min(100, (by / of) * 100))}%` }} />;
}
