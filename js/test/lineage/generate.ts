// Made-up projects of any size: uploads, splits, fans of training runs, evaluations, champions.
// The draws come in the order of the design study's generator, so that numbers can be compared with it.

import type { Graph, GraphNode } from "../../src/shared/protocol.gen";

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Draft {
  kind: GraphNode["kind"];
  type: string;
  label: string;
}

class Project {
  readonly nodes: Draft[] = [];
  readonly edges: [number, number][] = [];
  readonly #counts = new Map<string, number>();

  /** Adds a run that used `inputs`. */
  run(type: string, number: number, inputs: readonly number[]): number {
    const at = this.#add({ kind: "run", type, label: `${type}-${number}` });
    for (const input of inputs) this.edges.push([input, at]);
    return at;
  }

  artifact(type: string, label: string): number {
    return this.#add({ kind: "artifact", type, label });
  }

  /** The next number of a series, from 0. */
  next(series: string): number {
    const number = this.#counts.get(series) ?? 0;
    this.#counts.set(series, number + 1);
    return number;
  }

  #add(node: Draft): number {
    this.nodes.push(node);
    return this.nodes.length - 1;
  }
}

/** A project of about `size` runs and versions; the same for the same size and seed. */
export function generate(size: number, seed = 7): Graph {
  const draw = mulberry(seed + size);
  const project = new Project();
  const models: number[] = [];
  const room = () => project.nodes.length < size - 2;
  let raw = -1;
  let champion = -1;
  while (project.nodes.length < size) {
    const round = project.next("round");
    const fresh = raw < 0 || draw() < 0.5;
    const source = project.run(fresh ? "upload" : "clean", round, fresh ? [] : [raw]);
    raw = project.artifact("dataset", `raw:v${round}`);
    project.edges.push([source, raw]);
    const split = project.run("preprocess", round, [raw]);
    const [train, validation, test] = ["train", "val", "test"].map((name) =>
      project.artifact("split", `${name}:v${round}`),
    ) as [number, number, number];
    for (const part of [train, validation, test]) project.edges.push([split, part]);

    const most = Math.ceil(size / 6);
    const fan = Math.max(2, Math.min(Math.round(-Math.log(1 - draw()) * 14), most));
    const made: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < fan && room(); i++) {
      const version = project.next("model");
      const run = project.run("train", version, [train]);
      if (draw() < 0.7) project.edges.push([validation, run]);
      if (models.length > 0 && draw() < 0.2) {
        project.edges.push([models[Math.floor(draw() ** 0.5 * models.length)] as number, run]);
      }
      const model = project.artifact("model", `model:v${version}`);
      project.edges.push([run, model]);
      made.push(model);
      if (draw() < 0.15) project.edges.push([run, project.artifact("checkpoint", `ckpt:v${version}`)]);
      if (draw() < 0.5 && room()) {
        const number = project.next("eval");
        const evaluation = project.run("eval", number, [model, test]);
        const metrics = project.artifact("metrics", `metrics:v${number}`);
        project.edges.push([evaluation, metrics]);
        scores.push(metrics);
      }
    }
    models.push(...made);
    if (scores.length > 1 && room()) {
      const number = project.next("select");
      const select = project.run("select", number, scores.slice(0, 6));
      if (champion >= 0) project.edges.push([champion, select]);
      champion = project.artifact("champion", `champion:v${number}`);
      project.edges.push([select, champion]);
    }
  }
  return finish(project);
}

function finish({ nodes, edges }: Project): Graph {
  const ids = { run: 0, artifact: 0 };
  return {
    nodes: nodes.map(({ kind, type, label }, i) => ({
      id: kind === "run" ? `run:${type}-${i}` : `artifact:${++ids.artifact}`,
      kind,
      type,
      label,
      state:
        kind === "artifact" ? "" : i % 37 === 11 ? "failed" : i === nodes.length - 2 ? "running" : "finished",
      aliases: kind === "artifact" && i % 19 === 7 ? ["best"] : [],
      stale:
        kind === "artifact" && i % 23 === 9 ? "raw:v9 is newer than the version that it was made from" : "",
      created: 1_790_000_000 + i * 600,
      size: kind === "artifact" ? 1000 + ((i * 7919) % 90_000_000) : 0,
      more_up: 0,
      more_down: 0,
    })),
    edges: edges.map((edge) => [...edge]),
    focus: null,
    up: -1,
    down: -1,
    level: "exploded",
    groups: [],
    total: nodes.length,
    revision: 1,
  };
}

/** The part of a graph within so many hops of a node, with what it leaves out counted (-1: all hops). */
export function slice(graph: Graph, focus: string, up: number, down: number): Graph {
  const centre = graph.nodes.findIndex(({ id }) => id === focus);
  const inputs: number[][] = graph.nodes.map(() => []);
  const outputs: number[][] = graph.nodes.map(() => []);
  for (const [from, to] of graph.edges as [number, number][]) {
    outputs[from]?.push(to);
    inputs[to]?.push(from);
  }
  const kept = new Set([centre]);
  for (const [beside, most] of [
    [inputs, up],
    [outputs, down],
  ] as const) {
    let front = [centre];
    const seen = new Set(front);
    for (let hop = 0; front.length > 0 && (most < 0 || hop < most); hop++) {
      front = front.flatMap((v) => beside[v] ?? []).filter((v) => !seen.has(v) && seen.add(v));
      for (const v of front) kept.add(v);
    }
  }
  const members = [...kept].sort((a, b) => a - b);
  const place = new Map(members.map((v, i) => [v, i]));
  const hidden = (beside: number[]) => new Set(beside.filter((v) => !kept.has(v))).size;
  return {
    ...graph,
    nodes: members.map((v) => ({
      ...(graph.nodes[v] as GraphNode),
      more_up: hidden(inputs[v] ?? []),
      more_down: hidden(outputs[v] ?? []),
    })),
    edges: graph.edges
      .filter(([from, to]) => place.has(from as number) && place.has(to as number))
      .map((edge) => edge.map((v) => place.get(v) as number)),
    focus,
    up,
    down,
  };
}
