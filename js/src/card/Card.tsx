import { bytes, count, duration, scalar } from "../shared/format";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import type { CardSnapshot, JsonObject } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { Aliases, TypeMark } from "../shared/ui/Chip";
import { Snippet } from "../shared/ui/CopyButton";
import { Fold } from "../shared/ui/Fold";
import { CheckIcon, ClockIcon, CrossIcon } from "../shared/ui/icons";
import { Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { mix, say } from "../shared/words";
import { Facts, Sources } from "./Facts";
import "./card.css";

const FileTable = piece((from: typeof import("./pieces")) => from.FileTable);
const MetadataTree = piece((from: typeof import("./pieces")) => from.MetadataTree);

/** What became of one log or use call: compact, with the metadata and the files folded in. */
export function Card({ snapshot, view, setView }: PanelProps<"card">) {
  const { row, verb } = snapshot;
  const failed = verb === "failed";
  const fold = (name: string) => ({
    open: view.opened.includes(name),
    onToggle: () =>
      setView({
        opened: view.opened.includes(name)
          ? view.opened.filter((each) => each !== name)
          : [...view.opened, name],
      }),
  });
  const keys = Object.keys(row.metadata).length;
  return (
    <>
      <Bar
        title={<Text value={row.label} limit={200} />}
        note={
          <>
            {row.type !== "" && <TypeMark type={row.type} />} <Aliases names={row.aliases} />
          </>
        }
      >
        <Verb snapshot={snapshot} />
      </Bar>
      {failed && (
        <Notice kind="error">
          <Text value={snapshot.message || say("Nothing was logged.")} limit={2000} />
        </Notice>
      )}
      {row.stale !== "" && (
        <Notice kind="warn">{mix("Stale: {why}", { why: <Text value={row.stale} /> })}</Notice>
      )}
      {(!failed || row.id > 0) && (
        <>
          <div class="ja-card-body">
            <Facts snapshot={snapshot} />
            {!failed && snapshot.message !== "" && (
              <div class="ja-mut">
                <Text value={snapshot.message} limit={1000} />
              </div>
            )}
            {snapshot.usage !== "" && (
              <Snippet code={snapshot.usage} label={say("Copy the line that uses it")} />
            )}
          </div>
          {keys > 0 && (
            <Fold
              title={say("Metadata")}
              note={<Glance data={row.metadata} cut={row.metadata_cut} />}
              {...fold("metadata")}
            >
              <MetadataTree data={row.metadata} label={say("Metadata")} />
            </Fold>
          )}
          {snapshot.files_total > 0 && (
            <Fold
              title={say("Files")}
              note={`${count(snapshot.files_total, "file")}, ${bytes(row.size)}`}
              {...fold("files")}
            >
              <FileTable version={row.id} files={snapshot.files} total={snapshot.files_total} />
            </Fold>
          )}
          {snapshot.inputs.length > 3 && (
            <Fold
              title={say("Made from")}
              note={count(snapshot.inputs.length, "artifact")}
              {...fold("inputs")}
            >
              <div class="ja-card-inputs">
                <Sources links={snapshot.inputs} />
              </div>
            </Fold>
          )}
        </>
      )}
    </>
  );
}

const VERBS = new Map([
  ["logged", /* say */ "Logged"],
  ["unchanged", /* say */ "Unchanged"],
  ["used", /* say */ "Used"],
  ["failed", /* say */ "Failed"],
]);

/** In a word what happened, and how long it took. */
function Verb({ snapshot: { verb, seconds } }: { snapshot: CardSnapshot }) {
  const word = VERBS.get(verb);
  return (
    <>
      {seconds >= 0.05 && (
        <span class="ja-mut">
          <ClockIcon /> {duration(seconds)}
        </span>
      )}
      {word !== undefined && (
        <span class={`ja-verb ja-verb-${verb}`}>
          {verb === "failed" ? <CrossIcon /> : <CheckIcon />} {say(word)}
        </span>
      )}
    </>
  );
}

/** The first plain values of the metadata, on the line that folds it open. */
function Glance({ data, cut }: { data: JsonObject; cut: boolean }) {
  const keys = Object.keys(data);
  const plain = Object.entries(data).filter(
    ([, value]) => typeof value === "number" || typeof value === "boolean",
  );
  return (
    <span class="ja-glance">
      {plain.slice(0, 4).map(([key, value]) => (
        <span key={key}>
          <Text value={key} limit={40} /> {scalar(value)}
        </span>
      ))}
      {keys.length > Math.min(4, plain.length) && (
        <span>
          {plain.length > 0 && "/ "}
          {cut ? say("many keys") : count(keys.length, "key")}
        </span>
      )}
    </span>
  );
}
