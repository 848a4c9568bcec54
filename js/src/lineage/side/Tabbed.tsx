import type { ComponentChildren } from "preact";
import { Tabs } from "../../shared/ui/Tabs";

interface TabbedProps {
  label: string;
  value: string;
  onChange(tab: string): void;
  /** Key, name, content, and a count beside the name. */
  tabs: readonly (readonly [key: string, text: string, content: () => ComponentChildren, count?: number])[];
}

/** Tabs with their contents; the first is open where the value names none. */
export function Tabbed({ label, value, onChange, tabs }: TabbedProps) {
  const open = tabs.find(([key]) => key === value) ?? tabs[0];
  const heads = tabs.map(([key, text, , count]) => ({ key, text, count }));
  return (
    <Tabs label={label} tabs={heads} value={value} onChange={onChange}>
      {open?.[2]()}
    </Tabs>
  );
}
