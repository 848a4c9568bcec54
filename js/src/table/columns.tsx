import type { ComponentChildren } from "preact";
import { Moment } from "../shared/detail/Overview";
import { bytes, integer } from "../shared/format";
import type { CollectionRow, TableLevel, VersionRow } from "../shared/protocol.gen";
import { Aliases, RunMark, StaleMark, TypeMark } from "../shared/ui/Chip";
import { Text } from "../shared/ui/Text";

export type AnyRow = VersionRow | CollectionRow;

export interface Column {
  title: string;
  /** What the kernel sorts by; empty where it cannot. */
  sort: string;
  /** Pixels; 0 takes what is left. */
  width: number;
  /** The table's width from which the column is shown. */
  from: number;
  number: boolean;
  cell(row: AnyRow): ComponentChildren;
}

type Cell<Row> = (row: Row) => ComponentChildren;

function column<Row>(
  title: string,
  sort: string,
  width: number,
  from: number,
  cell: Cell<Row>,
  number = false,
): Column {
  // A column's cell is only ever given rows of its own level.
  return { title, sort, width, from, number, cell: cell as Cell<AnyRow> };
}

const name = (row: AnyRow) => (
  <span class="ja-name">
    <Text value={row.name} whole />
  </span>
);
const type = (row: AnyRow) => <TypeMark type={row.type} />;
const aliases = (row: AnyRow) => <Aliases names={row.aliases} most={2} />;
const size = (row: AnyRow) => bytes(row.size);

const LEVELS: Record<TableLevel, readonly Column[]> = {
  versions: [
    column("Name", "name", 0, 0, (row: VersionRow) => (
      <div class="ja-name-cell">
        {name(row)}
        <StaleMark why={row.stale} short />
      </div>
    )),
    column("Version", "version", 84, 0, (row: VersionRow) => <span class="ja-mono">v{row.version}</span>),
    column("Type", "type", 118, 680, type),
    column("Aliases", "", 162, 520, aliases),
    column(
      "Made by",
      "run",
      150,
      840,
      ({ run }: VersionRow) => run && <RunMark name={run.name} state={run.state} />,
    ),
    column("Files", "files", 74, 1020, (row: VersionRow) => integer(row.files), true),
    column("Size", "size", 82, 600, size, true),
    column("Created", "created", 134, 340, (row: VersionRow) => <Moment seconds={row.created} />),
  ],
  collections: [
    column("Name", "name", 0, 0, name),
    column("Type", "type", 150, 420, type),
    column("Aliases", "", 210, 640, aliases),
    column("Versions", "version", 100, 0, (row: CollectionRow) => integer(row.versions), true),
    column("Size", "size", 100, 360, size, true),
    column("Updated", "", 142, 520, (row: CollectionRow) => <Moment seconds={row.updated} />),
  ],
};

/** The columns of a level that have room in a table of this width. */
export function columnsOf(level: TableLevel, width: number): readonly Column[] {
  return LEVELS[level].filter((each) => width >= each.from);
}

/** A key that the level can be sorted by: the asked one, or the order of creation. */
export function sortFor(level: TableLevel, sort: string): string {
  return LEVELS[level].some((each) => each.sort && each.sort === sort) ? sort : "created";
}
