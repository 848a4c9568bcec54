// Facts as short texts: the same words as the static twins (panels/words.py), with times as the reader's own.

import type { JsonValue } from "./protocol.gen";
import { integer, language, say } from "./words";

export { integer };

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** "0 B", "52.4 MB", "1.2 GB": decimal units; "?" where it is not known. */
export function bytes(count: number): string {
  if (!Number.isFinite(count) || count < 0) return "?";
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit + 1 < UNITS.length) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${Math.round(count)} B`;
  return `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "1 file", "3 files", "1,284 versions"; in other languages what "{n} files" is there. */
export function count(value: number, noun: string, nouns = `${noun}s`): string {
  const one = value === 1 && language() === "en";
  return say(`{n} ${one ? noun : nouns}`, { n: value });
}

/** A score with as many digits as one reads: "0.9714", "12", "1.2e-7". */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? integer(value) : value.toExponential(3);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  return String(Number(value.toPrecision(4)));
}

/** A metadata value on one line, as JSON would write it but for strings. */
export function scalar(value: JsonValue): string {
  if (typeof value === "string") return visible(value);
  if (typeof value === "number") return number(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return shortList(value) ?? count(value.length, "item");
  const keys = Object.keys(value).length;
  return keys === 0 ? "{}" : count(keys, "key");
}

/** A list on one line where it is short and flat: "[0.9, 0.999]"; else null. */
export function shortList(value: JsonValue): string | null {
  if (
    !Array.isArray(value) ||
    value.length > 6 ||
    value.some((each) => typeof each === "object" && each !== null)
  )
    return null;
  const text = `[${value.map(scalar).join(", ")}]`;
  return text.length > 50 ? null : text;
}

// Controls, bidirectional overrides and isolates, lone surrogates, tag characters: invisible, and able
// to make a text read as something it is not. Joiners stay: scripts and emoji need them.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** Writes hidden characters out, and cuts after `limit` characters (0: never). */
export function visible(text: string, limit = 0): string {
  const cut = limit > 0 && text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(HIDDEN, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The start of a digest, without the name of its method. */
export function shortDigest(digest: string, length = 12): string {
  const plain = digest.includes(":") ? digest.slice(digest.indexOf(":") + 1) : digest;
  return visible(plain.slice(0, length));
}

const DAY = 86_400_000;

/** "today 14:07", "yesterday 09:12", "21 Nov 14:07", "3 Mar 2025". */
export function when(seconds: number, now: number = Date.now()): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const clock = date.toTimeString().slice(0, 5);
  const days = Math.round((midnight(now) - midnight(date.getTime())) / DAY);
  if (days === 0) return say("today {clock}", { clock });
  if (days === 1) return say("yesterday {clock}", { clock });
  const parts = {
    clock,
    day: date.getDate(),
    month: date.toDateString().slice(4, 7),
    nth: date.getMonth() + 1,
    year: String(date.getFullYear()),
  };
  return date.getFullYear() === new Date(now).getFullYear()
    ? say("{day} {month} {clock}", parts)
    : say("{day} {month} {year}", parts);
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

// Making a formatter takes longer than drawing a row: one is kept, made when first needed.
let exact: Intl.DateTimeFormat | undefined;

/** "2026-11-21 14:07:33 GMT+9": for a tooltip, where the reader wants it exactly. */
export function exactly(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  exact ??= new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "long" });
  return exact.format(date);
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 9.95) return say("{s} s", { s: Math.max(seconds, 0).toFixed(1) });
  const whole = Math.round(seconds);
  if (whole < 60) return say("{s} s", { s: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return say("{m} min {s} s", { m: minutes, s: whole % 60 });
  return say("{h} h {m} min", { h: Math.floor(minutes / 60), m: minutes % 60 });
}
