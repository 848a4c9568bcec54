import type { PanelProps } from "../shared/panel";
import { Bar } from "../shared/ui/Bar";

export function Table(_: PanelProps<"table">) {
  return <Bar title="Table" />;
}
