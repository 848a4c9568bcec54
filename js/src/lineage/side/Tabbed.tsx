import type { ComponentChildren } from "preact";
import { Tabs } from "../../shared/ui/Tabs";

interface TabbedProps {
  label: string;
  value: string;
  onChange(tab: string): void;
  /** Name, content, and a count beside the name. */
  tabs: readonly (readonly [name: string, content: () => ComponentChildren, count?: number])[];
}

/** Tabs that are named by their texts; the first is open where the value names none. */
export function Tabbed({ label, value, onChange, tabs }: TabbedProps) {
  const open = tabs.find(([name]) => name === value) ?? tabs[0];
  const heads = tabs.map(([text, , count]) => ({ key: text, text, count }));
  return (
    <Tabs label={label} tabs={heads} value={value} onChange={onChange}>
      {open?.[1]()}
    </Tabs>
  );
}
