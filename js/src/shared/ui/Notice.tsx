import type { ComponentChildren } from "preact";
import { WarnIcon } from "./icons";

interface NoticeProps {
  children: ComponentChildren;
  kind?: "info" | "warn" | "error";
  role?: "alert" | "status";
}

/** A line that tells of a state of the panel. */
export function Notice({ children, kind = "info", role }: NoticeProps) {
  return (
    <div class={`ja-notice ja-notice-${kind}`} role={role}>
      {kind !== "info" && <WarnIcon />}
      <span>{children}</span>
    </div>
  );
}

/** What stands where there is nothing to show. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="ja-empty">{children}</div>;
}
