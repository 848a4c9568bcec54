import { listMove } from "../keyboard";

interface SegProps<V extends string> {
  label: string;
  value: V;
  options: readonly (readonly [value: V, text: string])[];
  onChange(value: V): void;
  disabled?: boolean;
}

/** A switch of few values: an APG radio group in the shape of joined buttons. */
export function Seg<V extends string>({ label, value, options, onChange, disabled = false }: SegProps<V>) {
  const at = Math.max(
    0,
    options.findIndex(([each]) => each === value),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const to = listMove(event, at, options.length, "xy");
    const option = to === null ? undefined : options[to];
    if (to === null || option === undefined || disabled) return;
    event.preventDefault();
    onChange(option[0]);
    (event.currentTarget as HTMLElement).querySelectorAll("button")[to]?.focus();
  };
  return (
    <div class="ja-seg" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {options.map(([each, text], index) => (
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={each === value}
          tabIndex={index === at ? 0 : -1}
          disabled={disabled}
          onClick={() => onChange(each)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
