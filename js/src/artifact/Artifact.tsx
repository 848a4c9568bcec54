import { useEffect, useState } from "preact/hooks";
import { DetailView } from "../shared/detail/DetailView";
import { useAsk, useRevision } from "../shared/hooks";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { Aliases, TypeMark } from "../shared/ui/Chip";
import { CopyButton } from "../shared/ui/CopyButton";
import { Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import "./artifact.css";

const Code = piece((from: typeof import("./pieces")) => from.Code);
const Excerpt = piece((from: typeof import("./pieces")) => from.Excerpt);
const Preview = piece((from: typeof import("./pieces")) => from.Preview);
const Usage = piece((from: typeof import("./pieces")) => from.Usage);
const Versions = piece((from: typeof import("./pieces")) => from.Versions);

/** One version, in tabs; its neighbours can be looked at from here. */
export function Artifact({ snapshot, view, setView, host }: PanelProps<"artifact">) {
  const home = snapshot.detail.row.id;
  const [id, setId] = useState(home);
  useEffect(() => setId(home), [home]);
  const revision = useRevision();
  // The snapshot is enough until the store changes or another version is opened, if nothing was cut from it.
  const enough = id === home && revision === 0 && !snapshot.detail.row.metadata_cut;
  const asked = useAsk("artifact.get", enough ? null : { id }, revision);
  const detail = asked.data && (asked.loading || asked.data.row.id === id) ? asked.data : snapshot.detail;
  const { row } = detail;

  const [file, setFile] = useState<{ index: number; path: string } | null>(null);
  useEffect(() => setFile(null), [row.id]);

  const open = (next: number) => {
    setId(next);
    host.announce(say("Opening another version"));
  };
  return (
    <>
      <Bar
        title={<Text value={row.label} limit={200} />}
        note={
          <>
            <TypeMark type={row.type} /> <Aliases names={row.aliases} />
          </>
        }
      >
        {id !== home && (
          <Button onClick={() => setId(home)}>
            {say("Back to v{version}", { version: String(snapshot.detail.row.version) })}
          </Button>
        )}
        {detail.usage[0] !== undefined && (
          <CopyButton text={detail.usage[0]} label={say("Copy a Python reference")} words />
        )}
      </Bar>
      {asked.error && <Notice kind="error">{asked.error.message}</Notice>}
      <DetailView
        detail={detail}
        tab={view.tab}
        onTab={(tab) => setView({ tab })}
        onOpen={open}
        onPick={host.live ? (index, path) => setFile({ index, path }) : undefined}
        inside={file && <Preview key={file.index} version={row.id} {...file} onClose={() => setFile(null)} />}
        more={[
          {
            key: "versions",
            text: say("Versions"),
            count: detail.versions.length,
            content: () => <Versions detail={detail} onOpen={open} />,
          },
          { key: "lineage", text: say("Lineage"), content: () => <Excerpt detail={detail} onOpen={open} /> },
          { key: "usage", text: say("Usage"), content: () => <Usage detail={detail} /> },
          { key: "code", text: say("Code"), content: () => <Code detail={detail} /> },
        ]}
      />
    </>
  );
}
