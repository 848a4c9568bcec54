import { definePanel } from "../shared/definePanel";
import { Table } from "../table/Table";

export default definePanel({
  kind: "table",
  label: /* say */ "Artifacts",
  component: Table,
  pieces: () => import("../table/pieces"),
  view: {
    level: "versions",
    query: "",
    sort: "created",
    descending: true,
    columns: [],
    all_types: false,
    selected: [],
    opened: null,
    compared: false,
  },
});
