import { number } from "../format";
import type { DiffSnapshot } from "../protocol.gen";
import { Text } from "../ui/Text";
import { say } from "../words";

/** Metadata, config and metrics that differ, key by key. */
export function Keys({ diff }: { diff: DiffSnapshot }) {
  const { keys, keys_total } = diff;
  const titles = {
    metadata: say("Metadata"),
    config: say("Config of the run"),
    metrics: say("Metrics of the run"),
  };
  if (keys.length === 0) return null;
  return (
    <div class="ja-diff-keys" role="group" aria-label={say("Keys that differ")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[say("Key"), say("Before"), say("After"), say("Change")].map((title, i) => (
              <th key={title} scope="col" class={i === 3 ? "ja-num" : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {(["metadata", "config", "metrics"] as const).map((where) => {
          const some = keys.filter((each) => each.where === where);
          return (
            some.length > 0 && (
              <tbody key={where}>
                <tr>
                  <th scope="rowgroup" colSpan={4}>
                    {titles[where]}
                  </th>
                </tr>
                {some.map(({ key, before, after, delta }) => (
                  <tr key={key}>
                    <th scope="row">
                      <Text value={key} limit={120} whole />
                    </th>
                    <Side value={before} kind="ja-removed" />
                    <Side value={after} kind="ja-added" />
                    <td class="ja-num">{delta === null ? "" : (delta > 0 ? "+" : "") + number(delta)}</td>
                  </tr>
                ))}
              </tbody>
            )
          );
        })}
      </table>
      {keys_total > keys.length && (
        <p class="ja-mut">{say("and {n} more", { n: keys_total - keys.length })}</p>
      )}
    </div>
  );
}

function Side({ value, kind }: { value: string | null; kind: string }) {
  return (
    <td>
      {value === null ? (
        <span class="ja-mut">–</span>
      ) : (
        <span class={kind}>
          <Text value={value} limit={200} whole />
        </span>
      )}
    </td>
  );
}
