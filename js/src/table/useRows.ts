import { useEffect, useMemo } from "preact/hooks";
import { Pages } from "../shared/pages";
import type { RowsPage, TableSnapshot, TableView } from "../shared/protocol.gen";
import type { Rpc } from "../shared/rpc";
import { type AnyRow, sortFor } from "./columns";

/** The rows of the present view: from the snapshot at first, then from the kernel, page by page. */
export function useRows(rpc: Rpc, snapshot: TableSnapshot, view: TableView, live: boolean): Pages<AnyRow> {
  const { level, query, descending } = view;
  const sort = sortFor(level, view.sort);
  const pages = useMemo(() => {
    const rows = new Pages<AnyRow>(async (offset, limit, signal) => {
      const params = { level, query, sort, descending, offset, limit };
      return ofPage((await rpc.call("rows.page", params, { signal })).result);
    });
    // The snapshot is of the view that the panel was made with, which may not be this one: it is shown
    // until the kernel has answered, and stays where there is no kernel.
    if (snapshot.page.level === level) {
      rows.seed(ofPage(snapshot.page));
      rows.refresh();
    }
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
