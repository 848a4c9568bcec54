// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, describe, expect, it } from "vitest";
import { Flat } from "../../src/lineage/side/Flat";
import type { JsonObject } from "../../src/shared/protocol.gen";

afterEach(() => {
  document.body.textContent = "";
});

function rows(data: JsonObject): string[] {
  render(<Flat data={data} none="No config" />, document.body);
  const found = [...document.querySelectorAll(".ja-flat > div")];
  return found.map((row) => [...row.children].map(({ textContent }) => textContent).join(" = "));
}

describe("flat data", () => {
  it("has what is further down with dots in its name", () => {
    expect(
      rows({ lr: 0.003, net: { layers: [{ out: 32 }, { out: 64 }], betas: [0.9, 0.999] }, none: {} }),
    ).toEqual([
      "lr = 0.003",
      "net.layers.0.out = 32",
      "net.layers.1.out = 64",
      "net.betas = [0.9, 0.999]",
      "none = {}",
    ]);
  });

  it("says when there is none", () => {
    expect(rows({})).toEqual([]);
    expect(document.body.textContent).toBe("No config");
  });

  it("ends, however deep and long it is", () => {
    let deep: JsonObject = { end: 1 };
    for (let i = 0; i < 3000; i++) deep = { "a long name for one step": deep };
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
    expect(rows({ deep })).toHaveLength(1);
    expect(rows(wide)).toHaveLength(300);
    expect(document.body.textContent).toContain("4,700 more");
  });
});
