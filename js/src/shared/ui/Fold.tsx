import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { newId } from "../dom";
import { ChevronIcon } from "./icons";
import "./parts.css";

interface FoldProps {
  title: ComponentChildren;
  /** Beside the title. */
  note?: ComponentChildren;
  open: boolean;
  onToggle(): void;
  children: ComponentChildren;
}

/** A part that folds open (APG disclosure). Closed, its content is not drawn. */
export function Fold({ title, note, open, onToggle, children }: FoldProps) {
  const [id] = useState(() => newId("fold"));
  return (
    <div class="ja-fold">
      <button
        type="button"
        class="ja-fold-head"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={onToggle}
      >
        <ChevronIcon />
        <span>{title}</span>
        {note !== undefined && <span class="ja-mut">{note}</span>}
      </button>
      {open && (
        <div class="ja-fold-body" id={id}>
          {children}
        </div>
      )}
    </div>
  );
}
