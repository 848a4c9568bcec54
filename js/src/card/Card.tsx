import type { PanelProps } from "../shared/panel";
import { Bar } from "../shared/ui/Bar";

export function Card(_: PanelProps<"card">) {
  return <Bar title="Card" />;
}
