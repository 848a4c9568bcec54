// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { HOSTILE } from "../../dev/fixtures/hostile";
import { tutorial } from "../../dev/fixtures/lineage";
import { pngSize } from "../../src/lineage/export/save";
import { svg } from "../../src/lineage/export/svg";
import { dot, json, mermaid, python } from "../../src/lineage/export/text";
import { element, escapeXml, text } from "../../src/lineage/export/xml";
import { sceneOf } from "../../src/lineage/graph/scene";
import { pictureOf } from "../../src/lineage/levels";
import { visible } from "../../src/shared/format";
import type { Graph, LineageView } from "../../src/shared/protocol.gen";
import type { Colors } from "../../src/shared/theme";
import { generate } from "./generate";

const colors = new Proxy({}, { get: () => "#123456" }) as Colors;
const withText = (value: string): Graph => ({
  ...tutorial,
  nodes: tutorial.nodes.map((node) => ({
    ...node,
    label: value,
    type: value,
    aliases: [value],
    stale: value,
  })),
});
const draw = (graph: Graph, title = "Lineage") => svg(sceneOf(pictureOf(graph, "exploded")), colors, title);
const parse = (source: string) => new DOMParser().parseFromString(source, "image/svg+xml");

describe("xml", () => {
  it("lets nothing out of text and attributes", () => {
    expect(escapeXml(`<a href="x" id='y'>&amp;`)).toBe(
      "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;",
    );
    expect(element("g", { id: '"><script>' }, text("</g>")).xml).toBe(
      '<g id="&quot;&gt;&lt;script&gt;">&lt;/g&gt;</g>',
    );
  });

  it("writes out what XML cannot hold", () => {
    expect(escapeXml("\u0000\ud800\u202e")).toBe("\\x00\\ud800\\u202e");
  });
});

describe("SVG", () => {
  it("has every box, every edge and a title", () => {
    const found = parse(draw(tutorial, "Lineage of model & more"));
    expect(found.querySelector("title")?.textContent).toBe("Lineage of model & more");
    expect(found.querySelectorAll("g[transform]")).toHaveLength(10);
    expect(found.querySelectorAll("g[fill=none] path")).toHaveLength(10);
    expect(found.documentElement.textContent).toContain("gentle-cloud-4");
  });

  it("says states in words and by dashes", () => {
    const failed = { ...tutorial, nodes: tutorial.nodes.map((node) => ({ ...node, state: "failed" })) };
    expect(draw(failed)).toContain(">failed · latest<");
    expect(draw(failed).match(/stroke-dasharray="5 3"/g)).toHaveLength(10);
  });

  it.each(HOSTILE.map((value) => [value.slice(0, 30), value]))("shows %j as text", (_, value) => {
    const source = draw(withText(value), value);
    const found = parse(source);
    expect(found.querySelector("parsererror")).toBeNull();
    const names = new Set([...found.querySelectorAll("*")].map(({ localName }) => localName));
    expect([...names].sort()).toEqual(["g", "path", "rect", "svg", "text", "title"]);
    const attributes = new Set([...found.querySelectorAll("*")].flatMap((each) => each.getAttributeNames()));
    expect([...attributes].filter((name) => /^on|href|style/i.test(name))).toEqual([]);
    expect(found.querySelector("title")?.textContent).toBe(visible(value));
  });

  it("draws a thousand nodes", () => {
    expect(parse(draw(generate(1000))).querySelectorAll("g[transform]")).toHaveLength(1004);
  });
});

describe("PNG", () => {
  it("is twice the picture, within what browsers draw", () => {
    expect(pngSize(1000, 500)).toEqual({ width: 2000, height: 1000, scale: 2 });
    for (const [width, height] of [
      [20_000, 300],
      [6000, 6000],
      [40_000, 30_000],
    ] as const) {
      const size = pngSize(width, height);
      expect(size.width * size.height).toBeLessThanOrEqual(16e6);
      expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(8192);
      expect(size.width / size.height).toBeCloseTo(width / height, 0);
    }
  });
});

describe("text forms", () => {
  const picture = pictureOf(tutorial, "exploded");

  it("Mermaid has a box a node and an arrow an edge", () => {
    const lines = mermaid(picture).split("\n");
    expect(lines[0]).toBe("flowchart LR");
    expect(lines[1]).toBe('  n0(["load-data<br/>sunny-smoke-1"])');
    expect(lines[2]).toBe('  n1["dataset<br/>mnist-raw:v0<br/>latest"]');
    expect(lines.filter((line) => line.includes("-->"))).toHaveLength(10);
  });

  it.each(HOSTILE.map((value) => [value.slice(0, 30), value]))("Mermaid takes %j", (_, value) => {
    for (const line of mermaid(pictureOf(withText(value), "exploded"))
      .trim()
      .split("\n")
      .slice(1)) {
      expect(line).toMatch(
        /^ {2}n\d+ --> n\d+$|^ {2}n\d+(\(\[|\[)"([\p{L}\p{N}\p{M} .:_/×-]|#\d+;|<br\/>)*"(\]\)|\])$/u,
      );
    }
  });

  it.each(HOSTILE.map((value) => [value.slice(0, 30), value]))("DOT takes %j", (_, value) => {
    for (const line of dot(pictureOf(withText(value), "exploded"))
      .trim()
      .split("\n")
      .slice(3, -1)) {
      expect(line).toMatch(/^ {2}n\d+ -> n\d+;$|^ {2}n\d+ \[label="([^"\\]|\\.)*", style="[a-z,]+"\];$/);
    }
  });

  it("say the direction", () => {
    expect(mermaid(picture, "down")).toMatch(/^flowchart TD\n/);
    expect([dot(picture), dot(picture, "down")].map((text) => /rankdir=(..)/.exec(text)?.[1])).toEqual([
      "LR",
      "TB",
    ]);
    expect(JSON.parse(json(picture, "down")).direction).toBe("down");
    const boxes = (down: boolean) => svg(sceneOf(picture, down), colors, "").match(/viewBox="[^"]+"/)?.[0];
    const sides = (box = "") =>
      box
        .match(/[\d.]+/g)!
        .slice(-2)
        .map(Number) as [number, number];
    const [wide, high] = sides(boxes(false));
    const [narrow, tall] = sides(boxes(true));
    expect(wide / high).toBeGreaterThan(2);
    expect(tall / narrow).toBeGreaterThan(1);
  });

  it("JSON can be read back, whatever it holds", () => {
    const graph = withText(HOSTILE.join(""));
    const read = JSON.parse(json(pictureOf(graph, "grouped")));
    expect(read.nodes).toEqual(graph.nodes);
    expect(read.edges[0]).toEqual(["run:a", "artifact:1"]);
    expect(read.groups.length).toBeGreaterThan(0);
  });

  it("Python opens the same picture", () => {
    const view = { level: "exploded", direction: "right", up: 2, down: -1 } as LineageView;
    expect(python('a"b\\c:v0', view)).toBe(
      'jupyter_artifacts.lineage("a\\"b\\\\c:v0", up=2, down=None, level="exploded")',
    );
    expect(python(null, { ...view, level: "grouped" })).toBe('jupyter_artifacts.lineage(level="grouped")');
    expect(python(null, { ...view, direction: "down" })).toBe(
      'jupyter_artifacts.lineage(level="exploded", direction="down")',
    );
  });
});
