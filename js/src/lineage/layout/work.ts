/** Work that may be interrupted wherever it yields. */
export type Work<T> = Generator<undefined, T, undefined>;

/** Do it in one go. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
