import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { bytes, count, visible, when } from "../../shared/format";
import { useAsk, useDebounced, useRevision } from "../../shared/hooks";
import { useHost } from "../../shared/panel";
import type { GraphNode } from "../../shared/protocol.gen";
import { Button } from "../../shared/ui/Button";
import { Alias, Chip, StaleMark } from "../../shared/ui/Chip";
import { CopyButton } from "../../shared/ui/CopyButton";
import { ArtifactIcon, CrossIcon, RunIcon } from "../../shared/ui/icons";
import { KeyValue } from "../../shared/ui/KeyValue";
import { Notice } from "../../shared/ui/Notice";
import { Text } from "../../shared/ui/Text";
import { say } from "../../shared/words";
import type { Picture } from "../levels";
import { isBad } from "../marks";
import { ArtifactView } from "./ArtifactView";
import { Members } from "./Members";
import { Neighbours } from "./Neighbours";
import { RunView } from "./RunView";
import "./side.css";

export interface SideProps {
  element: RefObject<HTMLElement | null>;
  picture: Picture;
  /** The selected item. */
  at: number;
  focus: string | null;
  onSelect(id: string): void;
  onFocus(id: string): void;
  onOpen(item: number): void;
  onPull(id: string): void;
  onClose(): void;
}

/** What is known of the selected box. */
export function Side(props: SideProps) {
  const { element, picture, at, onClose } = props;
  const item = picture.items[at]!;
  const node = picture.graph.nodes[item.members[0]!]!;
  return (
    <aside ref={element} class="ja-side" aria-label={say("Details")} tabIndex={-1}>
      <header class="ja-side-head">
        <h4>
          <span class={`ja-ink-${item.kind}`}>{item.kind === "run" ? <RunIcon /> : <ArtifactIcon />}</span>
          <Text value={item.label} limit={200} />
        </h4>
        <Button kind="ghost" label={say("Close details")} onClick={onClose}>
          <CrossIcon />
        </Button>
      </header>
      <div class="ja-chips">
        <Chip kind={item.kind}>{item.group ? count(item.count, item.kind) : say(item.kind)}</Chip>
        <Chip>
          <Text value={item.type || say(item.kind)} limit={60} />
        </Chip>
        {!item.group && <State node={node} />}
      </div>
      {item.group ? <Members {...props} item={item} /> : <NodeView {...props} node={node} />}
    </aside>
  );
}

function State({ node }: { node: GraphNode }) {
  return (
    <>
      {node.state !== "" && (
        <Chip kind={isBad(node.state) ? "failed" : "plain"}>{visible(say(node.state), 40)}</Chip>
      )}
      {node.aliases.slice(0, 8).map((name) => (
        <Alias key={name} name={name} />
      ))}
    </>
  );
}

function NodeView({ node, focus, onFocus, onSelect, picture, at }: SideProps & { node: GraphNode }) {
  const { live } = useHost();
  // Walking through the graph with the arrow keys asks for where it ends.
  const id = useDebounced(node.id, 120);
  const { data, error } = useAsk("node.get", { id }, useRevision());
  const [tab, setTab] = useState("Overview");
  const current = id === node.id ? data : null;
  const artifact = current?.artifact;
  const run = current?.run;
  return (
    <>
      <div class="ja-side-tools">
        <Button disabled={node.id === focus} onClick={() => onFocus(node.id)}>
          {say("Focus here")}
        </Button>
        <CopyButton text={node.label} label={say("Copy a Python reference")} words />
      </div>
      {artifact ? (
        <ArtifactView detail={artifact} tab={tab} onTab={setTab} />
      ) : run ? (
        <RunView run={run} tab={tab} onTab={setTab} />
      ) : (
        <Known node={node} />
      )}
      {error && live && <Notice kind="error">{error.message}</Notice>}
      <Neighbours picture={picture} at={at} onSelect={onSelect} />
    </>
  );
}

/** What the graph itself tells, until the kernel answers or where none does. */
function Known({ node }: { node: GraphNode }) {
  return (
    <div class="ja-side-facts">
      <KeyValue
        facts={[
          node.kind === "artifact" && [say("Size"), bytes(node.size)],
          [node.kind === "run" ? say("Started") : say("Created"), when(node.created)],
          node.stale !== "" && [say("Stale"), <StaleMark key="s" why={node.stale} />],
        ]}
      />
    </div>
  );
}
