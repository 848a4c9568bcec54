// Small pictures come many to a sheet. This keeps the sheets that are here and tells where a tile lies on one.

import { askPicture, pngBlob } from "../shared/pictures";
import { type ExamplesSnapshot, MAX_TILES } from "../shared/protocol.gen";
import { isCancelled, type Rpc } from "../shared/rpc";

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
  tiles: readonly number[];
}

const KEEP = 60;

export class Sheets {
  readonly #sheets = new Set<Sheet>();
  /** The sheet of each tile that is here, and its place there. */
  readonly #places = new Map<number, [sheet: Sheet, at: number]>();
  readonly #asked = new Set<number>();
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  readonly #life = new AbortController();

  constructor(
    readonly rpc: Rpc,
    snapshot: ExamplesSnapshot,
  ) {
    const blob = snapshot.tiles === "" ? null : pngBlob(snapshot.tiles);
    const first = snapshot.page.items.slice(0, snapshot.shown).map(({ tile }) => tile);
    if (blob && first.length > 0) this.#put(first, blob, snapshot.columns);
  }

  /** Where a tile is, or null while its sheet is not here. Never fetches. */
  spot(tile: number): Spot | null {
    const place = this.#places.get(tile);
    if (place === undefined) return null;
    const [{ url, columns, rows }, at] = place;
    return {
      url,
      size: `${columns * 100}% ${rows * 100}%`,
      position: `${percent(at % columns, columns)}% ${percent(Math.floor(at / columns), rows)}%`,
    };
  }

  /** Fetches those of these tiles that are not here. */
  ensure(tiles: Iterable<number>): void {
    const lacking = [...tiles].filter(
      (tile) => !this.#places.has(tile) && !this.#asked.has(tile) && !this.#failed.has(tile),
    );
    for (let from = 0; from < lacking.length; from += MAX_TILES)
      this.#fetch(lacking.slice(from, from + MAX_TILES));
  }

  /** Whether a tile's sheet could not be had. */
  missing(tile: number): boolean {
    return this.#failed.has(tile);
  }

  subscribe(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Gives the pictures' memory back. */
  close(): void {
    this.#life.abort();
    for (const { url } of this.#sheets) URL.revokeObjectURL(url);
    this.#sheets.clear();
    this.#places.clear();
    this.#listeners.clear();
  }

  #fetch(tiles: readonly number[]): void {
    const { signal } = this.#life;
    for (const tile of tiles) this.#asked.add(tile);
    askPicture(this.rpc, "tiles.page", { tiles: [...tiles] }, { signal })
      .then(
        ({ result, blob }) => {
          if (!signal.aborted) this.#put(tiles, blob, result.columns);
        },
        (error: unknown) => {
          if (!isCancelled(error)) for (const tile of tiles) this.#failed.add(tile);
        },
      )
      .finally(() => {
        for (const tile of tiles) this.#asked.delete(tile);
        for (const callback of [...this.#listeners]) callback();
      });
  }

  #put(tiles: readonly number[], blob: Blob, columns: number): void {
    const wide = Math.max(1, columns);
    const rows = Math.max(1, Math.ceil(tiles.length / wide));
    const sheet: Sheet = { url: URL.createObjectURL(blob), columns: wide, rows, tiles };
    this.#sheets.add(sheet);
    tiles.forEach((tile, at) => {
      this.#places.set(tile, [sheet, at]);
    });
    const [oldest] = this.#sheets;
    if (this.#sheets.size <= KEEP || !oldest) return;
    this.#sheets.delete(oldest);
    URL.revokeObjectURL(oldest.url);
    for (const tile of oldest.tiles) if (this.#places.get(tile)?.[0] === oldest) this.#places.delete(tile);
  }
}

// CSS places a background so that 100% is flush with the far side.
function percent(place: number, places: number): number {
  return places > 1 ? (place / (places - 1)) * 100 : 0;
}
