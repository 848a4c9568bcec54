import { count, visible } from "../shared/format";
import { useSaid } from "../shared/hooks";
import type { Axis, RunView, Series } from "../shared/protocol.gen";
import { Empty } from "../shared/ui/Notice";
import { SearchBox } from "../shared/ui/SearchBox";
import { Seg } from "../shared/ui/Seg";
import { say } from "../shared/words";
import { Chart } from "./Chart";

interface ChartsProps {
  byKey: ReadonlyMap<string, readonly Series[]>;
  looks: ReadonlyMap<string, { look: number; name: string }>;
  view: RunView;
  setView(part: Partial<RunView>): void;
  running: boolean;
}

const FEW = 6;
const MOST = 60;

/** All numbers as small charts on shared controls. */
export function Charts({ byKey, looks, view, setView, running }: ChartsProps) {
  const wanted = view.search.trim().toLowerCase();
  const all = [...byKey.entries()].filter(([key]) => key.toLowerCase().includes(wanted));
  const shown = all.slice(0, MOST);
  useSaid(wanted === "" ? "" : say("{charts} found", { charts: count(all.length, "chart") }));
  const options = [
    view.axis === "time" ? say("Charts over time") : say("Charts over steps"),
    view.log ? say("log scale") : "",
    view.smooth > 0 ? say("smoothed by {n}", { n: view.smooth.toFixed(2) }) : "",
  ];
  useSaid(options.filter(Boolean).join(", "));
  if (byKey.size === 0)
    return (
      <Empty>{running ? say("Charts appear when run.log is called") : say("No numbers were logged")}</Empty>
    );
  return (
    <>
      <div class="ja-chart-tools">
        {byKey.size > FEW && (
          <SearchBox
            label={say("Find a chart")}
            placeholder={say("Find a chart…")}
            value={view.search}
            onInput={(search) => setView({ search })}
          />
        )}
        <Seg<Axis>
          label={say("Horizontal axis")}
          value={view.axis}
          options={[
            ["step", say("Step")],
            ["time", say("Time")],
          ]}
          onChange={(axis) => setView({ axis })}
        />
        <label class="ja-check">
          <input
            type="checkbox"
            checked={view.log}
            onChange={(event) => setView({ log: event.currentTarget.checked })}
          />
          {say("Log scale")}
        </label>
        <label class="ja-check">
          {say("Smoothing")}
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            value={view.smooth}
            onInput={(event) => setView({ smooth: Number(event.currentTarget.value) })}
          />
          <output class="ja-num">{view.smooth.toFixed(2)}</output>
        </label>
      </div>
      <div class="ja-charts">
        {shown.map(([key, series]) => (
          <Chart
            key={key}
            name={key}
            series={series.filter((one) => !view.hidden.includes(one.run))}
            axis={view.axis}
            log={view.log}
            smooth={view.smooth}
            looks={looks}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <Empty>{say("No chart has “{text}” in its name", { text: visible(view.search, 60) })}</Empty>
      )}
      {all.length > shown.length && (
        <p class="ja-mut ja-more">
          {say("{n} more charts: search to see them", { n: all.length - shown.length })}
        </p>
      )}
    </>
  );
}
