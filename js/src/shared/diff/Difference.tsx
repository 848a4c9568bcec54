// What differs between two versions: the sides, keys, files. The diff panel and the table show it.

import type { ComponentChildren } from "preact";
import type { DiffFilter, DiffSnapshot } from "../protocol.gen";
import { Empty, Notice } from "../ui/Notice";
import { Text } from "../ui/Text";
import { say } from "../words";
import { Files } from "./Files";
import { Keys } from "./Keys";
import { Sides } from "./Sides";
import "./diff.css";

export interface DifferenceProps {
  diff: DiffSnapshot;
  shown: DiffFilter;
  query: string;
  onShown(shown: DiffFilter): void;
  onQuery(query: string): void;
  /** Opens a file that differs; without it there is nothing to open. */
  onPick?: ((index: number) => void) | undefined;
  /** Below the list of files. */
  inside?: ComponentChildren;
}

export function Difference({ diff, inside, ...files }: DifferenceProps) {
  const total = diff.counts.reduce((sum, count) => sum + count.files, 0);
  const same = diff.counts.every(({ mark, files }) => mark === "same" || files === 0);
  return (
    <div class="ja-difference">
      {diff.problem !== "" && (
        <Notice kind="error">
          <Text value={diff.problem} limit={1000} />
        </Notice>
      )}
      <Sides before={diff.before} after={diff.after} digests={diff.digests} />
      {same && diff.keys_total === 0 && diff.problem === "" && (
        <Empty>{say("No difference in files, metadata, config or metrics.")}</Empty>
      )}
      <Keys diff={diff} />
      {total > 0 && <Files diff={diff} {...files} />}
      {inside}
    </div>
  );
}
