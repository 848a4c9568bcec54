// Metadata and file lists as the rows of a tree grid. Pure.

import { shortList, visible } from "./format";
import { rowMove } from "./keyboard";
import type { FileRow, JsonValue } from "./protocol.gen";

export interface TreeRow {
  /** Unique among the rows; made from keys and paths, never put into the page. */
  id: string;
  /** From 1. */
  level: number;
  /** What type-ahead looks at. */
  label: string;
  /** null for what cannot be opened. */
  open: boolean | null;
}

export interface MetadataRow extends TreeRow {
  value: JsonValue;
}

export interface FileTreeRow extends TreeRow {
  /** null for a folder. */
  file: FileRow | null;
  /** Of a folder: of all that is in it. -1 where a part is not known. */
  size: number;
  files: number;
}

/** Tells whether the reader opened (true) or closed (false) a row; undefined where nothing was said. */
export type Opened = ReadonlyMap<string, boolean>;

const DEEPEST = 40;

/**
 * Lists the rows of `value` that are to be seen. With a query only the rows that it matches, in a key
 * or in a value, and the way to them; else those under open rows. Rows open by themselves down to `depth`.
 */
export function metadataRows(value: JsonValue, opened: Opened, query = "", depth = 1): MetadataRow[] {
  const wanted = query.trim().toLowerCase();
  const rows: MetadataRow[] = [];
  const walk = (node: JsonValue, prefix: string, level: number): boolean => {
    let any = false;
    for (const [key, child] of entries(node)) {
      const id = `${prefix}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const nested = level < DEEPEST && entries(child).length > 0 && shortList(child) === null;
      const row: MetadataRow = { id, level, label: key, open: nested ? true : null, value: child };
      const at = rows.push(row) - 1;
      if (wanted === "") {
        if (nested) row.open = opened.get(id) ?? level <= depth;
        if (row.open) walk(child, id, level + 1);
        continue;
      }
      const inside = nested && walk(child, id, level + 1);
      if (inside || key.toLowerCase().includes(wanted) || (!nested && textOf(child).includes(wanted)))
        any = true;
      else rows.length = at;
    }
    return any;
  };
  walk(value, "", 1);
  return rows;
}

/** How many values a piece of metadata holds, at all depths; stops counting at `most`. */
export function countValues(value: JsonValue, most: number): number {
  let total = 0;
  const stack: JsonValue[] = [value];
  for (let node = stack.pop(); node !== undefined && total < most; node = stack.pop()) {
    for (const [, child] of entries(node)) {
      total++;
      if (total >= most) break;
      stack.push(child);
    }
  }
  return total;
}

function entries(value: JsonValue): [string, JsonValue][] {
  if (Array.isArray(value)) return value.map((child, index) => [String(index), child]);
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function textOf(value: JsonValue): string {
  return (shortList(value) ?? String(value)).toLowerCase();
}

interface Folder {
  folders: Map<string, Folder>;
  files: FileRow[];
  size: number;
  count: number;
}

/** Lists files as a tree: folders first, each in the order of its names. Folders are closed where there are many. */
export function fileRows(files: readonly FileRow[], opened: Opened, query = ""): FileTreeRow[] {
  const wanted = query.trim().toLowerCase();
  const kept = wanted === "" ? files : files.filter((file) => file.path.toLowerCase().includes(wanted));
  const openByDefault = wanted !== "" || kept.length <= 60;
  const rows: FileTreeRow[] = [];
  const walk = (folder: Folder, prefix: string, level: number) => {
    for (const name of [...folder.folders.keys()].sort()) {
      const inner = folder.folders.get(name) as Folder;
      const id = `${prefix}${name}/`;
      const open = opened.get(id) ?? openByDefault;
      rows.push({ id, level, label: name, open, file: null, size: inner.size, files: inner.count });
      if (open) walk(inner, id, level + 1);
    }
    for (const file of folder.files) {
      const label = file.path.slice(file.path.lastIndexOf("/") + 1);
      rows.push({ id: `f:${file.path}`, level, label, open: null, file, size: file.size, files: 1 });
    }
  };
  walk(foldersOf(kept), "", 1);
  return rows;
}

function foldersOf(files: readonly FileRow[]): Folder {
  const root = emptyFolder();
  for (const file of files) {
    let folder = root;
    count(folder, file);
    // A path of thousands of folders would fill the page with indents: the rest stays in the name.
    for (const name of file.path.split("/").slice(0, -1).slice(0, DEEPEST)) {
      let inner = folder.folders.get(name);
      if (!inner) {
        inner = emptyFolder();
        folder.folders.set(name, inner);
      }
      folder = inner;
      count(folder, file);
    }
    folder.files.push(file);
  }
  return root;
}

function emptyFolder(): Folder {
  return { folders: new Map(), files: [], size: 0, count: 0 };
}

function count(folder: Folder, file: FileRow): void {
  folder.count++;
  folder.size = folder.size < 0 || file.size < 0 ? -1 : folder.size + file.size;
}

/** Finds the next row from `at` on (going round) whose label starts with `letters`; -1 where none does. */
export function typeAhead(rows: readonly TreeRow[], at: number, letters: string): number {
  const wanted = letters.toLowerCase();
  for (let step = 1; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    const label = rows[index]?.label;
    if (label !== undefined && visible(label).toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}

/** What a key does in a tree grid whose rows take the focus: go to a row, or open or close the one at `at`. */
export function treeMove(
  key: string,
  rows: readonly TreeRow[],
  at: number,
): { to: number } | { toggle: number } | null {
  const row = rows[at];
  if (row === undefined) return null;
  const to = rowMove(key, at, rows.length, 10);
  if (to !== null) return { to };
  const { open, level } = row;
  if (key === "Home") return { to: 0 };
  if (key === "End") return { to: rows.length - 1 };
  if (open !== null && (key === "Enter" || key === " ")) return { toggle: at };
  if (key === "ArrowRight") return open === null ? null : open ? { to: at + 1 } : { toggle: at };
  if (key !== "ArrowLeft") return null;
  if (open) return { toggle: at };
  const parent = rows.findLastIndex((each, index) => index < at && each.level < level);
  return parent < 0 ? null : { to: parent };
}
