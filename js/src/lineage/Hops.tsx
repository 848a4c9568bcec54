import type { ComponentChildren } from "preact";
import type { GraphNode, LineageView } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { ArtifactIcon, ClockIcon, RunIcon } from "../shared/ui/icons";
import { say } from "../shared/words";
import { isBad } from "./marks";

interface HopsProps {
  view: LineageView;
  setView(part: Partial<LineageView>): void;
  onWhole(): void;
  /** Puts groups together again that were taken apart; null where none was. */
  regroup: (() => void) | null;
  nodes: readonly GraphNode[];
}

/** The line above the graph: how far it reaches, and what its marks mean. */
export function Hops({ view, setView, onWhole, regroup, nodes }: HopsProps) {
  const focused = view.focus !== null;
  const down = view.direction === "down";
  return (
    <div class="ja-hops">
      {focused && (
        <Side
          arrow={down ? "↑" : "←"}
          name={say("Inputs")}
          fewer={say("Fewer inputs")}
          more={say("More inputs")}
          all={say("All inputs")}
          value={view.up}
          onChange={(up) => setView({ up })}
        />
      )}
      <div class="ja-legend">
        <Key kind="run">
          <RunIcon /> {say("run")}
        </Key>
        <Key kind="artifact">
          <ArtifactIcon /> {say("artifact")}
        </Key>
        {nodes.some(({ state }) => isBad(state)) && <Key kind="failed">{say("failed")}</Key>}
        {nodes.some(({ stale }) => stale !== "") && (
          <Key kind="stale">
            <ClockIcon /> {say("stale")}
          </Key>
        )}
        {!view.list && (
          <span class="ja-legend-hint">
            {say("Lines lead from cause to effect, dashed ones back. Ctrl + wheel zooms.")}
          </span>
        )}
        {regroup && (
          <Button kind="link" onClick={regroup}>
            {say("Regroup")}
          </Button>
        )}
        {focused && (
          <Button kind="link" onClick={onWhole}>
            {say("Whole project")}
          </Button>
        )}
      </div>
      {focused && (
        <Side
          arrow={down ? "↓" : "→"}
          name={say("Outputs")}
          fewer={say("Fewer outputs")}
          more={say("More outputs")}
          all={say("All outputs")}
          value={view.down}
          onChange={(down) => setView({ down })}
        />
      )}
    </div>
  );
}

function Key({ kind, children }: { kind: string; children: ComponentChildren }) {
  return <span class={`ja-legend-sign ja-legend-sign-${kind}`}>{children}</span>;
}

/** How many hops are shown on one side; -1 is all. */
function Side({
  arrow,
  name,
  fewer,
  more,
  all,
  value,
  onChange,
}: Record<"arrow" | "name" | "fewer" | "more" | "all", string> & {
  value: number;
  onChange(value: number): void;
}) {
  return (
    <div class="ja-hop" role="group" aria-label={say("{side}: how far", { side: name })}>
      <span aria-hidden="true">{arrow}</span> {name}
      <Button
        kind="ghost"
        label={fewer}
        disabled={value === 0}
        onClick={() => onChange(value < 0 ? 2 : value - 1)}
      >
        −
      </Button>
      <b>{value < 0 ? say("all") : value}</b>
      <Button kind="ghost" label={more} disabled={value < 0} onClick={() => onChange(value + 1)}>
        +
      </Button>
      <Button kind="link" disabled={value < 0} onClick={() => onChange(-1)} title={all}>
        {say("all")}
      </Button>
    </div>
  );
}
