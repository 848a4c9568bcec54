// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { count, duration, when } from "../../src/shared/format";
import { language, meant, mix, onWords, say, speak } from "../../src/shared/words";

beforeEach(() => speak("en", {}, ""));
afterEach(() => speak("en", {}, ""));

it("says English where nothing else was asked for", () => {
  expect(language()).toBe("en");
  expect(say("{n} rows", { n: 1284 })).toBe("1,284 rows");
  expect(count(1, "file")).toBe("1 file");
});

it("says another language, and English where a word is missing", () => {
  speak("ja", { "{n} files": "{n} ファイル", "{m} min {s} s": "{m} 分 {s} 秒" }, "card");
  expect(count(1, "file")).toBe("1 ファイル");
  expect(count(2, "row")).toBe("2 rows");
  expect(duration(185)).toBe("3 分 5 秒");
});

it("writes dates in the order of the language", () => {
  const now = new Date(2026, 10, 23).getTime();
  const then = new Date(2026, 2, 3, 9, 5).getTime() / 1000;
  expect(when(then, now)).toBe("3 Mar 09:05");
  speak("ja", { "{day} {month} {clock}": "{nth}月{day}日 {clock}" }, "card");
  expect(when(then, now)).toBe("3月3日 09:05");
});

it("adds up the words of several kinds and forgets them with the language", () => {
  speak("ja", { Files: "ファイル" }, "card");
  speak("ja", { Runs: "実行" }, "run");
  expect([say("Files"), say("Runs")]).toEqual(["ファイル", "実行"]);
  speak("en", {}, "card");
  expect([say("Files"), say("Runs")]).toEqual(["Files", "Runs"]);
});

it("tells all of another language, and one kind of further words", () => {
  const heard: string[] = [];
  const stop = onWords((of) => heard.push(of));
  speak("en", {}, "card");
  speak("ja", { Files: "ファイル" }, "card");
  speak("ja", { Runs: "実行" }, "run");
  speak("ja", { Runs: "実行" }, "run");
  stop();
  speak("en", {}, "card");
  expect(heard).toEqual(["", "run"]);
});

it("takes parts for what they are", () => {
  expect(say("by {run}", { run: "{n} $& {run}" })).toBe("by {n} $& {run}");
  expect(say("{constructor} {a}", { a: "1" })).toBe("{constructor} 1");
  expect(say("__proto__")).toBe("__proto__");
  expect(mix("by {run}, then", { run: 7 })).toEqual(["by ", 7, ", then"]);
});

it("means the browser's language where none was chosen", () => {
  expect([meant("ja"), meant("en")]).toEqual(["ja", "en"]);
  expect(meant("auto")).toBe(/^ja\b/.test(navigator.language) ? "ja" : "en");
  expect(meant(undefined)).toBe(meant("auto"));
});
