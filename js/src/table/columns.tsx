import type { ComponentChildren } from "preact";
import { bytes, integer, scalar } from "../shared/format";
import type { CollectionRow, ColumnFacts, TableLevel, VersionRow } from "../shared/protocol.gen";
import { Aliases, RunMark, StaleMark, TypeMark } from "../shared/ui/Chip";
import { Moment } from "../shared/ui/Moment";
import { Text } from "../shared/ui/Text";

export type AnyRow = VersionRow | CollectionRow;

export interface Column {
  /** In words, or a metadata key. */
  title: string;
  /** What the kernel sorts by; empty where it cannot. */
  sort: string;
  /** Pixels; 0 takes what is left. */
  width: number;
  /** The table's width from which the column is shown. */
  from: number;
  number: boolean;
  /** The title is ours to translate; a metadata key is not. */
  said: boolean;
  cell(row: AnyRow): ComponentChildren;
}

export type ColumnsFacts = ReadonlyMap<string, ColumnFacts>;

type Cell<Row> = (row: Row) => ComponentChildren;

function column<Row>(
  title: string,
  sort: string,
  width: number,
  from: number,
  cell: Cell<Row>,
  number = false,
  said = true,
): Column {
  // A column's cell is only ever given rows of its own level.
  return { title, sort, width, from, number, said, cell: cell as Cell<AnyRow> };
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
    column(/* say */ "Name", "name", 0, 0, (row: VersionRow) => (
      <div class="ja-name-cell">
        {name(row)}
        <StaleMark why={row.stale} short />
      </div>
    )),
    column(/* say */ "Version", "version", 92, 0, (row: VersionRow) => (
      <span class="ja-mono">v{row.version}</span>
    )),
    column(/* say */ "Type", "type", 118, 680, type),
    column(/* say */ "Aliases", "", 162, 520, aliases),
    column(
      /* say */ "Made by",
      "run",
      150,
      840,
      ({ run }: VersionRow) => run && <RunMark name={run.name} state={run.state} />,
    ),
    column(/* say */ "Files", "files", 74, 1020, (row: VersionRow) => integer(row.files), true),
    column(/* say */ "Size", "size", 82, 600, size, true),
    column(/* say */ "Created", "created", 134, 340, (row: VersionRow) => <Moment seconds={row.created} />),
  ],
  collections: [
    column(/* say */ "Name", "name", 0, 0, name),
    column(/* say */ "Type", "type", 150, 420, type),
    column(/* say */ "Aliases", "", 210, 640, aliases),
    column(/* say */ "Versions", "version", 100, 0, (row: CollectionRow) => integer(row.versions), true),
    column(/* say */ "Size", "size", 100, 360, size, true),
    column(/* say */ "Updated", "", 142, 520, (row: CollectionRow) => <Moment seconds={row.updated} />),
  ],
};

const KEY_WIDTH = 112;
const METADATA = "metadata.";

/** The column of a metadata key; of text where no row has a number there. */
function keyColumn(key: string, facts: ColumnsFacts): Column {
  const cell = ({ metadata }: VersionRow) => {
    const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
    if (value === undefined) return null;
    return typeof value === "string" ? <Text value={value} limit={120} whole /> : scalar(value);
  };
  return column(key, METADATA + key, KEY_WIDTH, 0, cell, facts.get(METADATA + key)?.numbers !== 0, false);
}

/** The columns of a level that have room in a table of this width, and those of the chosen metadata keys. */
export function columnsOf(
  level: TableLevel,
  width: number,
  keys: readonly string[],
  facts: ColumnsFacts,
): readonly Column[] {
  const chosen = level === "versions" ? keys.map((key) => keyColumn(key, facts)) : [];
  const room = width - chosen.length * KEY_WIDTH;
  const own = LEVELS[level].filter((each) => room >= each.from || each.from === 0);
  return [...own.slice(0, 2), ...chosen, ...own.slice(2)];
}

/** A key that the level can be sorted by: the asked one, or the order of creation. */
export function sortFor(level: TableLevel, sort: string): string {
  const known = LEVELS[level].some((each) => each.sort && each.sort === sort);
  return known || (level === "versions" && sort.startsWith(METADATA)) ? sort : "created";
}
