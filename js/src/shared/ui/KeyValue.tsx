import { type ComponentChildren, Fragment } from "preact";
import "./parts.css";

export type Fact = readonly [name: string, value: ComponentChildren] | null | false;

/** Names and values in two aligned columns; null and false entries are left out. */
export function KeyValue({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="ja-facts">
      {facts.map(
        (fact) =>
          fact && (
            <Fragment key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}
