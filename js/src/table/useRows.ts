import { useEffect, useMemo, useRef } from "preact/hooks";
import { Pages } from "../shared/pages";
import type { RowsPage, TableLevel, TableSnapshot, TableView } from "../shared/protocol.gen";
import type { Rpc } from "../shared/rpc";
import { type AnyRow, sortFor } from "./columns";

/**
 * The rows of the present view, page by page from the kernel. Until they are here it shows what was shown
 * before: at first the snapshot, which is of the view that the panel was made with.
 */
export function useRows(rpc: Rpc, snapshot: TableSnapshot, view: TableView, live: boolean): Pages<AnyRow> {
  const { level, query, descending } = view;
  const sort = sortFor(level, view.sort);
  const last = useRef<{ level: TableLevel; pages: Pages<AnyRow> } | null>(null);
  const pages = useMemo(() => {
    const rows = new Pages<AnyRow>(async (offset, limit, signal) => {
      const params = { level, query, sort, descending, offset, limit };
      return ofPage((await rpc.call("rows.page", params, { signal })).result);
    });
    if (last.current?.level === level) rows.adopt(last.current.pages);
    else if (snapshot.page.level === level) rows.seed(ofPage(snapshot.page));
    rows.refresh();
    last.current = { level, pages: rows };
    return rows;
  }, [rpc, snapshot, level, query, sort, descending]);

  useEffect(() => () => pages.close(), [pages]);
  useEffect(() => rpc.onChanged(() => pages.refresh()), [rpc, pages]);
  useEffect(() => {
    // The kernel is back: what failed while it was silent is worth another try.
    if (live && pages.error) pages.refresh();
  }, [live, pages]);
  return pages;
}

function ofPage(page: RowsPage) {
  const rows: readonly AnyRow[] = page.level === "versions" ? page.rows : page.collections;
  return { rows, offset: page.offset, total: page.total, revision: page.revision };
}
