import type { Ref } from "preact";
import { SearchIcon } from "./icons";

interface SearchBoxProps {
  label: string;
  placeholder: string;
  value: string;
  onInput(value: string): void;
  /** Enter was pressed. */
  onEnter?: () => void;
  /** Why the text is not understood; shown by the caller under this id. */
  errorId?: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
  wide?: boolean;
  disabled?: boolean;
}

export function SearchBox(props: SearchBoxProps) {
  const {
    label,
    placeholder,
    value,
    onInput,
    onEnter,
    errorId,
    inputRef,
    wide = false,
    disabled = false,
  } = props;
  return (
    <label class={`ja-search${wide ? " ja-search-wide" : ""}`}>
      <SearchIcon />
      <input
        ref={inputRef ?? null}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        disabled={disabled}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={errorId !== undefined}
        aria-describedby={errorId}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onEnter?.();
          if (event.key === "Escape" && value !== "") {
            event.stopPropagation();
            onInput("");
          }
        }}
      />
    </label>
  );
}
