// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { tableScenes } from "../../dev/fixtures/table";
import { byRole, idle, press, until } from "../mount";
import { clear, draw, widen } from "./draw";

beforeEach(() => widen(1200));
afterEach(clear);

describe("keys", () => {
  it("move one tab stop through the cells", async () => {
    const { root, rows } = await draw();
    const stops = () => [...root.querySelectorAll<HTMLElement>(".ja-grid [tabindex='0']")];
    expect(stops()).toHaveLength(1);
    stops()[0]?.focus();
    press(document.activeElement as Element, "ArrowDown");
    await until(() => expect(document.activeElement).toBe(rows()[1]?.children[0]));
    press(document.activeElement as Element, "ArrowRight");
    await until(() => expect(document.activeElement).toBe(rows()[1]?.children[1]));
    press(document.activeElement as Element, "Home", { ctrlKey: true });
    await until(() => expect(document.activeElement?.textContent).toContain("Name"));
    expect(document.activeElement?.tagName).toBe("BUTTON");
    expect(stops()).toHaveLength(1);
  });

  it("reach the last of a million rows", async () => {
    const { root, asked } = await draw({}, tableScenes.million as Scene<"table">);
    root.querySelector<HTMLElement>(".ja-grid [tabindex='0']")?.focus();
    press(document.activeElement as Element, "End", { ctrlKey: true });
    await until(() =>
      expect(document.activeElement?.parentElement?.getAttribute("aria-rowindex")).toBe("1000001"),
    );
    await until(() => expect(asked().at(-1)?.offset).toBe(999_900));
    await until(() => expect(document.activeElement?.textContent).not.toBe(""));
  });

  it("keep the focus in the grid while its row is scrolled away", async () => {
    const { root } = await draw();
    root.querySelector<HTMLElement>(".ja-grid [tabindex='0']")?.focus();
    const box = root.querySelector(".ja-scroll") as HTMLElement;
    box.scrollTop = 34 * 500;
    box.dispatchEvent(new Event("scroll"));
    await until(() => expect(document.activeElement).toBe(box));
    press(box, "ArrowDown");
    await until(() => expect(document.activeElement?.parentElement?.getAttribute("aria-rowindex")).toBe("3"));
  });

  it("find a tab stop wherever the table is scrolled to", async () => {
    const { root } = await draw();
    const box = root.querySelector(".ja-scroll") as HTMLElement;
    box.scrollTop = 34 * 500;
    box.dispatchEvent(new Event("scroll"));
    const stops = () => [...root.querySelectorAll<HTMLElement>(".ja-grid [tabindex='0']")];
    await until(() =>
      expect(stops().map((each) => each.parentElement?.getAttribute("aria-rowindex"))).toEqual(["502"]),
    );
    stops()[0]?.focus();
    await idle();
    press(document.activeElement as Element, "ArrowDown");
    await until(() =>
      expect(document.activeElement?.parentElement?.getAttribute("aria-rowindex")).toBe("503"),
    );
  });

  it("select with Space and Shift, open with Enter, end with Escape", async () => {
    const { root, view } = await draw();
    root.querySelector<HTMLElement>(".ja-grid [tabindex='0']")?.focus();
    press(document.activeElement as Element, " ");
    await until(() => expect(view().selected).toEqual([1284]));
    press(document.activeElement as Element, "ArrowDown", { shiftKey: true });
    await until(() => expect(view().selected).toEqual([1284, 1283]));
    press(document.activeElement as Element, "Enter");
    await until(() => expect(byRole(root, "complementary").textContent).toContain("mnist-raw:v213"));
    expect(view().opened).toBe(1283);
    press(root.querySelector(".ja-grid [tabindex='0']") as Element, "Escape");
    await until(() => expect(view()).toMatchObject({ opened: null, selected: [] }));
    expect(root.querySelector("aside")).toBeNull();
  });
});
