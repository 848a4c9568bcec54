import { scalar, shortList, visible } from "../../shared/format";
import type { JsonObject, JsonValue } from "../../shared/protocol.gen";
import { Empty } from "../../shared/ui/Notice";
import { say } from "../../shared/words";

/** Names and values one below the other, those further down with dots in their names: there is little room. */
export function Flat({ data, none }: { data: JsonObject; none: string }) {
  const rows = [...flat(data, "")];
  if (rows.length === 0) return <Empty>{none}</Empty>;
  return (
    <>
      <dl class="ja-flat">
        {rows.slice(0, MOST).map(([name, value]) => (
          <div key={name}>
            <dt>
              <bdi>{visible(name, 120)}</bdi>
            </dt>
            <dd title={visible(value, 1000)}>
              <bdi>{visible(value, 300)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {rows.length > MOST && <Empty>{say("{n} more", { n: rows.length - MOST })}</Empty>}
    </>
  );
}

function* flat(value: JsonObject | JsonValue[], before: string): Iterable<[string, string]> {
  for (const [name, each] of Object.entries(value)) {
    if (hasParts(each) && before.length < DEEP) yield* flat(each, `${before}${name}.`);
    else yield [before + name, scalar(each)];
  }
}

/** Whether a value takes more than a line. */
function hasParts(value: JsonValue): value is JsonObject | JsonValue[] {
  if (typeof value !== "object" || value === null || shortList(value) !== null) return false;
  return Object.keys(value).length > 0;
}

const MOST = 300;
/** From so long a name on what is inside is only counted. */
const DEEP = 200;
