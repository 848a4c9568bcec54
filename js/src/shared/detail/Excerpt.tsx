import type { ComponentChildren } from "preact";
import { useHost } from "../panel";
import type { ArtifactDetail, ArtifactLink, RunLink } from "../protocol.gen";
import { Button } from "../ui/Button";
import { ArtifactMark, RunMark } from "../ui/Chip";
import { Snippet } from "../ui/CopyButton";
import { say } from "../words";

const MOST = 8;

interface ExcerptProps {
  detail: ArtifactDetail;
  onOpen?: ((id: number) => void) | undefined;
}

/** What a version was made from and what was made with it, two steps either way, and the line that shows all. */
export function Excerpt({ detail, onOpen }: ExcerptProps) {
  // What older versions have stored has no outputs.
  const { row, inputs, made_by, used_by, outputs = [] } = detail;
  const steps: [name: string, marks: ComponentChildren[]][] = [
    [say("Made from"), versions(inputs)],
    [say("Made by"), runs(made_by)],
    [say("This version"), [<ArtifactMark key="this" label={row.label} />]],
    [say("Used by"), runs(used_by)],
    [say("Led to"), versions(outputs)],
  ];
  return (
    <div class="ja-usage">
      <ol class="ja-excerpt" aria-label={say("Lineage")}>
        {steps
          .filter(([, marks]) => marks.length > 0)
          .map(([name, marks]) => (
            <li key={name}>
              <h4 class="ja-heading">{name}</h4>
              <ul>
                {marks.slice(0, MOST).map((mark, i) => (
                  <li key={i}>{mark}</li>
                ))}
              </ul>
              {marks.length > MOST && (
                <span class="ja-mut">{say("and {n} more", { n: marks.length - MOST })}</span>
              )}
            </li>
          ))}
      </ol>
      <Snippet code={`ja.lineage(${JSON.stringify(row.label)})`} label={say("Copy a Python reference")} />
    </div>
  );

  function versions(links: readonly ArtifactLink[]) {
    return links.map((link) => <Version key={link.id} link={link} onOpen={onOpen} />);
  }

  function runs(links: readonly RunLink[]) {
    return links.map(({ id, name, state }) => <RunMark key={id} name={name} state={state} />);
  }
}

function Version({ link, onOpen }: { link: ArtifactLink; onOpen: ExcerptProps["onOpen"] }) {
  const { live } = useHost();
  const mark = <ArtifactMark label={link.label} />;
  if (!onOpen) return mark;
  return (
    <Button kind="link" disabled={!live} onClick={() => onOpen(link.id)}>
      {mark}
    </Button>
  );
}
