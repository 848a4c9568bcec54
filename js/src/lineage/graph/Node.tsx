import { count, integer, visible } from "../../shared/format";
import type { GraphNode } from "../../shared/protocol.gen";
import { ArtifactIcon, ClockIcon, RunIcon } from "../../shared/ui/icons";
import { say } from "../../shared/words";
import type { Layout } from "../layout";
import type { Item } from "../levels";
import { isBad, marksOf } from "../marks";
import { boxOf } from "./scene";

interface NodeProps {
  item: Item;
  /** The nodes that it stands for. */
  nodes: readonly GraphNode[];
  place: number;
  layout: Layout;
  state: NodeState;
  /** The one tab stop of the graph. */
  tabStop: boolean;
  inputs: number;
  outputs: number;
}

export interface NodeState {
  selected: boolean;
  focus: boolean;
  dim: boolean;
  found: boolean;
}

/** A box of the graph: a pill with a triangle for a run, with corners and a diamond for an artifact. */
export function Node({ item, nodes, place, layout, state, tabStop, inputs, outputs }: NodeProps) {
  const { left, top } = boxOf(layout, place);
  const single = item.group ? undefined : nodes[0];
  const { failed } = item;
  const names = [
    "ja-node",
    `ja-node-${item.kind}`,
    item.group && "ja-node-group",
    single && failed > 0 && "ja-node-failed",
    single?.state === "running" && "ja-node-running",
    ...Object.entries(state).map(([name, is]) => is && `ja-node-${name}`),
  ];
  return (
    <button
      type="button"
      class={names.filter(Boolean).join(" ")}
      style={{ left: `${left}px`, top: `${top}px` }}
      data-item={place}
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={state.selected}
      aria-current={state.focus ? "true" : undefined}
      aria-description={described(single, inputs, outputs)}
      title={visible(`${item.label}${single?.stale ? `\n${single.stale}` : ""}`, 300)}
    >
      <span class="ja-sr">{named(item, single)}</span>
      <span class="ja-node-type" aria-hidden="true">
        {item.kind === "run" ? <RunIcon /> : <ArtifactIcon />}
        <bdi>{visible(item.type || say(item.kind), 60)}</bdi>
        {single ? <Aliases names={single.aliases} /> : <Badge text={integer(item.count)} />}
      </span>
      <span class="ja-node-label" aria-hidden="true">
        <Label value={item.label} />
        {single ? (
          <State node={single} />
        ) : (
          <>
            {failed > 0 && <span class="ja-node-bad">{say("{n} failed", { n: failed })}</span>}
            {item.stale > 0 && <span class="ja-node-stale">{say("{n} stale", { n: item.stale })}</span>}
          </>
        )}
      </span>
    </button>
  );
}

/** What is cut of a long name is in front of the version. */
function Label({ value }: { value: string }) {
  const at = value.lastIndexOf(":");
  if (at < 1) return <bdi class="ja-cut">{visible(value, 120)}</bdi>;
  return (
    <>
      <bdi class="ja-cut">{visible(value.slice(0, at), 120)}</bdi>
      <bdi>{visible(value.slice(at), 20)}</bdi>
    </>
  );
}

/** The state in words; colour says nothing alone. */
function State({ node: { state, stale } }: { node: GraphNode }) {
  return (
    <>
      {state !== "" && state !== "finished" && (
        <span class={isBad(state) ? "ja-node-bad" : "ja-node-run-state"}>{visible(say(state), 20)}</span>
      )}
      {stale !== "" && (
        <span class="ja-node-stale">
          <ClockIcon />
          {say("stale")}
        </span>
      )}
    </>
  );
}

function Aliases({ names }: { names: readonly string[] }) {
  const alias = names.find((name) => name !== "latest") ?? names[0];
  const more = names.length > 1 ? ` +${names.length - 1}` : "";
  return alias !== undefined ? <Badge text={visible(alias, 24) + more} /> : null;
}

function Badge({ text }: { text: string }) {
  return <bdi class="ja-node-badge">{text}</bdi>;
}

/** What the box is called: its name in one piece, then what else is written on it. */
function named(item: Item, single: GraphNode | undefined): string {
  const kind = single ? say(item.kind) : say("group of {nodes}", { nodes: count(item.count, item.kind) });
  const bad = !single && item.failed > 0 && say("{n} failed", { n: item.failed });
  return [item.label, kind, item.type, bad, ...(single ? marksOf(single) : [])]
    .map((part) => part && visible(part, 120))
    .filter(Boolean)
    .join(", ");
}

/** What the eye sees around it, for who hears it. */
function described(single: GraphNode | undefined, inputs: number, outputs: number): string {
  const more = single ? single.more_up + single.more_down : 0;
  return [
    count(inputs, "input"),
    count(outputs, "output"),
    ...(more > 0 ? [say("{n} more not shown", { n: more })] : []),
  ].join(", ");
}

/** Tells of neighbours that are left out, and brings them in. */
export function Stub({
  side,
  more,
  label,
  left,
  top,
  onClick,
}: {
  side: "up" | "down";
  more: number;
  label: string;
  left: number;
  top: number;
  onClick(): void;
}) {
  const what = side === "up" ? count(more, "more input") : count(more, "more output");
  return (
    <button
      type="button"
      class="ja-stub"
      style={{ left: `${left}px`, top: `${top}px` }}
      tabIndex={-1}
      aria-label={say("+{n}: show {more} of {name}", { n: more, more: what, name: visible(label, 80) })}
      title={say("Show {more}", { more: what })}
      onClick={onClick}
    >
      +{more}
    </button>
  );
}
