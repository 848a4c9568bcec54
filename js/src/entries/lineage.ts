import { Lineage } from "../lineage/Lineage";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "lineage",
  label: "Lineage",
  component: Lineage,
  pieces: () => import("../lineage/pieces"),
  view: {
    level: "exploded",
    direction: "right",
    focus: null,
    up: 2,
    down: 2,
    selected: null,
    zoom: 1,
    list: false,
  },
});
