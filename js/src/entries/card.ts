import { Card } from "../card/Card";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "card",
  label: /* say */ "Artifact version",
  component: Card,
  pieces: () => import("../card/pieces"),
  view: { opened: [] },
});
