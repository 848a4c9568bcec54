import { Artifact } from "../artifact/Artifact";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "artifact",
  label: /* say */ "Artifact",
  component: Artifact,
  pieces: () => import("../artifact/pieces"),
  view: { tab: "overview" },
});
