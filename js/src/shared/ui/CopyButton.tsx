import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "../dom";
import { visible } from "../format";
import { useHost } from "../panel";
import { say } from "../words";
import { CheckIcon, CopyIcon } from "./icons";
import "./parts.css";

interface CopyButtonProps {
  /** What is copied. */
  text: string;
  /** Its name: "Copy the digest". */
  label: string;
  /** Shows the words, not the picture alone. */
  words?: boolean;
}

export function CopyButton({ text, label, words = false }: CopyButtonProps) {
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
    setState(done ? /* say */ "Copied" : /* say */ "Not allowed here");
    announce(done ? say("Copied") : say("This page does not allow copying"));
  };
  const said = state && say(state);
  return (
    <button
      ref={ref}
      type="button"
      class={words ? "ja-btn ja-btn-plain" : "ja-btn ja-btn-ghost"}
      aria-label={label}
      title={said || label}
      onClick={copy}
    >
      {state === "Copied" ? <CheckIcon /> : <CopyIcon />}
      {words && (said || label)}
    </button>
  );
}

/** A line of code that is there to be copied. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div class="ja-snippet">
      <pre>
        <code>{visible(code)}</code>
      </pre>
      <CopyButton text={code} label={label} />
    </div>
  );
}
