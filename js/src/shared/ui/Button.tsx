import type { ComponentChildren, TargetedMouseEvent } from "preact";

interface ButtonProps {
  children: ComponentChildren;
  onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  /** Name for screen readers where the content is a picture alone. */
  label?: string;
  title?: string;
  disabled?: boolean;
  /** "ghost" has no border, "link" looks like a link. */
  kind?: "plain" | "primary" | "ghost" | "link";
}

export function Button({ children, onClick, label, title, disabled = false, kind = "plain" }: ButtonProps) {
  return (
    <button
      type="button"
      class={`ja-btn ja-btn-${kind}`}
      aria-label={label}
      title={title ?? label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
