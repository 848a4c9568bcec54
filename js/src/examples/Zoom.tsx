import { useEffect, useRef, useState } from "preact/hooks";
import { number, visible } from "../shared/format";
import { useHost } from "../shared/panel";
import { askPicture } from "../shared/pictures";
import type { ExampleDetail, ExampleItem, Verdict } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { ChevronIcon, CrossIcon } from "../shared/ui/icons";
import { type Fact, KeyValue } from "../shared/ui/KeyValue";
import { Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { className, isScored, isWrong, told } from "./names";

interface ZoomProps {
  item: ExampleItem;
  names: readonly string[];
  versions: readonly string[];
  onMove(step: -1 | 1): void;
  onClose(): void;
}

interface Shown {
  detail: ExampleDetail;
  url: string;
}

/** One example in full: its picture, and what the model thought of every class. */
export function Zoom({ item, names, versions, onMove, onClose }: ZoomProps) {
  const title = say("Example {n}", { n: item.index });
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
    <aside class="ja-full" aria-label={title} onKeyDown={onKeyDown}>
      <header>
        <b>{title}</b>
        <span class="ja-full-tools">
          <Button kind="ghost" label={say("Previous example")} onClick={() => onMove(-1)}>
            <span class="ja-flip">
              <ChevronIcon />
            </span>
          </Button>
          <Button kind="ghost" label={say("Next example")} onClick={() => onMove(1)}>
            <ChevronIcon />
          </Button>
          <Button kind="ghost" label={say("Close")} onClick={onClose}>
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
            alt={told(item, names, versions)}
            class={Math.max(shown.detail.width, shown.detail.height) < 200 ? "ja-pixels" : undefined}
          />
        )}
      </div>
      {item.caption !== "" && !isScored(item) && <Text value={item.caption} limit={400} />}
      {isScored(item) && <Scores item={item} names={names} versions={versions} />}
      {shown && shown.detail.probabilities.length > 0 && (
        <Bars detail={shown.detail} item={item} names={names} versions={versions} />
      )}
    </aside>
  );
}

interface JudgedProps {
  item: ExampleItem;
  names: readonly string[];
  versions: readonly string[];
}

function Scores({ item, names, versions }: JudgedProps) {
  const predicted = (verdict: Verdict) => {
    const name = className(names, verdict.predicted);
    return <Text key="p" value={isWrong(item, verdict) ? say("{class} (wrong)", { class: name }) : name} />;
  };
  const { loss, confidence, margin, entropy, other, change } = item;
  const fact = (name: string, value: number | null): Fact => value !== null && [name, number(value)];
  const told = versions.map((version, i): Fact => {
    const verdict = i === 0 ? item : other;
    if (!verdict) return [visible(version, 30), "–"];
    const score = verdict.loss === null ? "" : `, ${say("loss {loss}", { loss: number(verdict.loss) })}`;
    return [visible(version, 30), [predicted(verdict), score]];
  });
  return (
    <KeyValue
      facts={[
        [say("True"), <Text key="true" value={className(names, item.label)} />],
        ...(told.length > 0
          ? [...told, fact(say("Change of loss"), change)]
          : [[say("Predicted"), predicted(item)] as Fact, fact(say("Loss"), loss)]),
        fact(say("Confidence"), confidence),
        fact(say("Margin"), margin),
        fact(say("Entropy"), entropy),
      ]}
    />
  );
}

/** The probability of every class; of two versions one bar above the other. */
function Bars({ detail, item, names, versions }: JudgedProps & { detail: ExampleDetail }) {
  const both = versions.length > 0 && detail.other.length > 0;
  return (
    <table class="ja-bars" aria-label={say("Probability of each class")}>
      {both && (
        <thead>
          <tr>
            <td />
            {versions.map((version) => (
              <th key={version} scope="col" colSpan={2}>
                <Text value={version} limit={24} />
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {detail.probabilities.map((value, i) => (
          <tr key={i} class={i === item.label ? "ja-true" : undefined}>
            <th scope="row">
              <Text value={className(names, i)} limit={24} />
            </th>
            <Bar value={value} taken={i === item.predicted && i !== item.label} />
            {both && (
              <Bar value={detail.other[i] ?? 0} taken={i === item.other?.predicted && i !== item.label} />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ value, taken }: { value: number; taken: boolean }) {
  return (
    <>
      <td aria-hidden="true" class={taken ? "ja-taken" : undefined}>
        <div class="ja-bar-fill" style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} />
      </td>
      <td class="ja-num">{(value * 100).toFixed(value < 0.0995 ? 1 : 0)} %</td>
    </>
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
