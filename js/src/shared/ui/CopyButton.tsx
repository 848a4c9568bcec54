import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "../dom";
import { visible } from "../format";
import { useHost } from "../panel";
import { CheckIcon, CopyIcon } from "./icons";
import "./parts.css";

interface CopyButtonProps {
  /** What is copied. */
  text: string;
  /** What it is, for the name "Copy <what>". */
  what: string;
  /** Shows the words, not the picture alone. */
  words?: boolean;
}

export function CopyButton({ text, what, words = false }: CopyButtonProps) {
  const { announce } = useHost();
  const [state, setState] = useState<"" | "Copied" | "Not allowed here">("");
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (state === "") return;
    const timer = setTimeout(() => setState(""), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    if (!ref.current?.parentElement) return;
    const done = await copyText(text, ref.current.parentElement);
    ref.current?.focus();
    setState(done ? "Copied" : "Not allowed here");
    announce(done ? `Copied ${what}` : "This page does not allow copying");
  };
  return (
    <button
      ref={ref}
      type="button"
      class={words ? "ja-btn ja-btn-plain" : "ja-btn ja-btn-ghost"}
      aria-label={`Copy ${what}`}
      title={state || `Copy ${what}`}
      onClick={copy}
    >
      {state === "Copied" ? <CheckIcon /> : <CopyIcon />}
      {words && (state || `Copy ${what}`)}
    </button>
  );
}

/** A line of code that is there to be copied. */
export function Snippet({ code, what = "code" }: { code: string; what?: string }) {
  return (
    <div class="ja-snippet">
      <pre>
        <code>{visible(code)}</code>
      </pre>
      <CopyButton text={code} what={what} />
    </div>
  );
}
