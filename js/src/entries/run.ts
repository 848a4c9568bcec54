import { Run } from "../run/Run";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "run",
  label: "Run",
  component: Run,
  view: { axis: "step", log: false, smooth: 0, tab: "charts", search: "", hidden: [] },
});
