import type { ComponentChildren } from "preact";
import { visible } from "../format";
import { say } from "../words";
import { ArtifactIcon, ClockIcon, RunIcon, WarnIcon } from "./icons";
import { Text } from "./Text";

/** A short fact in a rounded box. */
export function Chip({ children, kind = "plain" }: { children: ComponentChildren; kind?: string }) {
  return <span class={`ja-chip ja-chip-${kind}`}>{children}</span>;
}

/** An alias: "latest" moves by itself and looks so. */
export function Alias({ name }: { name: string }) {
  return (
    <Chip kind={name === "latest" ? "latest" : "alias"}>
      <Text value={name} limit={40} whole={name.length > 40} />
    </Chip>
  );
}

/** The first few aliases, and how many more there are. */
export function Aliases({ names, most = 3 }: { names: readonly string[]; most?: number }) {
  const rest = names.slice(most);
  return (
    <>
      {names.slice(0, most).map((name) => (
        <Alias key={name} name={name} />
      ))}
      {rest.length > 0 && (
        <span class="ja-chip ja-chip-more" title={visible(rest.join(", "), 1000)}>
          +{rest.length}
        </span>
      )}
    </>
  );
}

/** An artifact's type with the diamond, in the artifact's colour. */
export function TypeMark({ type }: { type: string }) {
  return (
    <Chip kind="art">
      <ArtifactIcon />
      <Text value={type} limit={60} />
    </Chip>
  );
}

/** An artifact's name with the diamond. */
export function ArtifactMark({ label }: { label: string }) {
  return (
    <span class="ja-art-mark">
      <ArtifactIcon /> <Text value={label} limit={120} />
    </span>
  );
}

/** A run's name with the triangle, in the run's colour; a failed one says so. */
export function RunMark({ name, state = "" }: { name: string; state?: string }) {
  return (
    <span class="ja-run-mark">
      <RunIcon />
      <Text value={name} limit={80} whole={name.length > 80} />
      {state === "failed" && <span class="ja-failed">{say("failed")}</span>}
      {state === "running" && <span class="ja-mut">{say("running")}</span>}
    </span>
  );
}

/** Tells that something is out of date, and why. */
export function StaleMark({ why, short = false }: { why: string; short?: boolean }) {
  if (why === "") return null;
  return (
    <span class="ja-stale" title={visible(why, 1000)}>
      <ClockIcon />
      {short ? say("stale") : <Text value={why} />}
    </span>
  );
}

/** Tells that something went wrong. */
export function FailedMark({ children }: { children: ComponentChildren }) {
  return (
    <span class="ja-failed">
      <WarnIcon />
      {children}
    </span>
  );
}
