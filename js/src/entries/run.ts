import { Run } from "../run/Run";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "run",
  label: /* say */ "Run",
  component: Run,
  pieces: () => import("../run/pieces"),
  view: { axis: "step", log: false, smooth: 0, tab: "charts", search: "", hidden: [] },
});
