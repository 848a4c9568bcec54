import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../dom";
import { listMove } from "../keyboard";
import { DownIcon } from "./icons";

export interface MenuItem {
  text: string;
  run(): void;
  disabled?: boolean;
  /** A choice among several: the menu stays open. */
  checked?: boolean;
}

/** An APG menu button. Escape and a click elsewhere close it; the focus goes back to the button. */
export function Menu({
  text,
  items,
  disabled = false,
}: {
  text: string;
  items: readonly MenuItem[];
  disabled?: boolean;
}) {
  const [id] = useState(() => newId("menu"));
  const [open, setOpen] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (open === null) return;
    box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]")[open]?.focus();
  }, [open]);

  const close = (refocus: boolean) => {
    setOpen(null);
    if (refocus) button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (open === null) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      setOpen(event.key === "ArrowDown" ? 0 : items.length - 1);
      return;
    }
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      event.stopPropagation();
      close(event.key === "Escape");
      return;
    }
    const to = listMove(event, open, items.length, "y") ?? typed(event);
    if (to === null) return;
    event.preventDefault();
    setOpen(to);
  };
  const typed = (event: KeyboardEvent): number | null => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return null;
    const letter = event.key.toLowerCase();
    const found = items.findIndex((item) => item.text.toLowerCase().startsWith(letter));
    return found < 0 ? null : found;
  };
  const onFocusOut = (event: FocusEvent) => {
    if (open !== null && !box.current?.contains(event.relatedTarget as Node | null)) setOpen(null);
  };
  return (
    <div class="ja-menu" role="none" ref={box} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        ref={button}
        type="button"
        class="ja-btn ja-btn-plain"
        aria-haspopup="menu"
        aria-expanded={open !== null}
        aria-controls={open === null ? undefined : id}
        disabled={disabled}
        onClick={() => setOpen(open === null ? 0 : null)}
      >
        {text}
        <DownIcon />
      </button>
      {open !== null && (
        <div class="ja-menu-list" role="menu" id={id} aria-label={text}>
          {items.map((item, index) => (
            <button
              key={item.text}
              type="button"
              {...(item.checked === undefined
                ? { role: "menuitem" }
                : { role: "menuitemcheckbox", "aria-checked": item.checked })}
              tabIndex={index === open ? 0 : -1}
              aria-disabled={item.disabled}
              onClick={() => {
                if (item.disabled) return;
                if (item.checked === undefined) close(true);
                item.run();
              }}
            >
              {item.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
