// The whole picture as SVG, from the data and not from the screen.

import { integer, visible } from "../../shared/format";
import type { Colors } from "../../shared/theme";
import { boxOf, head, LINE_WIDTHS, type Pen, type Scene, thickness, trace } from "../graph/scene";
import { HEIGHT, WIDTH } from "../layout/sizes";
import type { Item, Picture } from "../levels";
import { isBad, plainMarks } from "../marks";
import { element, type Markup, text } from "./xml";

const MARGIN = 20;
const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

/** Write a scene as a document of its own. `title` says what it is. */
export function svg({ picture, layout }: Scene, colors: Colors, title: string): string {
  const { left, top, right, bottom } = layout.box;
  const [width, height] = [Math.ceil(right - left) + 2 * MARGIN, Math.ceil(bottom - top) + 2 * MARGIN];
  const lines = layout.routes.map((route, i) => {
    const path = new PathData();
    trace(route, layout.down, path);
    const drawn = { d: path.data, "stroke-width": LINE_WIDTHS[thickness(picture.weights[i]!)]! };
    return element("path", route.kind === "forward" ? drawn : { ...drawn, "stroke-dasharray": "6 5" });
  });
  const heads = new PathData();
  for (const route of layout.routes) head(route, layout.down, heads);
  const boxes = picture.items.map((item, i) => {
    const { left: x, top: y } = boxOf(layout, i);
    return element("g", { transform: `translate(${round(x)} ${round(y)})` }, ...box(picture, item, colors));
  });
  const root = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `${round(left - MARGIN)} ${round(top - MARGIN)} ${width} ${height}`,
      width,
      height,
      role: "img",
      "font-family": FONT,
    },
    element("title", {}, text(title)),
    element("rect", { x: left - MARGIN, y: top - MARGIN, width, height, fill: colors.bg }),
    element("g", { fill: "none", stroke: colors.edge }, ...lines),
    element("path", { d: heads.data, fill: colors.edge }),
    ...boxes,
  );
  return `${root.xml}\n`;
}

function box(picture: Picture, item: Item, colors: Colors): Markup[] {
  const nodes = item.members.map((v) => picture.graph.nodes[v]!);
  const run = item.kind === "run";
  const failed = !item.group && isBad(nodes[0]!.state);
  const [ink, paper] = run ? [colors.run, colors["run-bg"]] : [colors.art, colors["art-bg"]];
  const rx = run ? HEIGHT / 2 : 6;
  const edge = failed ? { stroke: colors.err, "stroke-dasharray": "5 3" } : { stroke: ink };
  const shape = {
    x: 0.75,
    y: 0.75,
    width: WIDTH - 1.5,
    height: HEIGHT - 1.5,
    rx,
    fill: paper,
    "stroke-width": 1.5,
  };
  const behind = [6, 3].map((by) => element("rect", { ...shape, ...edge, x: 0.75 + by, y: 0.75 + by }));
  const start = run ? 16 : 11;
  const sign = run ? "M0 0v9l7.5-4.5z" : "M4.5 0 9 4.5 4.5 9 0 4.5z";
  const badge = item.group ? integer(item.count) : plainMarks(nodes[0]!).join(" · ");
  const room = WIDTH - start - 12;
  const badgeText = shorten(badge, room * 0.65, 5.6, 0);
  return [
    ...(item.group ? behind : []),
    element("rect", { ...shape, ...edge }),
    element("path", { d: sign, transform: `translate(${start} 10)`, fill: run ? "none" : ink, stroke: ink }),
    words(shorten(item.type, room - 14 - badgeText.length * 5.6, 5.6), start + 14, 18, 10.5, ink),
    words(badgeText, WIDTH - 12, 18, 10.5, failed ? colors.err : colors.mut, "end"),
    words(shorten(item.label, room, 6.7), start, 34, 12.5, colors.fg),
  ];
}

function words(value: string, x: number, y: number, size: number, fill: string, anchor = "start"): Markup {
  return element("text", { x, y, "font-size": size, fill, "text-anchor": anchor }, text(value));
}

/** Cut in the middle, so that a version's number stays: a letter is about `wide` pixels. */
function shorten(value: string, room: number, wide: number, keep = 1 / 3): string {
  const shown = visible(value, 400);
  const most = Math.max(1, Math.floor(room / wide));
  if (shown.length <= most) return shown;
  const tail = Math.floor(most * keep);
  return `${shown.slice(0, most - tail - 1)}…${tail > 0 ? shown.slice(-tail) : ""}`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** A pen that writes path data. */
class PathData implements Pen {
  data = "";

  moveTo(x: number, y: number): void {
    this.data += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.data += `L${round(x)} ${round(y)}`;
  }

  bezierCurveTo(...numbers: [number, number, number, number, number, number]): void {
    this.data += `C${numbers.map(round).join(" ")}`;
  }
}
