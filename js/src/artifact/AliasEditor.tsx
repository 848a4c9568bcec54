import { useState } from "preact/hooks";
import { visible } from "../shared/format";
import { useHost } from "../shared/panel";
import { errorText } from "../shared/rpc";
import { Button } from "../shared/ui/Button";
import { Alias } from "../shared/ui/Chip";
import { Notice } from "../shared/ui/Notice";
import { say } from "../shared/words";

interface AliasEditorProps {
  version: number;
  aliases: readonly string[];
  /** The version's aliases have changed to these. */
  onChange(aliases: string[]): void;
  onClose(): void;
}

/** Gives a version aliases and takes them; the kernel has the last word. */
export function AliasEditor({ version, aliases, onChange, onClose }: AliasEditorProps) {
  const { rpc, announce, live } = useHost();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState("");

  const change = async (add: string, remove: string) => {
    setError("");
    try {
      const { result } = await rpc.call("alias.change", { id: version, add, remove });
      if (add !== "") setTyped("");
      announce(
        add !== "" ? say("Alias {name} added", { name: add }) : say("Alias {name} removed", { name: remove }),
      );
      onChange(result.aliases);
    } catch (reason) {
      setError(errorText(reason));
    }
  };
  return (
    <form
      class="ja-alias-editor"
      aria-label={say("Aliases")}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") void change(typed.trim(), "");
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      {aliases.map((name) => (
        <span key={name} class="ja-alias-edit">
          <Alias name={name} />
          {name !== "latest" && (
            <Button
              kind="ghost"
              label={say("Remove alias {name}", { name: visible(name, 60) })}
              disabled={!live}
              onClick={() => void change("", name)}
            >
              ×
            </Button>
          )}
        </span>
      ))}
      <input
        aria-label={say("New alias")}
        placeholder={say("New alias")}
        value={typed}
        maxLength={64}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={error !== ""}
        onInput={(event) => setTyped(event.currentTarget.value)}
        ref={(input) => {
          // Opened by a click on "Edit": the next thing one does is to type.
          if (input && !input.dataset.met) {
            input.dataset.met = "1";
            input.focus();
          }
        }}
      />
      <button type="submit" class="ja-btn" disabled={!live || typed.trim() === ""}>
        {say("Add")}
      </button>
      <Button onClick={onClose}>{say("Done")}</Button>
      {error !== "" && (
        <Notice kind="error" role="alert">
          {error}
        </Notice>
      )}
    </form>
  );
}
