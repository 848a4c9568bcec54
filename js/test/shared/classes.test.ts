import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

/** Class names of a style sheet. */
const named = (file: string) =>
  [...readFileSync(join(SRC, file), "utf8").matchAll(/\.(ja-[\w-]+)/g)].map(([, name = ""]) => name);

/** Style sheets of all panels meet in one page: a class belongs to one panel, or to what is shared. */
describe("class names", () => {
  it("are of one panel only", () => {
    const sheets = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".css"),
    );
    const own = sheets.filter((file) => !file.startsWith("shared"));
    const shared = new Set(sheets.filter((file) => file.startsWith("shared")).flatMap(named));
    const owners = new Map<string, string>();
    for (const file of own) {
      const panel = file.split(sep)[0] ?? "";
      for (const name of named(file)) {
        if (shared.has(name)) continue;
        expect(owners.get(name) ?? panel, name).toBe(panel);
        owners.set(name, panel);
      }
    }
    expect(owners.size).toBeGreaterThan(50);
  });
});
