import type { PanelProps } from "../shared/panel";
import { Bar } from "../shared/ui/Bar";

export function Artifact(_: PanelProps<"artifact">) {
  return <Bar title="Artifact" />;
}
