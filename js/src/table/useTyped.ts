import { useEffect, useRef, useState } from "preact/hooks";

const PAUSE_MS = 250;

/**
 * Returns what is being typed, how to change it and how to hand it on at once. It is handed on when the
 * typing pauses, and follows when somebody else sets another text.
 */
export function useTyped(
  value: string,
  commit: (value: string) => void,
): [string, (value: string) => void, () => void] {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const mine = useRef<string[]>([]);
  const send = () => {
    if (typed === sent.current) return;
    sent.current = typed;
    mine.current.push(typed);
    commit(typed);
  };
  useEffect(() => {
    // What was handed on comes back a moment later; by then more may have been typed.
    const at = mine.current.indexOf(value);
    mine.current.splice(0, at + 1);
    if (at >= 0 || value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const timer = setTimeout(send, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped, send];
}
