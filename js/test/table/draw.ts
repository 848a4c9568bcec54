// The table, drawn in happy-dom, and what the tests ask of it.

import { vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { tableScenes } from "../../dev/fixtures/table";
import table from "../../src/entries/table";
import type { RowsParams, TableView } from "../../src/shared/protocol.gen";
import { byRole, idle, mount } from "../mount";

/** happy-dom lays nothing out: a width for the panel. */
export function widen(pixels: number): void {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(pixels);
}

export function clear(): void {
  document.body.textContent = "";
  vi.restoreAllMocks();
}

export const many = tableScenes.many as Scene<"table">;

export async function draw(view: Partial<TableView> = {}, scene: Scene<"table"> = many) {
  const mounted = mount(table, "table", { ...scene, view: { selected: [], opened: null, ...view } });
  await idle();
  const { root, model } = mounted;
  return {
    ...mounted,
    grid: () => byRole(root, "grid"),
    rows: () =>
      [...root.querySelectorAll<HTMLElement>(".ja-grid tbody tr")].sort((a, b) => place(a) - place(b)),
    asked: () =>
      model.sent.flatMap((each) =>
        each.kind === "req" && each.method === "rows.page" ? [each.params as never as RowsParams] : [],
      ),
    view: () => model.get("view"),
  };
}

export const place = (row: Element) => Number(row.getAttribute("aria-rowindex"));

export const cells = (row: Element | undefined) =>
  [...(row?.children ?? [])].map((cell) => cell.textContent?.trim());
