import { Diff } from "../diff/Diff";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "diff",
  label: /* say */ "Difference of two versions",
  component: Diff,
  pieces: () => import("../diff/pieces"),
  view: { shown: "differ", query: "", file: null },
});
