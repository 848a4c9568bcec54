import type { Edge } from "./graph";

/**
 * Shorten the edges of a layered, connected graph as far as possible, in place.
 *
 * Network simplex on the layers (Gansner, Koutsofios, North and Vo, 1993): keep a
 * spanning tree of edges of length 1; a tree edge whose cut value is negative
 * leaves it for the shortest edge that crosses the cut the other way.
 */
export function tighten(count: number, edges: readonly Edge[], layer: Int32Array): void {
  if (count < 3 || edges.length < 2) return;
  const tree = new Tree(count, edges, layer);
  // A bound, so that a degenerate graph ends: in practice count / 3 pivots are made.
  for (let pivots = 0; pivots < 20 * count; pivots++) {
    const leaving = tree.leaving();
    if (leaving < 0) return;
    tree.exchange(leaving, tree.entering(leaving));
  }
}

class Tree {
  readonly #tail: Int32Array;
  readonly #head: Int32Array;
  readonly #layer: Int32Array;
  /** Edges at each node, all of them. */
  readonly #incident: number[][];
  /** Tree edges at each node. */
  readonly #branches: number[][];
  readonly #inTree: Uint8Array;
  readonly #cut: Int32Array;
  /** The tree edge to the parent, -1 at the root. */
  readonly #up: Int32Array;
  /** Post-order number of a node, and the smallest one in its subtree. */
  readonly #lim: Int32Array;
  readonly #low: Int32Array;
  readonly #byLim: Int32Array;
  #treeEdges: number[] = [];
  #cursor = 0;

  constructor(count: number, edges: readonly Edge[], layer: Int32Array) {
    this.#tail = Int32Array.from(edges, (edge) => edge[0]);
    this.#head = Int32Array.from(edges, (edge) => edge[1]);
    this.#layer = layer;
    this.#incident = Array.from({ length: count }, () => []);
    this.#branches = Array.from({ length: count }, () => []);
    this.#inTree = new Uint8Array(edges.length);
    this.#cut = new Int32Array(edges.length);
    this.#up = new Int32Array(count).fill(-1);
    this.#lim = new Int32Array(count);
    this.#low = new Int32Array(count);
    this.#byLim = new Int32Array(count + 1);
    for (let i = 0; i < edges.length; i++) {
      this.#incident[this.#tail[i]!]!.push(i);
      this.#incident[this.#head[i]!]!.push(i);
    }
    this.#grow(count);
    this.#number(0, -1, 1);
    this.#initialCuts(count);
  }

  #slack(edge: number): number {
    return this.#layer[this.#head[edge]!]! - this.#layer[this.#tail[edge]!]! - 1;
  }

  /** Grow a tree of tight edges from node 0, pulling the nearest node in where none is tight. */
  #grow(count: number): void {
    const inside = new Uint8Array(count);
    const members: number[] = [];
    let fringe: number[] = [];
    const take = (v: number) => {
      const stack = [v];
      inside[v] = 1;
      members.push(v);
      while (stack.length > 0) {
        const u = stack.pop()!;
        for (const edge of this.#incident[u]!) {
          const w = this.#other(edge, u);
          if (inside[w]) continue;
          if (this.#slack(edge) !== 0) {
            fringe.push(edge);
            continue;
          }
          this.#join(edge);
          inside[w] = 1;
          members.push(w);
          stack.push(w);
        }
      }
    };
    take(0);
    while (members.length < count) {
      let nearest = -1;
      let best = Number.POSITIVE_INFINITY;
      fringe = fringe.filter((edge) => {
        if (inside[this.#tail[edge]!] && inside[this.#head[edge]!]) return false;
        const slack = this.#slack(edge);
        if (slack < best) {
          best = slack;
          nearest = edge;
        }
        return true;
      });
      const a = this.#tail[nearest]!;
      const b = this.#head[nearest]!;
      const shift = inside[a] ? best : -best;
      for (const v of members) this.#layer[v]! += shift;
      this.#join(nearest);
      take(inside[a] ? b : a);
    }
  }

  #join(edge: number): void {
    this.#inTree[edge] = 1;
    this.#branches[this.#tail[edge]!]!.push(edge);
    this.#branches[this.#head[edge]!]!.push(edge);
    this.#treeEdges.push(edge);
  }

  #other(edge: number, v: number): number {
    const tail = this.#tail[edge]!;
    return tail === v ? this.#head[edge]! : tail;
  }

  /** Number the subtree of `root` in post-order from `first` on. */
  #number(root: number, up: number, first: number): void {
    let lim = first;
    const stack = [root];
    const next = [0];
    this.#up[root] = up;
    this.#low[root] = lim;
    while (stack.length > 0) {
      const v = stack[stack.length - 1]!;
      const edge = this.#branches[v]![next[next.length - 1]!++];
      if (edge === undefined) {
        this.#byLim[lim] = v;
        this.#lim[v] = lim++;
        stack.pop();
        next.pop();
      } else if (edge !== this.#up[v]) {
        const child = this.#other(edge, v);
        this.#up[child] = edge;
        this.#low[child] = lim;
        stack.push(child);
        next.push(0);
      }
    }
  }

  /** Cut values from the leaves up: each follows from those below it. */
  #initialCuts(count: number): void {
    for (let lim = 1; lim < count; lim++) {
      const v = this.#byLim[lim]!;
      const up = this.#up[v]!;
      const vIsTail = this.#tail[up] === v;
      let cut = 0;
      for (const edge of this.#incident[v]!) {
        const outward = (this.#tail[edge] === v) === vIsTail;
        if (edge === up || !this.#inTree[edge]) cut += outward ? 1 : -1;
        else cut += outward ? 1 - this.#cut[edge]! : this.#cut[edge]! - 1;
      }
      this.#cut[up] = cut;
    }
  }

  /** The next tree edge with a negative cut value, or -1; the search goes round where it stopped. */
  leaving(): number {
    const edges = this.#treeEdges;
    let found = -1;
    let worst = 0;
    let candidates = 0;
    for (let k = 0; k < edges.length; k++) {
      const at = (this.#cursor + k) % edges.length;
      const edge = edges[at]!;
      if (this.#cut[edge]! >= 0) continue;
      if (this.#cut[edge]! < worst) {
        worst = this.#cut[edge]!;
        found = edge;
      }
      if (++candidates === SEARCH) {
        this.#cursor = at + 1;
        break;
      }
    }
    return found;
  }

  /** The end of a tree edge that is further from the root. */
  #below(edge: number): number {
    const tail = this.#tail[edge]!;
    const head = this.#head[edge]!;
    return this.#lim[tail]! < this.#lim[head]! ? tail : head;
  }

  /** The shortest edge that would hold the tree together without `leaving`. */
  entering(leaving: number): number {
    const below = this.#below(leaving);
    const outwards = below === this.#head[leaving];
    const low = this.#low[below]!;
    const lim = this.#lim[below]!;
    let found = -1;
    let best = Number.POSITIVE_INFINITY;
    for (let k = low; k <= lim; k++) {
      const v = this.#byLim[k]!;
      for (const edge of this.#incident[v]!) {
        if ((this.#tail[edge] === v) !== outwards) continue;
        const other = this.#lim[this.#other(edge, v)]!;
        if (other >= low && other <= lim) continue;
        const slack = this.#slack(edge);
        if (slack < best) {
          best = slack;
          found = edge;
        }
      }
    }
    return found;
  }

  exchange(leaving: number, entering: number): void {
    const below = this.#below(leaving);
    const shift = below === this.#tail[leaving] ? -this.#slack(entering) : this.#slack(entering);
    if (shift !== 0) {
      for (let k = this.#low[below]!; k <= this.#lim[below]!; k++) this.#layer[this.#byLim[k]!]! += shift;
    }
    const cut = this.#cut[leaving]!;
    const a = this.#tail[entering]!;
    const b = this.#head[entering]!;
    const meet = this.#passCut(a, b, cut, true);
    this.#passCut(b, a, cut, false);
    this.#cut[entering] = -cut;
    this.#cut[leaving] = 0;
    this.#swap(leaving, entering);
    this.#number(meet, this.#up[meet]!, this.#low[meet]!);
  }

  /** Climb from `from` until `to` is below, adding to the cut values on the way. */
  #passCut(from: number, to: number, cut: number, forward: boolean): number {
    let v = from;
    const target = this.#lim[to]!;
    while (target < this.#low[v]! || target > this.#lim[v]!) {
      const edge = this.#up[v]!;
      const along = (this.#tail[edge] === v) === forward;
      this.#cut[edge]! += along ? cut : -cut;
      v = this.#other(edge, v);
    }
    return v;
  }

  #swap(leaving: number, entering: number): void {
    this.#inTree[leaving] = 0;
    this.#inTree[entering] = 1;
    this.#treeEdges[this.#treeEdges.indexOf(leaving)] = entering;
    for (const v of [this.#tail[leaving]!, this.#head[leaving]!]) {
      this.#branches[v]!.splice(this.#branches[v]!.indexOf(leaving), 1);
    }
    this.#branches[this.#tail[entering]!]!.push(entering);
    this.#branches[this.#head[entering]!]!.push(entering);
  }
}

/** How many negative cut values to look at before taking the worst of them. */
const SEARCH = 30;
