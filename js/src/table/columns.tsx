import type { ComponentChildren } from "preact";
import { Moment } from "../shared/detail/Overview";
import { bytes, integer } from "../shared/format";
import type { CollectionRow, TableLevel, VersionRow } from "../shared/protocol.gen";
import { Aliases, RunMark, StaleMark, TypeMark } from "../shared/ui/Chip";
import { Text } from "../shared/ui/Text";

export type AnyRow = VersionRow | CollectionRow;

export interface Column {
  key: string;
  title: string;
  /** What the kernel sorts by; without it the column cannot be sorted. */
  sort?: string;
  /** Pixels; the first column takes what is left. */
  width: number;
  /** The table's width from which the column is shown. */
  from: number;
  number?: boolean;
  cell(row: AnyRow): ComponentChildren;
}

type Cell<Row> = Omit<Column, "cell"> & { cell(row: Row): ComponentChildren };

const VERSIONS: readonly Cell<VersionRow>[] = [
  {
    key: "name",
    title: "Name",
    sort: "name",
    width: 0,
    from: 0,
    cell: (row) => (
      <div class="ja-name-cell">
        <span class="ja-name">
          <Text value={row.name} whole />
        </span>
        <StaleMark why={row.stale} short />
      </div>
    ),
  },
  {
    key: "version",
    title: "Version",
    sort: "version",
    width: 84,
    from: 0,
    cell: (row) => <span class="ja-mono">v{row.version}</span>,
  },
  {
    key: "type",
    title: "Type",
    sort: "type",
    width: 126,
    from: 700,
    cell: (row) => <TypeMark type={row.type} />,
  },
  {
    key: "aliases",
    title: "Aliases",
    width: 168,
    from: 480,
    cell: (row) => <Aliases names={row.aliases} most={2} />,
  },
  {
    key: "run",
    title: "Made by",
    sort: "run",
    width: 160,
    from: 820,
    cell: (row) => row.run && <RunMark name={row.run.name} state={row.run.state} />,
  },
  {
    key: "files",
    title: "Files",
    sort: "files",
    width: 74,
    from: 1000,
    number: true,
    cell: (row) => integer(row.files),
  },
  {
    key: "size",
    title: "Size",
    sort: "size",
    width: 88,
    from: 640,
    number: true,
    cell: (row) => bytes(row.size),
  },
  {
    key: "created",
    title: "Created",
    sort: "created",
    width: 138,
    from: 340,
    cell: (row) => <Moment seconds={row.created} />,
  },
];

const COLLECTIONS: readonly Cell<CollectionRow>[] = [
  {
    key: "name",
    title: "Name",
    sort: "name",
    width: 0,
    from: 0,
    cell: (row) => (
      <span class="ja-name">
        <Text value={row.name} whole />
      </span>
    ),
  },
  {
    key: "type",
    title: "Type",
    sort: "type",
    width: 150,
    from: 420,
    cell: (row) => <TypeMark type={row.type} />,
  },
  {
    key: "aliases",
    title: "Aliases",
    width: 210,
    from: 640,
    cell: (row) => <Aliases names={row.aliases} most={2} />,
  },
  {
    key: "versions",
    title: "Versions",
    sort: "version",
    width: 100,
    from: 0,
    number: true,
    cell: (row) => integer(row.versions),
  },
  {
    key: "size",
    title: "Size",
    sort: "size",
    width: 100,
    from: 360,
    number: true,
    cell: (row) => bytes(row.size),
  },
  {
    key: "updated",
    title: "Updated",
    width: 142,
    from: 520,
    cell: (row) => <Moment seconds={row.updated} />,
  },
];

/** The columns of a level that have room in a table of this width. */
export function columnsOf(level: TableLevel, width: number): readonly Column[] {
  // A column's cell is only ever given rows of its own level.
  const all = (level === "versions" ? VERSIONS : COLLECTIONS) as readonly Column[];
  return all.filter((column) => width >= column.from);
}

/** A key that the level can be sorted by: the asked one, or the order of creation. */
export function sortFor(level: TableLevel, sort: string): string {
  const all: readonly { sort?: string }[] = level === "versions" ? VERSIONS : COLLECTIONS;
  return all.some((column) => column.sort === sort) ? sort : "created";
}
