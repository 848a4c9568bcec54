import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { newId } from "../dom";
import { integer } from "../format";
import { listMove } from "../keyboard";
import "./parts.css";

export interface Tab {
  key: string;
  text: string;
  /** A number beside the text. */
  count?: number | undefined;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** The open tab's key; the first one is open where it names none. */
  value: string;
  onChange(key: string): void;
  /** The open tab's panel. */
  children: ComponentChildren;
}

/** APG tabs: arrows move and open, one tab stop. */
export function Tabs({ label, tabs, value, onChange, children }: TabsProps) {
  const [id] = useState(() => newId("tabs"));
  const at = Math.max(
    0,
    tabs.findIndex((tab) => tab.key === value),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const to = listMove(event, at, tabs.length, "x");
    const tab = to === null ? undefined : tabs[to];
    if (to === null || tab === undefined) return;
    event.preventDefault();
    onChange(tab.key);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  return (
    <div class="ja-tabbed">
      <div class="ja-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab, index) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${index}`}
            aria-selected={index === at}
            aria-controls={index === at ? `${id}-panel` : undefined}
            tabIndex={index === at ? 0 : -1}
            onClick={() => onChange(tab.key)}
          >
            {tab.text}
            {tab.count !== undefined && <span class="ja-count">{integer(tab.count)}</span>}
          </button>
        ))}
      </div>
      <div class="ja-tabpanel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${at}`}>
        {children}
      </div>
    </div>
  );
}
