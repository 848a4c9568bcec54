// What panels say: the English text is the key, the kernel brings the words of another language.
// A page speaks one language at a time: that of the panel that came last.

export type Language = "en" | "ja";

const words = new Map<string, string>();
let spoken: Language = "en";
const listeners = new Set<(of: string) => void>();

/** The language that is spoken now. */
export function language(): Language {
  return spoken;
}

/** The language that a kernel's setting means here: "auto" and none are the browser's. */
export function meant(setting: unknown): Language {
  const wanted = setting === "en" || setting === "ja" ? setting : navigator.language;
  return /^ja\b/.test(wanted) ? "ja" : "en";
}

/** Speaks a language; `dictionary` are the words of panels of the kind `of`. What is lacking stays English. */
export function speak(next: Language, dictionary: Readonly<Record<string, string>>, of: string): void {
  const before = words.size;
  const other = next !== spoken;
  spoken = next;
  if (next === "en") words.clear();
  else for (const [key, text] of Object.entries(dictionary)) words.set(key, text);
  if (other || words.size > before) for (const listener of [...listeners]) listener(other ? "" : of);
}

/** Calls back when other words are there: for panels of one kind, or ("") for all. Returns how to stop it. */
export function onWords(callback: (of: string) => void): () => void {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

type Parts<T> = Readonly<Record<string, T>>;

/** A text with its `{parts}` filled in; numbers with commas. */
export function say(text: string, parts: Parts<string | number> = {}): string {
  return mix(text, parts)
    .map((piece) => (typeof piece === "number" ? integer(piece) : piece))
    .join("");
}

/** The same as a list, for parts that are elements: `{mix("by {run}", { run: <RunMark … /> })}`. */
export function mix<T>(text: string, parts: Parts<T>): (string | T)[] {
  return (words.get(text) ?? text)
    .split(/\{(\w+)\}/)
    .map((piece, i) => (i % 2 ? (Object.hasOwn(parts, piece) ? (parts[piece] as T) : `{${piece}}`) : piece));
}

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** "1,284". */
export function integer(value: number): string {
  return Number.isFinite(value) ? WHOLE.format(value) : String(value);
}
