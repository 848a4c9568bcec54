import { describe, expect, it, vi } from "vitest";
import { type LoadedPage, Pages } from "../../src/shared/pages";

interface Call {
  offset: number;
  limit: number;
  signal: AbortSignal;
  answer(total?: number, revision?: number): Promise<void>;
  fail(error: Error): Promise<void>;
}

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** Pages of the numbers from 0 on, whose fetches are answered by hand. */
function make(options = { size: 10, keep: 3 }) {
  const calls: Call[] = [];
  const pages = new Pages<number>(
    (offset, limit, signal) =>
      new Promise<LoadedPage<number>>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        calls.push({
          offset,
          limit,
          signal,
          answer: async (total = 95, revision = 1) => {
            resolve({ rows: numbers(offset, Math.min(total, offset + limit)), offset, total, revision });
            await settled();
          },
          fail: async (error) => {
            reject(error);
            await settled();
          },
        });
      }),
    options,
  );
  return { pages, calls };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe("Pages", () => {
  it("reads without fetching", () => {
    const { pages, calls } = make();
    expect(pages.get(5)).toBeUndefined();
    expect(calls).toHaveLength(0);
    expect(pages.known).toBe(false);
  });

  it("fetches what is missing of a range, once", async () => {
    const { pages, calls } = make();
    const done = pages.ensure(5, 25);
    void pages.ensure(5, 25);
    expect(calls.map((call) => call.offset)).toEqual([0, 10, 20]);
    await Promise.all(calls.map((call) => call.answer()));
    await done;
    expect([pages.get(5), pages.get(24), pages.total]).toEqual([5, 24, 95]);
    await pages.ensure(0, 30);
    expect(calls).toHaveLength(3);
  });

  it("asks for nothing past the end", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 10);
    await calls[0]?.answer(12);
    void pages.ensure(5, 40);
    expect(calls.map((call) => call.offset)).toEqual([0, 10]);
    await calls[1]?.answer(12);
    expect(pages.get(11)).toBe(11);
    expect(pages.get(12)).toBeUndefined();
  });

  it("asks for the first page when it knows of no rows", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 0);
    await calls[0]?.answer(0);
    expect([calls.length, pages.known, pages.total]).toEqual([1, true, 0]);
  });

  it("takes back fetches that are out of range, and can ask for them again", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 10);
    void pages.ensure(50, 60);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(calls[1]?.signal.aborted).toBe(false);
    void pages.ensure(0, 10);
    expect(calls).toHaveLength(3);
    await calls[2]?.answer();
    expect(pages.get(3)).toBe(3);
    expect(pages.error).toBeNull();
  });

  it("forgets the least recently read pages", async () => {
    const { pages, calls } = make();
    for (const offset of [0, 10, 20]) {
      void pages.ensure(offset, offset + 10);
      await calls.at(-1)?.answer();
    }
    expect(pages.get(0)).toBe(0); // read: now the newest
    void pages.ensure(30, 40);
    await calls.at(-1)?.answer();
    expect([pages.get(0), pages.get(10), pages.get(20), pages.get(30)]).toEqual([0, undefined, 20, 30]);
  });

  it("keeps showing stale rows after a refresh, and fetches them again", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 10);
    await calls[0]?.answer();
    const before = pages.generation;
    pages.refresh();
    expect(pages.get(3)).toBe(3);
    expect(pages.generation).toBeGreaterThan(before);
    void pages.ensure(0, 10);
    expect(calls).toHaveLength(2);
  });

  it("does not mix rows of two revisions", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 20);
    await calls[0]?.answer(95, 1);
    await calls[1]?.answer(96, 2);
    expect(pages.revision).toBe(2);
    void pages.ensure(0, 20);
    expect(calls.map((call) => call.offset)).toEqual([0, 10, 0]);
  });

  it("ignores answers from before a refresh", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 10);
    pages.refresh();
    expect(calls[0]?.signal.aborted).toBe(true);
    await settled();
    expect([pages.error, pages.known]).toEqual([null, false]);
  });

  it("tells subscribers of rows and of failures, never by a rejection", async () => {
    const { pages, calls } = make();
    const heard = vi.fn();
    const stop = pages.subscribe(heard);
    const done = pages.ensure(0, 10);
    await calls[0]?.fail(new Error("corrupt"));
    await done;
    expect(pages.error?.message).toBe("corrupt");
    expect(heard).toHaveBeenCalledTimes(1);
    // A failure rests a moment.
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 5000);
    void pages.ensure(0, 10);
    await calls[1]?.answer();
    expect(pages.error).toBeNull();
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    pages.refresh();
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it("takes a snapshot: whole pages are fresh, a part of one is fetched", () => {
    const { pages, calls } = make();
    pages.seed({ rows: numbers(0, 15), offset: 0, total: 95 });
    expect([pages.get(9), pages.get(14), pages.get(15), pages.total]).toEqual([9, 14, undefined, 95]);
    void pages.ensure(0, 20);
    expect(calls.map((call) => call.offset)).toEqual([10]);
  });

  it("takes the snapshot of an empty or a short list as complete", () => {
    const empty = make();
    empty.pages.seed({ rows: [], offset: 0, total: 0 });
    expect([empty.pages.known, empty.pages.total]).toEqual([true, 0]);
    const short = make();
    short.pages.seed({ rows: [0, 1], offset: 0, total: 2 });
    void short.pages.ensure(0, 2);
    expect(short.calls).toHaveLength(0);
  });

  it("shows another list's rows until its own are here", async () => {
    const [old, { pages, calls }] = [make(), make()];
    old.pages.seed({ rows: numbers(0, 20), offset: 0, total: 95 });
    pages.adopt(old.pages);
    expect([pages.get(3), pages.get(13), pages.total, pages.known]).toEqual([3, 13, 95, true]);
    void pages.ensure(0, 10);
    await calls[0]?.answer(80);
    expect([pages.get(3), pages.get(13), pages.total]).toEqual([3, undefined, 80]);
  });

  it("lists the rows that are here with their places", async () => {
    const { pages, calls } = make();
    void pages.ensure(90, 95);
    await calls[0]?.answer();
    expect([...pages.here()]).toEqual([90, 91, 92, 93, 94].map((n) => [n, n]));
  });

  it("takes everything back when closed", async () => {
    const { pages, calls } = make();
    void pages.ensure(0, 30);
    pages.close();
    expect(calls.every((call) => call.signal.aborted)).toBe(true);
    await settled();
    expect(pages.loading).toBe(false);
  });
});

it("rests after a failure: whoever asks at every drawing does not ask for ever", async () => {
  let asked = 0;
  const pages = new Pages<number>(() => {
    asked++;
    return Promise.reject(new Error("nobody there"));
  });
  pages.subscribe(() => void pages.ensure(0, 10));
  await pages.ensure(0, 10);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(asked).toBe(1);
  pages.refresh();
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(asked).toBe(2);
});
