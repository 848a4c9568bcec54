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
  const send = () => {
    if (typed === sent.current) return;
    sent.current = typed;
    commit(typed);
  };
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const timer = setTimeout(send, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped, send];
}
