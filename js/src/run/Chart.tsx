import { useMemo, useState } from "preact/hooks";
import { duration, number, visible } from "../shared/format";
import { useSize } from "../shared/hooks";
import { useHost } from "../shared/panel";
import type { Axis, Series } from "../shared/protocol.gen";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";
import { band, extentOf, type Line, lineOf, nearest, path, scale, ticks } from "./scale";

interface ChartProps {
  name: string;
  series: readonly Series[];
  axis: Axis;
  log: boolean;
  smooth: number;
  /** A run's number (its colour and dash) and name, by id. */
  looks: ReadonlyMap<string, { look: number; name: string }>;
}

const HEIGHT = 170;
const [TOP, BOTTOM, LEFT, RIGHT] = [8, 20, 46, 10];
const LARGE = 10;

/** One key's numbers, a line a run. Pointer or arrow keys read numbers off. */
export function Chart({ name, series, axis, log, smooth, looks }: ChartProps) {
  const host = useHost();
  const [ref, { width }] = useSize<HTMLDivElement>();
  const [at, setAt] = useState<number | null>(null);
  const lines = useMemo(
    () => series.map((one) => lineOf(one, axis, smooth, log)).filter((line) => line.x.length > 0),
    [series, axis, smooth, log],
  );
  const extent = useMemo(() => extentOf(lines, log), [lines, log]);
  const place = (value: number) => (axis === "time" ? duration(value) : number(value));
  const read = at === null ? [] : lines.map((line) => reading(line, at));
  const said = read
    .map(({ run, y }) => `${visible(looks.get(run)?.name ?? run, 80)} ${number(y)}`)
    .join(", ");

  const move = (to: number) => {
    setAt(to);
    const there = lines.map((line) => reading(line, to));
    host.announce(
      `${name}, ${axis === "step" ? say("step") : say("time")} ${place(to)}: ${there.map(({ run, y }) => `${looks.get(run)?.name ?? run} ${number(y)}`).join(", ")}`,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const longest = lines.reduce<Line | null>(
      (best, line) => (best && best.x.length >= line.x.length ? best : line),
      null,
    );
    if (!longest) return;
    const last = longest.x.length - 1;
    const here = at === null ? last : nearest(longest.x, at);
    const far = event.shiftKey ? LARGE : 1;
    const to = { ArrowLeft: here - far, ArrowRight: here + far, Home: 0, End: last }[event.key];
    if (event.key === "Escape" && at !== null) {
      event.stopPropagation();
      setAt(null);
    }
    if (to === undefined) return;
    event.preventDefault();
    move(longest.x[Math.min(last, Math.max(0, to))] as number);
  };

  const across = extent && width > 0 ? scale(extent.x, [LEFT, width - RIGHT]) : null;
  const upward = extent ? scale(extent.y, [HEIGHT - BOTTOM, TOP], log) : null;
  return (
    <figure class="ja-chart">
      <figcaption>
        <span class="ja-cut">
          <Text value={name} limit={120} whole />
        </span>
        <span class="ja-mut ja-num">
          {at === null ? latest(lines) : axis === "step" ? say("step {n}", { n: place(at) }) : place(at)}
        </span>
      </figcaption>
      <div
        ref={ref}
        class="ja-plot"
        role="application"
        aria-roledescription={say("chart")}
        aria-label={`${visible(name, 200)}${said ? `: ${said}` : ""}. ${say("Arrow keys read numbers off.")}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          if (!extent || width <= 0) return;
          const back = scale([LEFT, width - RIGHT], extent.x);
          const x = back(event.clientX - event.currentTarget.getBoundingClientRect().left);
          setAt(Math.min(extent.x[1], Math.max(extent.x[0], x)));
        }}
      >
        {across && upward && extent ? (
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {ticks(extent.y, 4, log).map((value) => (
              <g key={value} class="ja-tick">
                <line x1={LEFT} x2={width - RIGHT} y1={upward(value)} y2={upward(value)} />
                <text x={LEFT - 5} y={upward(value) + 3.5} text-anchor="end">
                  {number(value)}
                </text>
              </g>
            ))}
            {ticks(extent.x, Math.max(1, Math.floor(width / 110))).map((value) => (
              <text key={value} class="ja-tick" x={across(value)} y={HEIGHT - 5} text-anchor="middle">
                {place(value)}
              </text>
            ))}
            {lines.map((line) => (
              <LineMark
                key={line.run}
                line={line}
                look={looks.get(line.run)?.look ?? 0}
                across={across}
                upward={upward}
                smooth={smooth > 0}
              />
            ))}
            {at !== null && (
              <line class="ja-cursor" x1={across(at)} x2={across(at)} y1={TOP} y2={HEIGHT - BOTTOM} />
            )}
            {read.map(({ run, x, y }) => (
              <circle
                key={run}
                class={`ja-dot ja-look-${looks.get(run)?.look ?? 0}`}
                cx={across(x)}
                cy={upward(y)}
                r={3.5}
              />
            ))}
          </svg>
        ) : (
          <p class="ja-mut">
            {log && series.length > 0
              ? say("No number above zero to draw on this axis")
              : say("No numbers yet")}
          </p>
        )}
        {read.length > 0 && across && (
          <ul
            class={`ja-reading${at !== null && across(at) > width / 2 ? " ja-reading-start" : ""}`}
            aria-hidden="true"
          >
            {read.map(({ run, y }) => (
              <li key={run} class={`ja-look-${looks.get(run)?.look ?? 0}`}>
                <span class="ja-cut">
                  <Text value={looks.get(run)?.name ?? run} limit={40} />
                </span>
                <b>{number(y)}</b>
              </li>
            ))}
          </ul>
        )}
      </div>
    </figure>
  );
}

interface LineMarkProps {
  line: Line;
  look: number;
  across(value: number): number;
  upward(value: number): number;
  smooth: boolean;
}

function LineMark({ line, look, across, upward, smooth }: LineMarkProps) {
  const xs = line.x.map(across);
  const ys = line.y.map(upward);
  const wide = line.low.some((low, i) => low !== line.high[i]);
  return (
    <g class={`ja-look-${look}`}>
      {(wide || smooth) && <path class="ja-band" d={band(xs, line.low.map(upward), line.high.map(upward))} />}
      {xs.length === 1 ? (
        <circle class="ja-dot" cx={xs[0]} cy={ys[0]} r={3} />
      ) : (
        <path class="ja-line" d={path(xs, ys)} />
      )}
    </g>
  );
}

function reading(line: Line, at: number) {
  const i = nearest(line.x, at);
  return { run: line.run, x: line.x[i] as number, y: line.y[i] as number };
}

function latest(lines: readonly Line[]): string {
  return lines.length === 1 && lines[0] ? number(lines[0].y.at(-1) as number) : "";
}
