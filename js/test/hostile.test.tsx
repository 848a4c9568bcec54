// @vitest-environment happy-dom
// Whatever a store holds is shown as text: no element, no attribute that acts, nothing that runs.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hostileDiff, hostileInsides } from "../dev/fixtures/diff";
import { HOSTILE, hostileCard, hostileDetail, hostileTable } from "../dev/fixtures/hostile";
import { hostileRun } from "../dev/fixtures/run";
import artifact from "../src/entries/artifact";
import card from "../src/entries/card";
import diff from "../src/entries/diff";
import run from "../src/entries/run";
import table from "../src/entries/table";
import { byRole, mount, until } from "./mount";

/** What a panel may draw, and the attributes that it may set. */
const ELEMENTS = new Set(
  (
    "section div span p b i h3 h4 dl dt dd ul ol li bdi pre code table thead tbody tr th td button label input svg " +
    "path aside header del ins figure figcaption g line text circle pre output fieldset legend"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "class role type title tabindex style disabled placeholder spellcheck autocomplete value scope id viewbox width " +
    "height d key rowspan colspan x y x1 x2 y1 y2 cx cy r min max step text-anchor"
  ).split(" "),
);
const STYLE = /^(?:[a-z-]+:\s*(?:[\d.]+(?:px|%)|translateY\(-?[\d.]+px\));?\s*)*$/;
const OWN_ID = /^ja-[a-z]+-[a-z0-9]+(?:-\w+)?$/;

function inspect(root: HTMLElement): void {
  for (const element of root.querySelectorAll("*")) {
    const name = element.localName;
    expect(ELEMENTS, `<${name}>`).toContain(name);
    for (const attribute of element.attributes) {
      const known =
        ATTRIBUTES.has(attribute.name.toLowerCase()) ||
        attribute.name.startsWith("aria-") ||
        attribute.name === "data-theme";
      expect(known, `${attribute.name} of <${name}>`).toBe(true);
      if (attribute.name === "style") expect(attribute.value.trim()).toMatch(STYLE);
      if (attribute.name === "id") expect(attribute.value).toMatch(OWN_ID);
      if (attribute.name === "class") expect(attribute.value).toMatch(/^(?:ja(?:-[a-z0-9]+)*(?: |$))+$/);
    }
  }
  expect(root.textContent).not.toContain("could not be drawn");
  expect((window as { JA_PWNED?: number }).JA_PWNED).toBeUndefined();
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

beforeEach(() => void vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200));
afterEach(() => {
  document.body.textContent = "";
  vi.restoreAllMocks();
});

describe.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))("%j", (_, text) => {
  it("in the difference of two versions is text, inside of every kind of file", () => {
    const snapshot = hostileDiff(text);
    for (const opened of [null, ...hostileInsides(text)]) {
      const view = { shown: "differ" as const, query: text, file: opened && 0 };
      const { root, clear } = mount(diff, "diff", { snapshot: { ...snapshot, opened }, view });
      inspect(root);
      clear();
    }
  });

  it("on the card is text", async () => {
    const snapshot = hostileCard(text);
    const { root } = mount(card, "card", { snapshot, view: { opened: ["metadata", "files", text] } });
    inspect(root);
    if (/^[ -~]{1,90}$/.test(text) && text.trim() !== "") expect(root.textContent).toContain(text);
    const failed = mount(card, "card", { snapshot: { ...snapshot, verb: text as "failed" } });
    inspect(failed.root);
  });

  it("in the artifact panel is text, on every tab", async () => {
    const snapshot = { detail: hostileDetail(text) };
    for (const tab of ["overview", "metadata", "files", "versions", "usage"]) {
      const { root, clear } = mount(artifact, "artifact", { snapshot, view: { tab } });
      inspect(root);
      if (/^[ -~]{1,40}$/.test(text) && text.trim() !== "") expect(root.textContent).toContain(text);
      clear();
    }
  });

  it("in the table is text, in the filter and in errors too", async () => {
    const { root } = mount(table, "table", hostileTable(text));
    await until(() => expect(byRole(root, "complementary").textContent).toContain("Digest"));
    await until(() => expect(root.querySelector("[role=alert]")).not.toBeNull());
    inspect(root);
  });
});

it("in the run panel is text, on every tab", async () => {
  for (const tab of ["charts", "numbers", "overview", "config", "summary", "code"]) {
    const { root, clear } = mount(run, "run", { snapshot: hostileRun(), view: { tab } });
    inspect(root);
    await until(() => expect(root.textContent).toContain("<script>"));
    clear();
  }
});
