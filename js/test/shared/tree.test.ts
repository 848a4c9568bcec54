import { describe, expect, it } from "vitest";
import type { FileRow, JsonValue } from "../../src/shared/protocol.gen";
import { countValues, fileRows, metadataRows, treeMove, typeAhead } from "../../src/shared/tree";

const NONE = new Map<string, boolean>();
const shape = (rows: { level: number; label: string; open: boolean | null }[]) =>
  rows.map(
    ({ level, label, open }) => `${"  ".repeat(level - 1)}${open === null ? "" : open ? "-" : "+"}${label}`,
  );

describe("metadataRows", () => {
  const data: JsonValue = {
    acc: 0.97,
    opt: { name: "Adam", lr: 0.003, more: { eps: 1 } },
    list: [1, 2],
    deep: [{ a: 1 }],
  };

  it("opens down to a depth", () => {
    expect(shape(metadataRows(data, NONE, "", 1))).toEqual([
      "acc",
      "-opt",
      "  name",
      "  lr",
      "  +more",
      "list",
      "-deep",
      "  +0",
    ]);
  });
  it("opens and closes what the reader said", () => {
    const opened = new Map([
      ["/opt", false],
      ["/deep/0", true],
    ]);
    expect(shape(metadataRows(data, opened, "", 1))).toEqual([
      "acc",
      "+opt",
      "list",
      "-deep",
      "  -0",
      "    a",
    ]);
  });
  it("finds keys and values, with the way to them", () => {
    expect(shape(metadataRows(data, NONE, "EPS"))).toEqual(["-opt", "  -more", "    eps"]);
    expect(shape(metadataRows(data, NONE, "adam"))).toEqual(["-opt", "  name"]);
    expect(shape(metadataRows(data, NONE, "0.97"))).toEqual(["acc"]);
    expect(metadataRows(data, NONE, "nothing")).toEqual([]);
  });
  it("tells apart keys that look alike as paths", () => {
    const rows = metadataRows({ "a/b": { c: 1 }, a: { "b/c": 1, b: { c: 1 } } }, NONE, "", 9);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });
  it("takes names of the prototype as plain keys", () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2,"toString":{"y":3}}') as JsonValue;
    expect(shape(metadataRows(hostile, NONE, "", 9))).toEqual([
      "-__proto__",
      "  x",
      "constructor",
      "-toString",
      "  y",
    ]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
  it("stops at a depth that nobody reads", () => {
    let deep: JsonValue = 1;
    for (let i = 0; i < 5000; i++) deep = { d: deep };
    expect(metadataRows(deep, NONE, "", 99999)).toHaveLength(40);
    expect(metadataRows(deep, NONE, "d")).toHaveLength(40);
  });
});

it("counts values, up to a limit", () => {
  expect(countValues({ a: 1, b: { c: 2 } }, 100)).toBe(3);
  expect(countValues({}, 100)).toBe(0);
  expect(
    countValues(
      Array.from({ length: 500 }, (_, i) => i),
      100,
    ),
  ).toBe(100);
});

const file = (path: string, size = 1): FileRow => ({ path, size, digest: "sha256:00", ref: null });

describe("fileRows", () => {
  const files = [
    file("b.txt"),
    file("a/2.png", 20),
    file("a/1.png", 10),
    file("a/x/y.bin", 5),
    file("c/z", -1),
  ];

  it("puts folders first, with what they hold", () => {
    const rows = fileRows(files, NONE);
    expect(shape(rows)).toEqual(["-a", "  -x", "    y.bin", "  2.png", "  1.png", "-c", "  z", "b.txt"]);
    expect(rows[0]).toMatchObject({ size: 35, files: 3, file: null });
    expect(rows[5]).toMatchObject({ size: -1, files: 1 });
  });
  it("is closed where there are many files", () => {
    const many = Array.from({ length: 61 }, (_, i) => file(`d/${i}`));
    expect(shape(fileRows(many, NONE))).toEqual(["+d"]);
    expect(fileRows(many, new Map([["d/", true]]))).toHaveLength(62);
  });
  it("filters by the whole path and opens what is left", () => {
    expect(shape(fileRows(files, NONE, "A/X"))).toEqual(["-a", "  -x", "    y.bin"]);
    expect(fileRows(files, NONE, "zzz")).toEqual([]);
  });
  it("takes any path as text", () => {
    const odd = [file("../../etc/passwd"), file("//"), file("__proto__/constructor"), file("")];
    const rows = fileRows(odd, NONE);
    expect(rows.filter((row) => row.file).length).toBe(4);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });
  it("survives a path of very many folders", () => {
    expect(fileRows([file(`${"d/".repeat(20_000)}f`)], NONE)).toHaveLength(41);
  });
});

describe("treeMove", () => {
  const row = (label: string, level: number, open: boolean | null = null) => ({
    id: label,
    label,
    level,
    open,
  });
  const rows = [row("a", 1, true), row("a1", 2), row("a2", 2, false), row("b", 1)];
  it.each([
    ["ArrowDown", 0, { to: 1 }],
    ["ArrowDown", 3, { to: 3 }],
    ["ArrowUp", 0, { to: 0 }],
    ["Home", 3, { to: 0 }],
    ["End", 0, { to: 3 }],
    ["PageDown", 0, { to: 3 }],
    ["ArrowRight", 0, { to: 1 }],
    ["ArrowRight", 2, { toggle: 2 }],
    ["ArrowRight", 1, null],
    ["ArrowLeft", 0, { toggle: 0 }],
    ["ArrowLeft", 2, { to: 0 }],
    ["ArrowLeft", 3, null],
    ["Enter", 2, { toggle: 2 }],
    [" ", 1, null],
    ["x", 0, null],
  ] as const)("%s at %d", (key, at, result) => expect(treeMove(key, rows, at)).toEqual(result));

  it("finds by letter, going round", () => {
    expect(typeAhead(rows, 0, "a")).toBe(1);
    expect(typeAhead(rows, 3, "A")).toBe(0);
    expect(typeAhead(rows, 0, "z")).toBe(-1);
    expect(typeAhead([], 0, "z")).toBe(-1);
  });
});
