import { definePanel } from "../shared/definePanel";
import { Table } from "../table/Table";

export default definePanel({
  kind: "table",
  label: "Artifacts",
  component: Table,
  view: { level: "versions", query: "", sort: "created", descending: true, selected: [], opened: null },
});
