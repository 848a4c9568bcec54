import { useEffect, useRef, useState } from "preact/hooks";
import { integer, number } from "../shared/format";
import { useHost } from "../shared/panel";
import { askPicture } from "../shared/pictures";
import type { ExampleDetail, ExampleItem } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { ChevronIcon, CrossIcon } from "../shared/ui/icons";
import { type Fact, KeyValue } from "../shared/ui/KeyValue";
import { Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { className, isScored, isWrong, told } from "./names";

interface ZoomProps {
  item: ExampleItem;
  names: readonly string[];
  onMove(step: -1 | 1): void;
  onClose(): void;
}

interface Shown {
  detail: ExampleDetail;
  url: string;
}

/** One example in full: its picture, and what the model thought of every class. */
export function Zoom({ item, names, onMove, onClose }: ZoomProps) {
  const { shown, error } = useFull(item.tile);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      onMove(event.key === "ArrowLeft" ? -1 : 1);
    }
  };
  return (
    <aside class="ja-full" aria-label={`Example ${item.index}`} onKeyDown={onKeyDown}>
      <header>
        <b>Example {integer(item.index)}</b>
        <span class="ja-full-tools">
          <Button kind="ghost" label="Previous example" onClick={() => onMove(-1)}>
            <span class="ja-flip">
              <ChevronIcon />
            </span>
          </Button>
          <Button kind="ghost" label="Next example" onClick={() => onMove(1)}>
            <ChevronIcon />
          </Button>
          <Button kind="ghost" label="Close" onClick={onClose}>
            <CrossIcon />
          </Button>
        </span>
      </header>
      {error && <Notice kind="error">{error}</Notice>}
      <div class="ja-full-image">
        {shown && (
          <img
            src={shown.url}
            width={shown.detail.width}
            height={shown.detail.height}
            alt={told(item, names)}
            class={Math.max(shown.detail.width, shown.detail.height) < 200 ? "ja-pixels" : undefined}
          />
        )}
      </div>
      {item.caption !== "" && !isScored(item) && <Text value={item.caption} limit={400} />}
      {isScored(item) && <Scores item={item} names={names} />}
      {shown && shown.detail.probabilities.length > 0 && (
        <Bars probabilities={shown.detail.probabilities} item={item} names={names} />
      )}
    </aside>
  );
}

function Scores({ item, names }: { item: ExampleItem; names: readonly string[] }) {
  const predicted = className(names, item.predicted);
  const numbers = (["loss", "confidence", "margin", "entropy"] as const).map((key): Fact => {
    const value = item[key];
    return value !== null && [key.charAt(0).toUpperCase() + key.slice(1), number(value)];
  });
  return (
    <KeyValue
      facts={[
        ["True", <Text key="true" value={className(names, item.label)} />],
        ["Predicted", <Text key="predicted" value={isWrong(item) ? `${predicted} (wrong)` : predicted} />],
        ...numbers,
      ]}
    />
  );
}

function Bars({
  probabilities,
  item,
  names,
}: {
  probabilities: readonly number[];
  item: ExampleItem;
  names: readonly string[];
}) {
  return (
    <table class="ja-bars" aria-label="Probability of each class">
      <tbody>
        {probabilities.map((value, i) => (
          <tr key={i} class={i === item.label ? "ja-true" : i === item.predicted ? "ja-taken" : undefined}>
            <th scope="row">
              <Text value={className(names, i)} limit={24} />
            </th>
            <td aria-hidden="true">
              <div class="ja-bar-fill" style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} />
            </td>
            <td class="ja-num">{(value * 100).toFixed(value < 0.0995 ? 1 : 0)} %</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The full picture of a tile, from the kernel; the one before stays until it is here. */
function useFull(tile: number): { shown: Shown | null; error: string } {
  const { rpc } = useHost();
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState("");
  const held = useRef("");
  useEffect(() => {
    const abort = new AbortController();
    setError("");
    askPicture(rpc, "example.get", { tile }, { signal: abort.signal }).then(
      ({ result, blob }) => {
        if (abort.signal.aborted) return;
        const before = held.current;
        held.current = URL.createObjectURL(blob);
        setShown({ detail: result, url: held.current });
        if (before) URL.revokeObjectURL(before);
      },
      (reason: Error) => {
        if (!abort.signal.aborted) setError(reason.message);
      },
    );
    return () => abort.abort();
  }, [rpc, tile]);
  useEffect(() => () => URL.revokeObjectURL(held.current), []);
  return { shown, error };
}
