import type { ComponentChildren } from "preact";
import { bytes, count, scalar, shortDigest, visible } from "../format";
import { useHost } from "../panel";
import type { ArtifactDetail, ArtifactLink, RunLink } from "../protocol.gen";
import { Button } from "../ui/Button";
import { ArtifactMark, Chip, RunMark } from "../ui/Chip";
import { CopyButton } from "../ui/CopyButton";
import { KeyValue } from "../ui/KeyValue";
import { Moment } from "../ui/Moment";
import { Text } from "../ui/Text";
import { say } from "../words";

interface OverviewProps {
  detail: ArtifactDetail;
  onOpen?: ((id: number) => void) | undefined;
}

export function Overview({ detail, onOpen }: OverviewProps) {
  const { row } = detail;
  const plain = Object.entries(row.metadata).filter(
    ([, value]) => typeof value !== "object" || value === null,
  );
  return (
    <div class="ja-overview">
      {detail.description !== "" && (
        <p class="ja-description">
          <Text value={detail.description} limit={4000} />
        </p>
      )}
      <KeyValue
        facts={[
          [say("Digest"), <Digest key="d" digest={detail.digest} />],
          [say("Size"), `${bytes(row.size)}, ${count(row.files, "file")}`],
          [say("Created"), <Moment key="c" seconds={row.created} />],
          [say("Made by"), <Runs key="m" runs={detail.made_by} />],
          [say("Made from"), <Artifacts key="f" links={detail.inputs} onOpen={onOpen} />],
          [say("Used by"), <Runs key="u" runs={detail.used_by} />],
          detail.outputs?.length > 0 && [
            say("Led to"),
            <Artifacts key="o" links={detail.outputs} onOpen={onOpen} />,
          ],
          row.tags.length > 0 && [
            say("Tags"),
            <Some key="t">
              {row.tags.map((tag) => (
                <Chip key={tag}>
                  <Text value={tag} limit={60} />
                </Chip>
              ))}
            </Some>,
          ],
        ]}
      />
      {plain.length > 0 && (
        <section>
          <h4 class="ja-heading">{say("Metadata")}</h4>
          <dl class="ja-facts ja-facts-mono">
            {plain.slice(0, 8).map(([key, value]) => (
              <div key={key} class="ja-fact">
                <dt>
                  <Text value={key} limit={80} whole />
                </dt>
                <dd title={visible(scalar(value), 1000)}>
                  <bdi>{visible(scalar(value), 200)}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  );
}

/** The start of a digest; the whole of it is copied. */
export function Digest({ digest }: { digest: string }) {
  return (
    <span class="ja-digest" title={visible(digest, 200)}>
      {shortDigest(digest)}
      <CopyButton text={digest} label={say("Copy the digest")} />
    </span>
  );
}

function Runs({ runs }: { runs: readonly RunLink[] }) {
  return (
    <Some>
      {runs.map((run) => (
        <RunMark key={run.id} name={run.name} state={run.state} />
      ))}
    </Some>
  );
}

function Artifacts({ links, onOpen }: { links: readonly ArtifactLink[]; onOpen: OverviewProps["onOpen"] }) {
  const { live } = useHost();
  return (
    <Some>
      {links.map(({ id, label }) => {
        const mark = <ArtifactMark key={id} label={label} />;
        if (!onOpen) return mark;
        return (
          <Button key={id} kind="link" disabled={!live} onClick={() => onOpen(id)}>
            {mark}
          </Button>
        );
      })}
    </Some>
  );
}

const MOST = 12;

/** The first few of many, side by side; "none" where there are none. */
function Some({ children }: { children: ComponentChildren[] }) {
  const rest = children.length - MOST;
  if (children.length === 0) return <span class="ja-mut">{say("none")}</span>;
  return (
    <span class="ja-some">
      {children.slice(0, MOST)}
      {rest > 0 && <span class="ja-mut">{say("and {n} more", { n: rest })}</span>}
    </span>
  );
}
