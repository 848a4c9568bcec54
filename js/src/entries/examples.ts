import "../shared/base.css";
import { Examples } from "../examples/Examples";
import { FIRST } from "../examples/useItems";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "examples",
  label: "Examples",
  component: Examples,
  view: { ...FIRST, selected: [] },
});
