// Which of very many rows are to be seen. Browsers stop laying out at about 17 to 33 million pixels, so a
// long list scrolls on a shorter track: small steps move by pixels, jumps by proportion. Pure.

/** The longest track, in CSS pixels; under the limit of every browser. */
export const MAX_TRACK = 8_000_000;

export interface RowWindow {
  /** The first row to draw. */
  first: number;
  /** The row after the last one. */
  end: number;
  /** Where the first row's top is, against the top of the view; in pixels, at most 0. */
  shift: number;
}

export class Scroller {
  /** Rows in all. */
  rows = 0;
  /** Height of the view in pixels, without the header. */
  view = 0;
  /** What is scrolled past, in pixels of the rows. */
  top = 0;
  #real = 0;

  constructor(readonly rowHeight: number) {}

  /** Height of the element that is scrolled. */
  get track(): number {
    return Math.min(this.rows * this.rowHeight, MAX_TRACK);
  }

  get #last(): number {
    return Math.max(0, this.rows * this.rowHeight - this.view);
  }

  get #lastReal(): number {
    return Math.max(0, this.track - this.view);
  }

  /** Takes the element's scrollTop after it was scrolled. */
  scrolled(scrollTop: number): void {
    const step = scrollTop - this.#real;
    this.#real = scrollTop;
    if (this.#last <= this.#lastReal) this.top = scrollTop;
    else if (scrollTop <= 0) this.top = 0;
    else if (scrollTop >= this.#lastReal - 1) this.top = this.#last;
    else if (Math.abs(step) < this.view * 2) this.top += step;
    else this.top = (scrollTop / this.#lastReal) * this.#last;
    this.#clamp();
  }

  /** The scrollTop that fits to `top`; whoever sets it calls this. */
  settle(): number {
    this.#clamp();
    this.#real =
      this.#last <= this.#lastReal
        ? this.top
        : Math.round((this.top / Math.max(1, this.#last)) * this.#lastReal);
    return this.#real;
  }

  /** Moves so far that a row is wholly in view. Tells whether it moved. */
  reveal(row: number): boolean {
    const before = this.top;
    const start = row * this.rowHeight;
    if (start < this.top) this.top = start;
    else if (start + this.rowHeight > this.top + this.view) this.top = start + this.rowHeight - this.view;
    this.#clamp();
    return this.top !== before;
  }

  /** The rows in view and `overscan` more at either end. */
  window(overscan = 2): RowWindow {
    this.#clamp();
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - overscan);
    const end = Math.min(this.rows, Math.ceil((this.top + this.view) / this.rowHeight) + overscan);
    return { first, end, shift: first * this.rowHeight - this.top };
  }

  #clamp(): void {
    this.top = Math.max(0, Math.min(this.top, this.#last));
  }
}
