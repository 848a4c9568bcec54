// Rows that lie in the kernel, page by page: reading never fetches, fetching never returns rows,
// and subscribers hear of what came.

/** A page as a loader returns it. `offset` may differ from what was asked when the store shrank. */
export interface LoadedPage<Row> {
  rows: readonly Row[];
  offset: number;
  total: number;
  revision?: number;
}

/** Fetches rows `offset` to `offset + limit` (exclusive) of what `key` names. */
export type Loader<Row> = (offset: number, limit: number, signal: AbortSignal) => Promise<LoadedPage<Row>>;

export interface PagesOptions {
  /** Rows a page; 100 if not given. */
  size?: number;
  /** Pages kept; the least recently read go first. 60 if not given. */
  keep?: number;
}

interface Page<Row> {
  rows: readonly Row[];
  /** False after `refresh`: still shown, fetched again when next wanted. */
  fresh: boolean;
}

const REST_MS = 1000;

export class Pages<Row> {
  /** Rows in all; 0 until something is known. */
  total = 0;
  /** Whether `total` is known. */
  known = false;
  /** Of the newest page, where the loader tells it. */
  revision = -1;
  /** Whether what is shown is another list's (see `adopt`). */
  borrowed = false;
  /** Counts up when what is here went out of date: whoever shows it calls `ensure` again. */
  generation = 0;
  /** Why the last fetch failed, or null. */
  error: Error | null = null;

  readonly size: number;
  readonly #keep: number;
  readonly #pages = new Map<number, Page<Row>>();
  readonly #loading = new Map<number, { controller: AbortController; done: Promise<void> }>();
  /** When pages failed. Whoever draws asks at every drawing; a failure that came at once would be asked for ever. */
  readonly #failed = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  readonly #load: Loader<Row>;
  #epoch = 0;

  constructor(load: Loader<Row>, options: PagesOptions = {}) {
    this.#load = load;
    this.size = options.size ?? 100;
    this.#keep = options.keep ?? 60;
  }

  /** The row, or undefined while it is not here. Never fetches. */
  get(index: number): Row | undefined {
    const number = Math.floor(index / this.size);
    const page = this.#pages.get(number);
    if (page === undefined) return undefined;
    this.#pages.delete(number);
    this.#pages.set(number, page);
    return page.rows[index - number * this.size];
  }

  /**
   * Fetches what is missing of rows `from` to `to` (exclusive) and resolves when it is here.
   * Pages in flight that are outside of the range are taken back. Failures end in `error`, never here.
   */
  async ensure(from: number, to: number): Promise<void> {
    const first = Math.max(0, Math.floor(from / this.size));
    const end = Math.max(1, this.known ? Math.min(to, this.total) : to);
    const last = Math.floor((end - 1) / this.size);
    for (const [number, flight] of this.#loading) {
      if (number >= first && number <= last) continue;
      this.#loading.delete(number);
      flight.controller.abort();
    }
    const waits: Promise<void>[] = [];
    for (let number = first; number <= last; number++) {
      if (this.#pages.get(number)?.fresh) continue;
      if (performance.now() - (this.#failed.get(number) ?? -Infinity) < REST_MS) continue;
      waits.push(this.#loading.get(number)?.done ?? this.#fetch(number));
    }
    await Promise.all(waits);
  }

  /** Puts rows in that came another way (a snapshot), from a page's start on. */
  seed({ rows, offset, total, revision }: LoadedPage<Row>): void {
    this.#learn(total, revision);
    for (let at = 0; at < rows.length; at += this.size) {
      const some = rows.slice(at, at + this.size);
      const whole = some.length === this.size || offset + at + some.length >= total;
      this.#put((offset + at) / this.size, { rows: some, fresh: whole });
    }
    this.#emit();
  }

  /** Shows what another list shows until its own rows are here. */
  adopt(other: Pages<Row>): void {
    for (const [number, page] of other.#pages) this.#pages.set(number, { rows: page.rows, fresh: false });
    this.total = other.total;
    this.known = other.known;
    this.borrowed = true;
  }

  /** Keeps showing what is here and fetches it again when it is next wanted. */
  refresh(): void {
    this.#forget();
    this.#failed.clear();
    this.#outdate();
    this.error = null;
    this.#emit();
  }

  /** Calls back after rows came, went or failed. Returns how to stop it. */
  subscribe(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Every row that is here, with its place; not in order. */
  *here(): Generator<[index: number, row: Row]> {
    for (const [number, page] of this.#pages) {
      for (const [at, row] of page.rows.entries()) yield [number * this.size + at, row];
    }
  }

  /** Whether something is being fetched. */
  get loading(): boolean {
    return this.#loading.size > 0;
  }

  /** Takes back what is in flight and listens no more. */
  close(): void {
    this.#forget();
    this.#listeners.clear();
  }

  #fetch(number: number): Promise<void> {
    const controller = new AbortController();
    const epoch = this.#epoch;
    const mine = () => epoch === this.#epoch && this.#loading.get(number)?.controller === controller;
    const done = this.#load(number * this.size, this.size, controller.signal).then(
      (page) => {
        if (!mine()) return;
        this.#loading.delete(number);
        const older = this.revision;
        this.#learn(page.total, page.revision);
        // Rows of two revisions do not fit together: what is older is fetched again when wanted.
        if (older >= 0 && this.revision !== older)
          for (const other of this.#pages.values()) other.fresh = false;
        if (this.borrowed) this.#pages.clear();
        this.borrowed = false;
        const skip = number * this.size - page.offset;
        this.#put(number, { rows: skip > 0 ? page.rows.slice(skip) : page.rows, fresh: true });
        this.error = null;
        this.#emit();
      },
      (error: unknown) => {
        if (!mine()) return;
        this.#loading.delete(number);
        this.#failed.set(number, performance.now());
        this.error = error instanceof Error ? error : new Error(String(error));
        this.#emit();
      },
    );
    this.#loading.set(number, { controller, done });
    return done;
  }

  #learn(total: number, revision = this.revision): void {
    this.total = total;
    this.known = true;
    this.revision = revision;
  }

  #outdate(): void {
    this.generation++;
    for (const page of this.#pages.values()) page.fresh = false;
  }

  #put(number: number, page: Page<Row>): void {
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= this.#keep) break;
      this.#pages.delete(old);
    }
  }

  #forget(): void {
    this.#epoch++;
    for (const flight of this.#loading.values()) flight.controller.abort();
    this.#loading.clear();
  }

  #emit(): void {
    for (const callback of [...this.#listeners]) callback();
  }
}
