// Small pictures come many to a sheet. This keeps the sheets that are here and tells where a tile lies on one.

import { askPicture, pngBlob } from "../shared/pictures";
import { type ExamplesSnapshot, TILES_PER_PAGE } from "../shared/protocol.gen";
import { type Rpc, RpcError } from "../shared/rpc";

/** A tile on its sheet, as CSS wants it. */
export interface Spot {
  url: string;
  size: string;
  position: string;
}

interface Sheet {
  url: string;
  columns: number;
  rows: number;
  /** Tiles that it holds; the first sheet of a snapshot may hold fewer than a whole page. */
  count: number;
}

const KEEP = 24;

export class Sheets {
  readonly #sheets = new Map<number, Sheet>();
  readonly #loading = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  readonly #columns: number;
  #closed = false;

  constructor(
    readonly rpc: Rpc,
    snapshot: ExamplesSnapshot,
  ) {
    this.#columns = Math.max(1, snapshot.columns);
    const blob = snapshot.tiles === "" ? null : pngBlob(snapshot.tiles);
    const last = Math.max(-1, ...snapshot.page.items.map((item) => item.tile));
    if (blob && last >= 0) this.#put(0, blob, this.#columns, Math.min(last + 1, TILES_PER_PAGE));
  }

  /** Where a tile is, or null while its sheet is not here. Never fetches. */
  spot(tile: number): Spot | null {
    const page = Math.floor(tile / TILES_PER_PAGE);
    const sheet = this.#sheets.get(page);
    const at = tile - page * TILES_PER_PAGE;
    if (sheet === undefined || at >= sheet.count) return null;
    const column = at % sheet.columns;
    const row = Math.floor(at / sheet.columns);
    return {
      url: sheet.url,
      size: `${sheet.columns * 100}% ${sheet.rows * 100}%`,
      position: `${percent(column, sheet.columns)}% ${percent(row, sheet.rows)}%`,
    };
  }

  /** Fetches the sheets of these tiles that are not here. */
  ensure(tiles: Iterable<number>): void {
    for (const tile of tiles) {
      const page = Math.floor(tile / TILES_PER_PAGE);
      if (this.spot(tile) || this.#loading.has(page) || this.#failed.has(page)) continue;
      this.#fetch(page);
    }
  }

  /** Whether a tile's sheet could not be had. */
  missing(tile: number): boolean {
    return this.#failed.has(Math.floor(tile / TILES_PER_PAGE));
  }

  /** Asks again for what failed. */
  retry(): void {
    this.#failed.clear();
    this.#emit();
  }

  subscribe(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Gives the pictures' memory back. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#loading.values()) controller.abort();
    for (const sheet of this.#sheets.values()) URL.revokeObjectURL(sheet.url);
    this.#sheets.clear();
    this.#listeners.clear();
  }

  #fetch(page: number): void {
    const controller = new AbortController();
    this.#loading.set(page, controller);
    askPicture(this.rpc, "tiles.page", { page }, { signal: controller.signal })
      .then(
        ({ result, blob }) => {
          if (!this.#closed) this.#put(page, blob, Math.max(1, result.columns), result.count);
        },
        (error: unknown) => {
          if (!(error instanceof RpcError && error.code === "cancelled")) this.#failed.add(page);
        },
      )
      .finally(() => {
        this.#loading.delete(page);
        this.#emit();
      });
  }

  #put(page: number, blob: Blob, columns: number, count: number): void {
    const before = this.#sheets.get(page);
    if (before) URL.revokeObjectURL(before.url);
    this.#sheets.delete(page);
    this.#sheets.set(page, {
      url: URL.createObjectURL(blob),
      columns,
      rows: Math.max(1, Math.ceil(count / columns)),
      count,
    });
    for (const [old, sheet] of this.#sheets) {
      if (this.#sheets.size <= KEEP) break;
      URL.revokeObjectURL(sheet.url);
      this.#sheets.delete(old);
    }
  }

  #emit(): void {
    for (const callback of [...this.#listeners]) callback();
  }
}

// CSS places a background so that 100% is flush with the far side.
function percent(place: number, places: number): number {
  return places > 1 ? (place / (places - 1)) * 100 : 0;
}
