import type { ComponentChildren } from "preact";

interface BarProps {
  title: ComponentChildren;
  /** What the panel shows, in few words. */
  note?: ComponentChildren;
  /** Controls, at the right end. */
  children?: ComponentChildren;
}

/** The head line of a panel: title, a note, controls. It wraps where the panel is narrow. */
export function Bar({ title, note, children }: BarProps) {
  return (
    <div class="ja-bar">
      <h3 class="ja-title">{title}</h3>
      {note !== undefined && <div class="ja-note">{note}</div>}
      {children !== undefined && <div class="ja-tools">{children}</div>}
    </div>
  );
}
