import { useEffect, useMemo } from "preact/hooks";
import { Pages } from "../shared/pages";
import type { ExampleItem, ExamplesSnapshot, ExamplesView } from "../shared/protocol.gen";
import type { Rpc } from "../shared/rpc";

/** The order and filters in which the snapshot's first page was made. */
export const FIRST: Omit<ExamplesView, "selected"> = {
  sort: "loss",
  descending: true,
  wrong_only: false,
  label: -1,
  predicted: -1,
};

/** The examples of the present view: from the snapshot at first, then from the kernel, page by page. */
export function useItems(
  rpc: Rpc,
  snapshot: ExamplesSnapshot,
  view: ExamplesView,
  live: boolean,
): Pages<ExampleItem> {
  const { sort, descending, wrong_only, label, predicted } = view;
  const pages = useMemo(() => {
    const items = new Pages<ExampleItem>(async (offset, limit, signal) => {
      const params = { sort, descending, wrong_only, label, predicted, offset, limit };
      const { result } = await rpc.call("items.page", params, { signal });
      return { rows: result.items, offset: result.offset, total: result.total };
    });
    const asked = { sort, descending, wrong_only, label, predicted };
    const first = JSON.stringify(asked) === JSON.stringify(FIRST);
    const { items: rows, offset, total } = snapshot.page;
    if (first) items.seed({ rows, offset, total });
    return items;
  }, [rpc, snapshot, sort, descending, wrong_only, label, predicted]);

  useEffect(() => () => pages.close(), [pages]);
  useEffect(() => {
    if (live && pages.error) pages.refresh();
  }, [live, pages]);
  return pages;
}
