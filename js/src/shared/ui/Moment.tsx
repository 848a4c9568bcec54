import { exactly, when } from "../format";

/** A time in the reader's words; exactly where hovered. */
export function Moment({ seconds }: { seconds: number }) {
  return <span title={exactly(seconds)}>{when(seconds)}</span>;
}
