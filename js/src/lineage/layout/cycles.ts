import { adjacency, degree, type Edge } from "./graph";

/**
 * Mark the edges to turn round so that none of the rest closes a circle.
 *
 * A depth-first walk from the nodes without inputs; an edge back to a node on the
 * way is turned. Grouped lineage needs it: model, train, model.
 */
export function backEdges(count: number, edges: readonly Edge[]): Uint8Array {
  const start = new Int32Array(count + 1);
  for (const [from] of edges) start[from + 1]! += 1;
  for (let v = 0; v < count; v++) start[v + 1]! += start[v]!;
  const next = start.slice();
  const out = new Int32Array(edges.length);
  edges.forEach(([from], i) => {
    out[next[from]!++] = i;
  });
  const { inputs } = adjacency(count, edges);
  const back = new Uint8Array(edges.length);
  const state = new Uint8Array(count);
  const at = start.slice(0, count);
  const stack: number[] = [];
  const walk = (root: number) => {
    stack.push(root);
    state[root] = ON_PATH;
    while (stack.length > 0) {
      const v = stack[stack.length - 1]!;
      if (at[v]! === start[v + 1]!) {
        state[v] = DONE;
        stack.pop();
        continue;
      }
      const edge = out[at[v]!++]!;
      const to = edges[edge]![1];
      if (state[to] === ON_PATH) back[edge] = 1;
      else if (state[to] === NEW) {
        state[to] = ON_PATH;
        stack.push(to);
      }
    }
  };
  for (let v = 0; v < count; v++) if (state[v] === NEW && degree(inputs, v) === 0) walk(v);
  for (let v = 0; v < count; v++) if (state[v] === NEW) walk(v);
  return back;
}

const NEW = 0;
const ON_PATH = 1;
const DONE = 2;
