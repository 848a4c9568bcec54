import { visible } from "../shared/format";
import type { ColumnFacts } from "../shared/protocol.gen";
import { Menu } from "../shared/ui/Menu";
import { say } from "../shared/words";

const METADATA = "metadata.";

interface ColumnMenuProps {
  facts: readonly ColumnFacts[];
  /** The metadata keys that are shown. */
  chosen: readonly string[];
  disabled: boolean;
  onChange(keys: string[]): void;
}

/** Chooses metadata keys as columns. */
export function ColumnMenu({ facts, chosen, disabled, onChange }: ColumnMenuProps) {
  const known = facts
    .filter(({ name }) => name.startsWith(METADATA))
    .map(({ name }) => name.slice(METADATA.length));
  // What is shown can be taken away, also where no row has it any more.
  const keys = [...new Set([...known, ...chosen])];
  if (keys.length === 0) return null;
  return (
    <Menu
      text={say("Columns")}
      disabled={disabled}
      items={keys.map((key) => {
        const checked = chosen.includes(key);
        return {
          text: visible(key, 60),
          checked,
          run: () => onChange(checked ? chosen.filter((each) => each !== key) : [...chosen, key]),
        };
      })}
    />
  );
}
