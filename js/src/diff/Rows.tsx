import { Sign } from "../shared/diff/marks";
import type { DiffRow } from "../shared/protocol.gen";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

/** Rows of a table that differ; in a row that changed, the cells that did say both. */
export function Rows({ columns, rows }: { columns: readonly string[]; rows: readonly DiffRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div class="ja-rows" role="group" aria-label={say("Rows")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("Row")}</th>
            {columns.map((name, i) => (
              <th key={i} scope="col">
                <Text value={name} limit={60} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ mark, at, before, after }, i) => (
            <tr key={i}>
              <th scope="row">
                <Sign mark={mark} /> <Text value={at} limit={80} />
              </th>
              {columns.map((_, column) => (
                <td key={column}>
                  <Cell mark={mark} before={before[column]} after={after[column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({
  mark,
  before = "",
  after = "",
}: {
  mark: DiffRow["mark"];
  before?: string | undefined;
  after?: string | undefined;
}) {
  if (mark !== "changed" || before === after) return <Text value={after || before} limit={80} whole />;
  return (
    <>
      <del class="ja-removed">
        <Text value={before} limit={80} whole />
      </del>{" "}
      <ins class="ja-added">
        <Text value={after} limit={80} whole />
      </ins>
    </>
  );
}
