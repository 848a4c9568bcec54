import "../shared/base.css";
import { Examples } from "../examples/Examples";
import { firstView } from "../examples/useItems";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "examples",
  label: "Examples",
  component: Examples,
  pieces: () => import("../examples/pieces"),
  view: { ...firstView(true), cols: 0, selected: [] },
});
