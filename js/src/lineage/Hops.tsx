import type { ComponentChildren } from "preact";
import type { GraphNode, LineageView } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { ArtifactIcon, ClockIcon, RunIcon } from "../shared/ui/icons";

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
  return (
    <div class="ja-hops">
      {focused && <Side name="Inputs" arrow="←" value={view.up} onChange={(up) => setView({ up })} />}
      <div class="ja-legend">
        <Key kind="run">
          <RunIcon /> run
        </Key>
        <Key kind="artifact">
          <ArtifactIcon /> artifact
        </Key>
        {nodes.some(({ state }) => state === "failed") && <Key kind="failed">failed</Key>}
        {nodes.some(({ stale }) => stale !== "") && (
          <Key kind="stale">
            <ClockIcon /> stale
          </Key>
        )}
        {!view.list && <span class="ja-legend-hint">Ctrl + wheel zooms</span>}
        {regroup && (
          <Button kind="link" onClick={regroup}>
            Regroup
          </Button>
        )}
        {focused && (
          <Button kind="link" onClick={onWhole}>
            Whole project
          </Button>
        )}
      </div>
      {focused && <Side name="Outputs" arrow="→" value={view.down} onChange={(down) => setView({ down })} />}
    </div>
  );
}

function Key({ kind, children }: { kind: string; children: ComponentChildren }) {
  return <span class={`ja-sign ja-sign-${kind}`}>{children}</span>;
}

/** How many hops are shown on one side; -1 is all. */
function Side({
  name,
  arrow,
  value,
  onChange,
}: {
  name: string;
  arrow: string;
  value: number;
  onChange(value: number): void;
}) {
  const what = name.toLowerCase();
  return (
    <div class="ja-hop" role="group" aria-label={`${name}: how far`}>
      <span aria-hidden="true">{arrow}</span> {name}
      <Button
        kind="ghost"
        label={`Fewer ${what}`}
        disabled={value === 0}
        onClick={() => onChange(value < 0 ? 2 : value - 1)}
      >
        −
      </Button>
      <b>{value < 0 ? "all" : value}</b>
      <Button kind="ghost" label={`More ${what}`} disabled={value < 0} onClick={() => onChange(value + 1)}>
        +
      </Button>
      <Button kind="link" disabled={value < 0} onClick={() => onChange(-1)} title={`All ${what}`}>
        all
      </Button>
    </div>
  );
}
