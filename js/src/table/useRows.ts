import { useEffect, useMemo, useRef } from "preact/hooks";
import { Pages } from "../shared/pages";
import type { RowsPage, TableLevel, TableSnapshot, TableView } from "../shared/protocol.gen";
import type { Rpc } from "../shared/rpc";
import { type AnyRow, sortFor } from "./columns";

export interface Rows {
  pages: Pages<AnyRow>;
  /** Rows of the package's own types that are left out. */
  hidden: number;
}

/**
 * The rows of the present view, page by page from the kernel. Until they are here it shows what was shown
 * before: at first the snapshot, which is of the view that the panel was made with.
 */
export function useRows(rpc: Rpc, snapshot: TableSnapshot, view: TableView, live: boolean): Rows {
  const { level, query, descending, all_types } = view;
  const sort = sortFor(level, view.sort);
  const columns = JSON.stringify(view.columns);
  const last = useRef<{ level: TableLevel; pages: Pages<AnyRow> } | null>(null);
  const seen = useRef(snapshot);
  const hidden = useRef(snapshot.page.hidden);
  const asked = useMemo(
    () => ({ level, query, sort, descending, columns: JSON.parse(columns) as string[], all_types }),
    [level, query, sort, descending, columns, all_types],
  );
  const pages = useMemo(() => {
    const rows = new Pages<AnyRow>(async (offset, limit, signal) => {
      const { result } = await rpc.call("rows.page", { ...asked, offset, limit }, { signal });
      hidden.current = result.hidden;
      return ofPage(result);
    });
    if (last.current?.level === level) rows.adopt(last.current.pages);
    else if (snapshot.page.level === level) rows.seed(ofPage(snapshot.page));
    rows.refresh();
    last.current = { level, pages: rows };
    return rows;
  }, [rpc, asked]);

  useEffect(() => {
    if (seen.current === snapshot) return;
    seen.current = snapshot;
    pages.refresh();
    // News that a busy kernel brought along: rows of what is shown are as good as an answer.
    const { offset, limit, ...of } = snapshot.asked;
    if (Object.entries(asked).some(([key, value]) => !same(value, of[key as keyof typeof of]))) return;
    hidden.current = snapshot.page.hidden;
    pages.borrowed = false;
    pages.seed(ofPage(snapshot.page));
  }, [snapshot, pages]);
  useEffect(() => () => pages.close(), [pages]);
  useEffect(() => rpc.onChanged((revision) => revision !== pages.revision && pages.refresh()), [rpc, pages]);
  useEffect(() => {
    // The kernel is back: what failed while it was silent is worth another try.
    if (live && pages.error) pages.refresh();
  }, [live, pages]);
  return { pages, hidden: hidden.current ?? 0 };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function ofPage(page: RowsPage) {
  const rows: readonly AnyRow[] = page.level === "versions" ? page.rows : page.collections;
  return { rows, offset: page.offset, total: page.total, revision: page.revision };
}
