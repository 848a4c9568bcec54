import { useMemo, useState } from "preact/hooks";
import { newId } from "../shared/dom";
import { count, visible } from "../shared/format";
import { useAsk, usePages, useSaid, useSize } from "../shared/hooks";
import { select } from "../shared/keyboard";
import type { PanelProps } from "../shared/panel";
import { piece } from "../shared/pieces";
import type { TableLevel } from "../shared/protocol.gen";
import { RpcError } from "../shared/rpc";
import { Bar } from "../shared/ui/Bar";
import { Button } from "../shared/ui/Button";
import { Empty, Notice } from "../shared/ui/Notice";
import { SearchBox } from "../shared/ui/SearchBox";
import { Seg } from "../shared/ui/Seg";
import { say } from "../shared/words";
import { ColumnMenu } from "./ColumnMenu";
import { type AnyRow, columnsOf, sortFor } from "./columns";
import { Grid, type Keys } from "./Grid";
import { Selection } from "./Selection";
import { useRows } from "./useRows";
import { useTyped } from "./useTyped";
import "./table.css";

const Compared = piece((from: typeof import("./pieces")) => from.Compared);
const Detail = piece((from: typeof import("./pieces")) => from.Detail);

/** From this width on the opened version stands beside the table, else below it. */
const SIDE_FROM = 980;
const PANE_WIDTH = 380;
const MOST_ROWS = 12;

/** Collections and versions of a project: any number, sorted and filtered by the kernel. */
export function Table({ snapshot, view, setView, rpc, host }: PanelProps<"table">) {
  const { level, query } = view;
  const versions = level === "versions";
  const { pages, hidden } = useRows(rpc, snapshot, view, host.live);
  usePages(pages);
  const { known, total, error, borrowed } = pages;
  const [typed, setTyped, commit] = useTyped(query, (next) => setView({ query: next }));
  const [body, { width }] = useSize<HTMLDivElement>();
  const [anchor, setAnchor] = useState<number | null>(null);
  const [errorId] = useState(() => newId("error"));

  const selected = versions ? view.selected : [];
  const [before, after] = [...selected].sort((a, b) => a - b);
  const compared = view.compared && selected.length === 2 && before !== undefined && after !== undefined;
  const opened = versions && !compared ? view.opened : null;
  const ready = versions && known && !borrowed && error === null;
  const { data: columns } = useAsk(
    "rows.columns",
    ready ? { query, all_types: view.all_types } : null,
    pages.revision,
  );
  const facts = useMemo(
    () => new Map((versions ? (columns?.columns ?? []) : []).map((each) => [each.name, each])),
    [columns, versions],
  );
  const beside = opened !== null && width >= SIDE_FROM;
  const refused = error instanceof RpcError && error.code === "bad-request";
  const sort = sortFor(level, view.sort);
  const empty = known && !borrowed && total === 0;
  const open = (id: number | null) => setView({ opened: id, compared: false });

  const onSelect = (row: AnyRow, index: number, keys: Keys) => {
    if (!versions) return;
    const next = select(selected, row.id, keys, (from, to) => between(from, to), anchor);
    if (!keys.shiftKey || anchor === null) setAnchor(row.id);
    const plain = !(keys.ctrlKey || keys.metaKey || keys.shiftKey);
    // With the pane open, choosing another row shows that one.
    setView(plain && opened !== null ? { selected: next, opened: row.id } : { selected: next });
    const chosen = count(next.length, "version");
    host.announce(
      say("{versions} selected, row {row} of {rows}", { versions: chosen, row: index + 1, rows: total }),
    );
  };
  // Rows that are not here cannot be told by id: a selection is of what was seen.
  const between = (from: number, to: number): number[] => {
    const here = [...pages.here()].sort(([a], [b]) => a - b).map(([, row]) => row.id);
    const ends = [here.indexOf(from), here.indexOf(to)];
    return here.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
  };
  const onOpen = (row: AnyRow) => {
    if (versions) return setView({ opened: row.id, selected: [row.id], compared: false });
    setView({ level: "versions", query: `name:${/\s/.test(row.name) ? `"${row.name}"` : row.name}` });
    host.announce(say("Versions of {name}", { name: row.name }));
  };
  const onClear = () => {
    setView({ selected: [], compared: false });
    host.announce(say("Nothing is selected"));
  };
  const onClose = () => {
    setView({ opened: null, compared: false });
    host.announce(say("Closed"));
  };
  const onSort = (key: string) =>
    setView({
      sort: key,
      descending: key === sort ? !view.descending : !["name", "type", "run"].includes(key),
    });

  const found = query !== "" && known && !borrowed && error === null ? total : -1;

  const room = (width || SIDE_FROM) - (beside ? PANE_WIDTH : 0);
  const keys = JSON.stringify(view.columns);
  const shown = useMemo(
    () => columnsOf(level, room, JSON.parse(keys) as string[], facts),
    [level, room, keys, facts],
  );
  const by = shown.find((each) => each.sort === sort);
  useSaid(saidOf());
  useSaid(
    view.columns.length > 0
      ? say("Metadata columns: {names}", { names: visible(view.columns.join(", "), 200) })
      : say("No metadata columns"),
  );
  const all = versions && query === "" && known && !borrowed ? total : snapshot.versions_total;
  const totals = `${count(all, "version")} · ${count(snapshot.collections_total, "collection")}`;
  return (
    <>
      <Bar
        title={say("Artifacts")}
        note={
          <>
            {found >= 0 ? say("{n} found in {totals}", { n: found, totals }) : totals}
            {(hidden > 0 || view.all_types) && (
              <>
                {" "}
                <Button
                  kind="link"
                  title={say("Source code and logged tables that the package made itself")}
                  disabled={!host.live}
                  onClick={() => setView({ all_types: !view.all_types })}
                >
                  {view.all_types ? say("Hide own types") : say("Show {n} hidden", { n: hidden })}
                </Button>
              </>
            )}
          </>
        }
      >
        <SearchBox
          label={say("Filter")}
          placeholder={say("Filter, e.g. type:model alias:best")}
          value={typed}
          onInput={setTyped}
          onEnter={commit}
          disabled={!host.live}
          errorId={refused ? errorId : undefined}
          wide
        />
        <Seg
          label={say("Rows")}
          value={level}
          options={[
            ["collections", say("Collections")],
            ["versions", say("Versions")],
          ]}
          disabled={!host.live}
          onChange={(next: TableLevel) => setView({ level: next, sort: sortFor(next, sort), opened: null })}
        />
        {versions && (
          <ColumnMenu
            facts={columns?.columns ?? []}
            chosen={view.columns}
            disabled={!host.live}
            onChange={(columns) => setView({ columns })}
          />
        )}
      </Bar>
      {error && host.live && (
        <div id={errorId}>
          <Notice kind={refused ? "error" : "warn"} role="alert">
            {error.message}
          </Notice>
        </div>
      )}
      <div ref={body} class={beside ? "ja-beside" : undefined}>
        {empty && (
          <Empty>{query === "" ? say("No artifacts yet") : say("Nothing matches this filter")}</Empty>
        )}
        <div hidden={empty}>
          <Grid
            label={versions ? say("Versions of artifacts") : say("Collections of artifacts")}
            columns={shown}
            facts={facts}
            pages={pages}
            sort={sort}
            descending={view.descending}
            onSort={host.live ? onSort : null}
            selected={selected}
            multiple={versions}
            onSelect={onSelect}
            onOpen={onOpen}
            onEscape={() => {
              onClose();
              onClear();
            }}
            most={MOST_ROWS}
          />
        </div>
        {opened !== null && <Detail id={opened} onOpen={open} onClose={onClose} />}
      </div>
      {compared && <Compared key={`${before} ${after}`} before={before} after={after} onClose={onClose} />}
      {selected.length > 0 && (
        <Selection
          ids={selected}
          pages={pages}
          onOpen={open}
          onCompare={() => setView({ compared: true })}
          onClear={onClear}
        />
      )}
    </>
  );

  /** How many rows there are and in which order; nothing while they are on their way. */
  function saidOf(): string {
    if (!known || borrowed || error !== null) return "";
    const rows =
      query !== ""
        ? say("{rows} found", { rows: count(total, "row") })
        : count(total, versions ? "version" : "collection");
    if (!by) return rows;
    const title = by.said ? say(by.title) : visible(by.title, 80);
    return view.descending
      ? say("{rows}, by {column}, highest first", { rows, column: title })
      : say("{rows}, by {column}, lowest first", { rows, column: title });
  }
}
