import { useState } from "preact/hooks";
import { integer } from "../shared/format";
import { gridMove } from "../shared/keyboard";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { className } from "./names";

interface ConfusionProps {
  counts: readonly (readonly number[])[];
  names: readonly string[];
  label: number;
  predicted: number;
  /** A cell was chosen; -1, -1 when the chosen one is chosen again. */
  onChoose(label: number, predicted: number): void;
}

/** True classes down, predicted ones across; a cell filters the pictures. */
export function Confusion({ counts, names, label, predicted, onChoose }: ConfusionProps) {
  const size = counts.length;
  const [place, setPlace] = useState({ row: Math.max(0, label), column: Math.max(0, predicted) });
  const most = Math.max(1, ...counts.flatMap((row, i) => row.filter((_, j) => j !== i)));
  const onKeyDown = (event: KeyboardEvent) => {
    const to = gridMove(event, place, { rows: size, columns: size, page: size });
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    setPlace(to);
    const table = event.currentTarget as HTMLTableElement;
    table.tBodies[0]?.rows[to.row]?.querySelectorAll("button")[to.column]?.focus();
  };
  return (
    <div class="ja-confusion">
      <table
        role="grid"
        aria-label={say("Confusion matrix: true classes down, predicted across")}
        onKeyDown={onKeyDown}
      >
        <caption>{say("True ↓   Predicted →")}</caption>
        <thead>
          <tr>
            <td />
            {counts.map((_, column) => (
              <th key={column} scope="col">
                <Text value={className(names, column)} limit={8} whole />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, i) => (
            <tr key={i}>
              <th scope="row">
                <Text value={className(names, i)} limit={12} whole />
              </th>
              {row.map((count, j) => {
                const chosen = i === label && j === predicted;
                return (
                  <td key={j} role="gridcell" aria-selected={chosen}>
                    <button
                      type="button"
                      class={i === j ? "ja-right" : count > 0 ? "ja-miss" : "ja-none"}
                      style={i === j || count === 0 ? undefined : { "--ja-heat": Math.sqrt(count / most) }}
                      tabIndex={place.row === i && place.column === j ? 0 : -1}
                      aria-label={say("{n}: true {class}, predicted {other}", {
                        n: count,
                        class: className(names, i),
                        other: className(names, j),
                      })}
                      onClick={() => {
                        setPlace({ row: i, column: j });
                        onChoose(chosen ? -1 : i, chosen ? -1 : j);
                      }}
                    >
                      {count === 0 ? "·" : integer(count)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
