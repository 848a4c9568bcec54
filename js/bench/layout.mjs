// Layouts beside ours: `npm install && node layout.mjs`. Prints seconds and crossings as a table.
//
// Every cell runs in a process of its own, three times unless that takes too long; the best time
// counts. Crossings are counted twice: of straight lines between the nodes' sides, the same for
// every library, and of the lines as the library leads them. 40 focus views (four hops up and down
// of a project of 1,000, 15 to 75 nodes) are summed up in one cell, as in the design study.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { crossings } from "./crossings.mjs";
import { LIBRARIES } from "./libraries.mjs";
import { load } from "./load.mjs";

const LIMIT_S = 60;
const CASES = ["30", "300", "1000", "focus", "clusters 300", "clusters 1000"];

/** The graphs of a case, as numbers of nodes and pairs of positions. */
async function graphsOf(name) {
  const { generate, slice, pictureOf } = await load();
  if (name === "focus") {
    const project = generate(1000);
    const views = project.nodes.map(({ id }) => slice(project, id, 4, 4));
    return views
      .filter((_, i) => i % 3 === 0)
      .filter(({ nodes }) => nodes.length >= 15 && nodes.length <= 75)
      .slice(0, 40)
      .map(({ nodes, edges }) => ({ count: nodes.length, edges }));
  }
  const [level, size] = name.startsWith("clusters ") ? ["clusters", name.slice(9)] : ["exploded", name];
  const { items, edges } = pictureOf(generate(Number(size)), level);
  return [{ count: items.length, edges }];
}

async function measure(library, name) {
  const graphs = await graphsOf(name);
  const draw = await LIBRARIES[library]();
  let seconds = Number.POSITIVE_INFINITY;
  let first = 0;
  let drawn = [];
  for (let run = 0; run < 3 && (run === 0 || first < 10); run++) {
    drawn = [];
    const start = performance.now();
    for (const { count, edges } of graphs) drawn.push(await draw(count, edges));
    const taken = (performance.now() - start) / 1000;
    if (run === 0) first = taken;
    seconds = Math.min(seconds, taken);
  }
  let straight = 0;
  let led = 0;
  graphs.forEach(({ edges }, i) => {
    const { boxes, lines } = drawn[i];
    straight += crossings(edges.map(([a, b]) => [boxes[a].right, boxes[a].y, boxes[b].left, boxes[b].y]));
    led += crossings(lines);
  });
  return { seconds, first, straight, led, nodes: graphs.reduce((sum, { count }) => sum + count, 0) };
}

function spawn(library, name) {
  const self = fileURLToPath(import.meta.url);
  const done = spawnSync(process.execPath, [self, "--one", library, name], {
    encoding: "utf8",
    timeout: LIMIT_S * 1000,
    maxBuffer: 1 << 26,
  });
  if (done.error?.code === "ETIMEDOUT") return null;
  if (done.status !== 0) throw new Error(`${library} on ${name}: ${done.stderr.slice(-2000)}`);
  return JSON.parse(done.stdout.trim().split("\n").at(-1));
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(rows[0]), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join(
    "\n",
  );
}

const digits = (seconds) => (seconds < 0.0995 ? seconds.toFixed(3) : seconds.toFixed(2));

async function main() {
  const wanted = process.argv.slice(2);
  const cases = wanted.length > 0 ? wanted : CASES;
  const names = Object.keys(LIBRARIES);
  const rows = [
    ["case", "library", "s", "s, first", "times ours", "straight", "of ours", "as led", "of ours"],
  ];
  for (const name of cases) {
    let ours = null;
    for (const library of names) {
      const found = spawn(library, name);
      if (library === "ours") ours = found;
      const ratio = (value, of) => (of > 0 ? (value / of).toFixed(2) : value === of ? "1.00" : "-");
      rows.push(
        found === null
          ? [name, library, `> ${LIMIT_S}`, "", "", "", "", "", ""]
          : [
              name,
              library,
              digits(found.seconds),
              digits(found.first),
              ratio(found.seconds, ours.seconds),
              String(found.straight),
              ratio(found.straight, ours.straight),
              String(found.led),
              ratio(found.led, ours.led),
            ],
      );
    }
  }
  process.stdout.write(`${table(rows)}\n`);
}

if (process.argv[2] === "--one") {
  process.stdout.write(`${JSON.stringify(await measure(process.argv[3], process.argv[4]))}\n`);
} else {
  await main();
}
