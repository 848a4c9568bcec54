import { describe, expect, it } from "vitest";
import * as format from "../../src/shared/format";

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [52_400_000, "52.4 MB"],
    [99_949_999, "99.9 MB"],
    [99_950_000, "100 MB"],
    [999_499_999, "999 MB"],
    [999_500_000, "1.0 GB"],
    [-1, "?"],
    [Number.NaN, "?"],
  ])("%d is %s", (count, text) => expect(format.bytes(count)).toBe(text));
});

describe("number", () => {
  it.each([
    [12, "12"],
    [1_199_882, "1,199,882"],
    [0.9714, "0.9714"],
    [0.97139999, "0.9714"],
    [1.2e-7, "1.2e-7"],
    [1e-300, "1e-300"],
    [2.5e9, "2,500,000,000"],
    [1234567.5, "1.23e6"],
    [1e21, "1.000e+21"],
    [-0.5, "-0.5"],
    [Number.POSITIVE_INFINITY, "Infinity"],
  ])("%d is %s", (value, text) => expect(format.number(value)).toBe(text));
});

it("counts with the right noun", () => {
  expect(format.count(1, "file")).toBe("1 file");
  expect(format.count(1284, "version")).toBe("1,284 versions");
  expect(format.count(2, "match", "matches")).toBe("2 matches");
});

describe("when", () => {
  const now = new Date(2026, 10, 23, 14, 30).getTime();
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime() / 1000;
  it.each([
    [at(2026, 10, 23, 0, 0), "today 00:00"],
    [at(2026, 10, 22, 23, 59), "yesterday 23:59"],
    [at(2026, 10, 21, 14, 7), "21 Nov 14:07"],
    [at(2025, 2, 3, 1, 1), "3 Mar 2025"],
    [Number.NaN, "?"],
    [1e20, "?"],
  ])("%d is %s", (seconds, text) => expect(format.when(seconds, now)).toBe(text));
});

it("tells a time exactly, with its zone", () => {
  expect(format.exactly(at(2026, 10, 21, 14, 7, 33))).toMatch(/^2026-11-21 14:07:33 \S+/);
  expect(format.exactly(Number.NaN)).toBe("?");
  function at(...parts: [number, number, number, number, number, number]) {
    return new Date(...parts).getTime() / 1000;
  }
});

describe("duration", () => {
  it.each([
    [0.42, "0.4 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [185, "3 min 5 s"],
    [7800, "2 h 10 min"],
  ])("%d is %s", (seconds, text) => expect(format.duration(seconds)).toBe(text));
});

describe("visible", () => {
  it("writes hidden characters out", () => {
    expect(format.visible("\u202egnp.exe")).toBe("\\u202egnp.exe");
    expect(format.visible("\u001b[31m\u0000")).toBe("\\x1b[31m\\x00");
    expect(format.visible("lone \ud800")).toBe("lone \\ud800");
  });
  it("keeps scripts, joined emoji and line ends as they are", () => {
    const text = "学習 مجموعة 👩‍🔬 a\nb\tc";
    expect(format.visible(text)).toBe(text);
  });
  it("cuts after a limit", () => {
    expect(format.visible("a".repeat(20), 5)).toBe("aaaa…");
    expect(format.visible("aaaaa", 5)).toBe("aaaaa");
  });
});

it("shows a digest without its method", () => {
  expect(format.shortDigest("sha256:9c41d0e7a2f5bbbb")).toBe("9c41d0e7a2f5");
  expect(format.shortDigest("9c41", 8)).toBe("9c41");
});

it("shows short flat lists on one line, others by their length", () => {
  expect(format.scalar([0.9, 0.999])).toBe("[0.9, 0.999]");
  expect(format.scalar([])).toBe("[]");
  expect(format.scalar([[1], [2]])).toBe("2 items");
  expect(format.scalar(Array.from({ length: 7 }, (_, i) => i))).toBe("7 items");
  expect(format.scalar({ a: 1 })).toBe("1 key");
  expect(format.scalar(null)).toBe("null");
});
