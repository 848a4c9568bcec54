import type { ComponentChildren } from "preact";
import { bytes, integer, shortDigest, visible } from "../format";
import type { VersionRow } from "../protocol.gen";
import { Aliases, ArtifactMark, RunMark } from "../ui/Chip";
import { Moment } from "../ui/Moment";
import { say } from "../words";

interface SidesProps {
  before: VersionRow;
  after: VersionRow;
  digests: readonly string[];
}

/** The two versions' facts, side by side; those that differ stand out. */
export function Sides({ before, after, digests }: SidesProps) {
  const two = [before, after];
  const facts: [name: string, differ: boolean, cells: ComponentChildren[]][] = [
    [
      say("Aliases"),
      before.aliases.join() !== after.aliases.join(),
      two.map(({ aliases }, i) => <Aliases key={i} names={aliases} most={6} />),
    ],
    [
      say("Made by"),
      before.run?.id !== after.run?.id,
      two.map(({ run }, i) => run && <RunMark key={i} name={run.name} state={run.state} />),
    ],
    [say("Files"), before.files !== after.files, two.map((row) => integer(row.files))],
    [say("Size"), before.size !== after.size, two.map((row) => bytes(row.size))],
    [
      say("Created"),
      before.created !== after.created,
      two.map((row, i) => <Moment key={i} seconds={row.created} />),
    ],
    [
      say("Digest"),
      digests[0] !== digests[1],
      digests.map((digest, i) => (
        <code key={i} title={visible(digest, 200)}>
          {shortDigest(digest)}
        </code>
      )),
    ],
  ];
  return (
    <table class="ja-sides">
      <thead>
        <tr>
          <th scope="col">
            <span class="ja-sr">{say("Fact")}</span>
          </th>
          {two.map((row, i) => (
            <th key={i} scope="col">
              <span class="ja-mut">{i === 0 ? say("Before") : say("After")}</span>{" "}
              <ArtifactMark label={row.label} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, differ, cells]) => (
          <tr key={name} class={differ ? undefined : "ja-mut"}>
            <th scope="row">{name}</th>
            {cells.map((cell, i) => (
              <td key={i}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
