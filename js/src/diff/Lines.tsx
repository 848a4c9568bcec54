import { known, markName } from "../shared/diff/marks";
import { visible } from "../shared/format";
import type { DiffLine } from "../shared/protocol.gen";
import { say } from "../shared/words";

const SIGNS = { added: "+", removed: "−", changed: "~", same: " " };

/** Lines that were taken away and came, with those round them. */
export function Lines({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <div class="ja-lines" role="group" aria-label={say("Lines")} tabIndex={0}>
      <table>
        <thead class="ja-sr">
          <tr>
            {[say("Line before"), say("Line after"), say("Text")].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ mark, before, after, text }, i) =>
            before || after ? (
              <tr key={i} class={mark === "same" ? undefined : `ja-${known(mark)}`}>
                <td>{before || ""}</td>
                <td>{after || ""}</td>
                <td>
                  <span aria-hidden="true">{SIGNS[known(mark)]}</span>
                  {mark !== "same" && <span class="ja-sr">{markName(mark)}</span>}
                  <bdi>{visible(text, 400)}</bdi>
                </td>
              </tr>
            ) : (
              <tr key={i} class="ja-mut">
                <td colSpan={3}>{say("{n} lines are the same", { n: text })}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
