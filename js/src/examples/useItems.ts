import { useEffect, useMemo } from "preact/hooks";
import { Pages } from "../shared/pages";
import type { ExampleItem, ExamplesSnapshot, ExamplesView } from "../shared/protocol.gen";
import type { Rpc } from "../shared/rpc";

/** The view that a grid opens with: hardest first, or in order where nothing was scored. */
export function firstView(scored: boolean): Omit<ExamplesView, "selected" | "cols"> {
  return {
    sort: scored ? "loss" : "index",
    descending: scored,
    wrong_only: false,
    label: -1,
    predicted: -1,
    versus: "any",
  };
}

/** The examples of the present view: from the snapshot at first, then from the kernel, page by page. */
export function useItems(
  rpc: Rpc,
  snapshot: ExamplesSnapshot,
  view: ExamplesView,
  live: boolean,
): Pages<ExampleItem> {
  const { sort, descending, wrong_only, label, predicted, versus } = view;
  const pages = useMemo(() => {
    const asked = { sort, descending, wrong_only, label, predicted, versus };
    const items = new Pages<ExampleItem>(async (offset, limit, signal) => {
      const params = { ...asked, offset, limit };
      const { result } = await rpc.call("items.page", params, { signal });
      return { rows: result.items, offset: result.offset, total: result.total };
    });
    const { items: rows, offset, total } = snapshot.page;
    const scored = rows.some((item) => item.loss !== null);
    if (JSON.stringify(asked) === JSON.stringify(firstView(scored))) items.seed({ rows, offset, total });
    return items;
  }, [rpc, snapshot, sort, descending, wrong_only, label, predicted, versus]);

  useEffect(() => () => pages.close(), [pages]);
  useEffect(() => {
    if (live && pages.error) pages.refresh();
  }, [live, pages]);
  return pages;
}
