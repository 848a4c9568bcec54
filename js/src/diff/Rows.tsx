import { Sign } from "../shared/diff/marks";
import type { DiffRow, FileDiff } from "../shared/protocol.gen";
import { Cell, useParts } from "../shared/ui/parts";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

/** Rows of a table that differ; in a row that changed, the cells that did say both. */
export function Rows({ found, blob }: { found: FileDiff; blob: Blob | null }) {
  const { columns, rows, lengths } = found;
  // A panel that an earlier release stored has none.
  const pictured = found.pictured ?? [];
  const urls = useParts(blob, lengths);
  const pictures = new Map(pictured.map((text, i) => [text, urls[i]]));
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
                  <Sides mark={mark} before={before[column]} after={after[column]} pictures={pictures} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SidesProps {
  mark: DiffRow["mark"];
  before?: string | undefined;
  after?: string | undefined;
  /** Addresses of pictures by the texts of their cells. */
  pictures: ReadonlyMap<string, string | undefined>;
}

function Sides({ mark, before = "", after = "", pictures }: SidesProps) {
  const cell = (text: string) => <Cell value={text} limit={80} url={pictures.get(text)} />;
  if (mark !== "changed" || before === after) return cell(after || before);
  return (
    <>
      <del class="ja-removed">{cell(before)}</del> <ins class="ja-added">{cell(after)}</ins>
    </>
  );
}
