import { Card } from "../card/Card";
import { definePanel } from "../shared/definePanel";

export default definePanel({
  kind: "card",
  label: "Artifact version",
  component: Card,
  view: { opened: [] },
});
