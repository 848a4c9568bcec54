import { useEffect, useState } from "preact/hooks";
import { bytes } from "../shared/format";
import { useHost } from "../shared/panel";
import type { ArtifactDetail } from "../shared/protocol.gen";
import { Button } from "../shared/ui/Button";
import { Aliases } from "../shared/ui/Chip";
import { Moment } from "../shared/ui/Moment";
import { Empty } from "../shared/ui/Notice";
import { say } from "../shared/words";
import { AliasEditor } from "./AliasEditor";

interface VersionsProps {
  detail: ArtifactDetail;
  onOpen?: ((id: number) => void) | undefined;
}

/** The collection's versions on a line, newest first. */
export function Versions({ detail, onOpen }: VersionsProps) {
  const { live } = useHost();
  const { row } = detail;
  const [editing, edit] = useState(false);
  const [own, setOwn] = useState<readonly string[] | null>(null);
  // What the kernel has answered holds until newer details come.
  useEffect(() => setOwn(null), [detail]);
  const ticks = [...detail.versions].sort((a, b) => b.version - a.version);
  if (ticks.length === 0) return <Empty>{say("No versions")}</Empty>;
  const largest = Math.max(1, ...ticks.map((tick) => tick.size));
  return (
    <ol class="ja-versions" aria-label={say("Versions, newest first")}>
      {ticks.map((tick) => {
        const here = tick.id === row.id;
        return (
          <li key={tick.id} aria-current={here ? "true" : undefined}>
            <span class="ja-version">
              {here || !onOpen ? (
                `v${tick.version}`
              ) : (
                <Button kind="link" disabled={!live} onClick={() => onOpen(tick.id)}>
                  v{tick.version}
                </Button>
              )}
            </span>
            <span class="ja-version-aliases">
              {here && editing ? (
                <AliasEditor
                  version={tick.id}
                  aliases={own ?? tick.aliases}
                  onChange={setOwn}
                  onClose={() => edit(false)}
                />
              ) : (
                <Aliases names={(here && own) || tick.aliases} most={4} />
              )}
              {here && !editing && (
                <>
                  <span class="ja-mut">{say("shown here")}</span>
                  <Button kind="link" disabled={!live} onClick={() => edit(true)}>
                    {say("Edit aliases")}
                  </Button>
                </>
              )}
            </span>
            <span class="ja-mut">
              <Moment seconds={tick.created} />
            </span>
            <span class="ja-size">
              {bytes(tick.size)}
              <i style={{ width: `${Math.max(2, Math.round((tick.size / largest) * 100))}%` }} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}
