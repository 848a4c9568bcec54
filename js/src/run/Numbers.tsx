import { integer, number } from "../shared/format";
import type { Series } from "../shared/protocol.gen";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

interface NumbersProps {
  byKey: ReadonlyMap<string, readonly Series[]>;
  looks: ReadonlyMap<string, { look: number; name: string }>;
}

/** The charts in figures: what one reads who does not see them. */
export function Numbers({ byKey, looks }: NumbersProps) {
  const several = looks.size > 1;
  const rows = [...byKey.values()].flat().filter((one) => one.last.length > 0);
  return (
    <div class="ja-run-rows">
      <table class="ja-numbers">
        <thead>
          <tr>
            <th scope="col">{say("Key")}</th>
            {several && <th scope="col">{say("Run")}</th>}
            {[/* say */ "Points", /* say */ "Last", /* say */ "Lowest", /* say */ "Highest"].map((title) => (
              <th key={title} scope="col" class="ja-num">
                {say(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={`${one.run}\n${one.key}`}>
              <th scope="row">
                <Text value={one.key} limit={120} />
              </th>
              {several && (
                <td>
                  <Text value={looks.get(one.run)?.name ?? one.run} limit={60} />
                </td>
              )}
              <td class="ja-num">{integer(one.points)}</td>
              <td class="ja-num">{number(one.last.at(-1) as number)}</td>
              <td class="ja-num">{number(Math.min(...one.low))}</td>
              <td class="ja-num">{number(Math.max(...one.high))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
