import { useEffect, useMemo, useState } from "preact/hooks";
import { visible } from "../shared/format";
import { useSaid } from "../shared/hooks";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import type { RunFacts } from "../shared/protocol.gen";
import { Bar } from "../shared/ui/Bar";
import { RunMark } from "../shared/ui/Chip";
import { CopyButton } from "../shared/ui/CopyButton";
import { Notice } from "../shared/ui/Notice";
import { type Tab, Tabs } from "../shared/ui/Tabs";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { Charts } from "./Charts";
import { kind, lasted, sign, stateWord } from "./state";
import { useSeries } from "./useSeries";
import "./run.css";

const Media = piece((from: typeof import("./pieces")) => from.Media);
const MetadataTree = piece((from: typeof import("./pieces")) => from.MetadataTree);
const Numbers = piece((from: typeof import("./pieces")) => from.Numbers);
const Overview = piece((from: typeof import("./pieces")) => from.Overview);

/** Runs side by side: charts that grow while they log, and what they were given, used and made. */
export function Run({ snapshot, view, setView, host }: PanelProps<"run">) {
  const { runs, byKey } = useSeries(snapshot);
  const first = runs[0] as RunFacts;
  const running = runs.some((run) => run.state === "running");
  const now = useClock(running && host.live);
  const looks = useMemo(
    () => new Map(runs.map((run, i) => [run.id, { look: i, name: run.name }])),
    [runs.map((run) => `${run.id}\n${run.name}`).join("\n")],
  );
  const media = runs.reduce((sum, run) => sum + run.media.length, 0);
  const tabs: Tab[] = [
    { key: "charts", text: say("Charts"), count: byKey.size },
    { key: "numbers", text: say("Numbers") },
    { key: "overview", text: say("Overview") },
    { key: "config", text: say("Config"), count: Object.keys(first.config).length },
    { key: "summary", text: say("Summary"), count: Object.keys(first.summary).length },
    ...(media > 0 ? [{ key: "media", text: say("Media"), count: media }] : []),
    ...(first.source !== "" ? [{ key: "code", text: say("Code") }] : []),
  ];
  const drawn = runs.filter(({ id }) => !view.hidden.includes(id)).length;
  useSaid(say("{n} of {all} runs drawn", { n: drawn, all: runs.length }));
  useSaid(runs.map((run) => `${visible(run.name, 60)}: ${stateWord(run.state)}`).join(", "));
  const tab = tabs.some(({ key }) => key === view.tab) ? view.tab : "charts";
  return (
    <>
      <Bar
        title={<RunMark name={first.name} />}
        note={
          <>
            <State run={first} /> {first.job_type !== "" && <Text value={first.job_type} limit={60} />}{" "}
            {first.job_type !== "" && "· "}
            <span class="ja-num">{lasted(first, now)}</span>
          </>
        }
      >
        <CopyButton
          text={`ja.run_panel(${runs.map((run) => JSON.stringify(run.id)).join(", ")})`}
          label={say("Copy a Python reference")}
          words
        />
      </Bar>
      {first.error !== "" && (
        <Notice kind="error">
          <Text value={first.error} limit={600} />
        </Notice>
      )}
      {runs.length > 1 && (
        <Legend runs={runs} hidden={view.hidden} onChange={(hidden) => setView({ hidden })} />
      )}
      <Tabs label={say("About this run")} tabs={tabs} value={tab} onChange={(next) => setView({ tab: next })}>
        {tab === "charts" && (
          <Charts byKey={byKey} looks={looks} view={view} setView={setView} running={running} />
        )}
        {tab === "numbers" && <Numbers byKey={byKey} looks={looks} />}
        {tab === "overview" && each(runs, (run) => <Overview run={run} now={now} />)}
        {tab === "config" && each(runs, (run) => <MetadataTree data={run.config} label={say("Config")} />)}
        {tab === "summary" && each(runs, (run) => <MetadataTree data={run.summary} label={say("Summary")} />)}
        {tab === "media" && <Media runs={runs} />}
        {tab === "code" &&
          each(
            runs.filter((run) => run.source !== ""),
            (run) => (
              <pre
                class="ja-run-source"
                role="group"
                tabIndex={0}
                aria-label={say("Code of {name}", { name: visible(run.name, 80) })}
              >
                <code>
                  {run.source
                    .split("\n")
                    .map((line) => visible(line, 500))
                    .join("\n")}
                </code>
              </pre>
            ),
          )}
      </Tabs>
    </>
  );
}

/** The same part of every run, under its name where there are several. */
function each(runs: readonly RunFacts[], part: (run: RunFacts) => preact.JSX.Element) {
  return runs.map((run) => (
    <section key={run.id} class="ja-run-part">
      {runs.length > 1 && (
        <h4 class="ja-heading">
          <RunMark name={run.name} />
        </h4>
      )}
      {part(run)}
    </section>
  ));
}

function State({ run }: { run: RunFacts }) {
  return (
    <span class={`ja-chip ja-state-${kind(run.state)}`}>
      <span aria-hidden="true">{sign(run.state)}</span> {stateWord(run.state)}
    </span>
  );
}

interface LegendProps {
  runs: readonly RunFacts[];
  hidden: readonly string[];
  onChange(hidden: string[]): void;
}

function Legend({ runs, hidden, onChange }: LegendProps) {
  return (
    <fieldset class="ja-run-legend">
      <legend class="ja-sr">{say("Runs that are drawn")}</legend>
      {runs.map((run, i) => (
        <label key={run.id} class="ja-check">
          <input
            type="checkbox"
            checked={!hidden.includes(run.id)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked ? hidden.filter((id) => id !== run.id) : [...hidden, run.id],
              )
            }
          />
          <svg class={`ja-look-${i}`} width="26" height="8" aria-hidden="true">
            <path class="ja-line" d="M1 4H25" />
          </svg>
          <Text value={run.name} limit={60} /> <State run={run} />
        </label>
      ))}
    </fieldset>
  );
}

/** Seconds since 1970, counting while something runs. */
function useClock(ticking: boolean): number {
  const [now, setNow] = useState(Date.now() / 1000);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
