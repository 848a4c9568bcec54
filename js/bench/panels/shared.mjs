// What the contenders share: the data, a kernel that answers after 4 ms, and how our panels are drawn.
import { FakeModel } from "../../dev/fake-model";
import { layout } from "../../src/lineage/layout";
import { pictureOf } from "../../src/lineage/levels";
import { generate } from "../../test/lineage/generate";

export const DELAY = 4;
export const SCALE = 0.4;
export const COLUMNS = [
  "name",
  "version",
  "type",
  "alias",
  "job",
  "state",
  "files",
  "size",
  "acc",
  "loss",
  "lr",
  "epochs",
];

/** Two frames: what was asked to be drawn by then is on the screen. */
export const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

export async function until(look) {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise(requestAnimationFrame);
  }
}

/** A made-up project with the places that our own layout gives it. */
export function graph(size) {
  const project = generate(size);
  const { items, edges } = pictureOf(project, "exploded");
  const { x, y } = layout(items.length, edges);
  // All are looked at in the middle, where most boxes are.
  const middle = (all) => (Math.min(...all) + Math.max(...all)) / 2;
  const centre = { x: 500 - middle(x) * SCALE, y: 215 - middle(y) * SCALE };
  return {
    project,
    edges,
    centre,
    nodes: items.map(({ label, kind }, i) => ({ label, kind, x: x[i], y: y[i] })),
  };
}

export function cell(row, column) {
  return column === 0 ? `artifact-${row}` : `${COLUMNS[column]} ${(row * (column + 7)) % 1000}`;
}

/** Rows of a page, some time later. */
export function page(from, to) {
  const rows = [];
  for (let row = from; row < to; row++) {
    const made = {};
    COLUMNS.forEach((name, column) => {
      made[name] = cell(row, column);
    });
    rows.push(made);
  }
  return new Promise((done) => setTimeout(() => done(rows), DELAY));
}

export async function draw(make, kind, scene, root) {
  const model = new FakeModel(kind, scene);
  const widget = make();
  const { signal } = new AbortController();
  await widget.initialize({ model, signal });
  await widget.render({ model, el: root, signal });
}
