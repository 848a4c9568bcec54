import { Difference } from "../shared/diff/Difference";
import { sizes } from "../shared/diff/marks";
import { useAsk, useRevision } from "../shared/hooks";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import { Bar } from "../shared/ui/Bar";
import { ArtifactMark } from "../shared/ui/Chip";
import { CopyButton } from "../shared/ui/CopyButton";
import { Notice } from "../shared/ui/Notice";
import { say } from "../shared/words";
import "./diff.css";

const Inside = piece((from: typeof import("./pieces")) => from.Inside);

/** Two versions, side by side; one file that differs can be looked into. */
export function Diff({ snapshot, view, setView, host }: PanelProps<"diff">) {
  const { before, after } = snapshot;
  const revision = useRevision();
  // Of two versions only aliases can change.
  const asked = useAsk("diff.get", revision > 0 ? { before: before.id, after: after.id } : null, revision);
  const diff = asked.data ?? snapshot;
  const labels = [before.label, after.label].map((label) => JSON.stringify(label)).join(", ");
  const open = (file: number | null) => {
    setView({ file });
    if (file === null) host.announce(say("File closed"));
  };
  return (
    <>
      <Bar
        title={say("Difference")}
        note={
          <>
            <ArtifactMark label={before.label} /> → <ArtifactMark label={after.label} />
            {` · ${sizes(before.size, after.size)}`}
          </>
        }
      >
        <CopyButton text={`ja.artifact_diff(${labels})`} label={say("Copy a Python reference")} words />
      </Bar>
      {asked.error && <Notice kind="error">{asked.error.message}</Notice>}
      <Difference
        diff={diff}
        shown={view.shown}
        query={view.query}
        onShown={(shown) => setView({ shown })}
        onQuery={(query) => setView({ query })}
        onPick={host.live ? open : undefined}
        inside={
          view.file !== null && (
            <Inside
              key={view.file}
              before={before.id}
              after={after.id}
              index={view.file}
              first={snapshot.opened}
              onClose={() => open(null)}
            />
          )
        }
      />
    </>
  );
}
