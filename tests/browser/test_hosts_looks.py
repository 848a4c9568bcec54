"""Panels at the widths, zooms, colours and scripts that people read in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCENES = [
    *("card/opened", "table/many", "artifact/overview", "lineage/tutorial"),
    *("examples/few", "run/compared", "diff/text"),
]
# What each panel can show where little room tells.
REFLOWED = {
    "card": ["opened", "failed"],
    "table": ["many", "compared", "collections"],
    "artifact": ["overview", "metadata", "files", "versions", "usage", "lineage", "code"],
    "lineage": ["tutorial", "list"],
    "examples": ["few", "versus"],
    "run": ["compared", "overview", "numbers", "media", "code"],
    "diff": ["text", "table", "tensors", "pictures", "many"],
}
# Names that are written from right to left, and names without spaces to break at.
SCRIPTS = {
    "arabic": ["مجموعة-بيانات-الأرقام-المكتوبة-بخط-اليد", "نموذج-مدرب"],
    "japanese": ["手書き数字認識用畳み込みニューラルネットワーク学習済みモデル", "前処理済み学習データ"],
}
# Every name of a user's becomes one of those; the kernel's own words stay.
RENAME = """(names) => {
  const keys = new Set(["name", "label", "type", "job_type", "path", "description", "notes"]);
  let at = 0;
  const walk = (value, key) =>
    typeof value === "string" ? (keys.has(key) ? names[at++ % names.length] + (key === "label" ? ":v3" : "") : value)
    : Array.isArray(value) ? value.map((each) => walk(each, key))
    : value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)])) : value;
  for (const model of Object.values(window.JA_MODELS)) model.set("snapshot", walk(model.get("snapshot"), ""));
  return new Promise((done) => setTimeout(done, 200));
}"""
# What is wider than its panel, or cut off with nothing that says so.
WRONG = """() => [...document.querySelectorAll("section.ja")].flatMap((root) => {
  const found = [];
  const kind = root.className.split(" ")[1];
  const frame = root.getBoundingClientRect();
  if (root.scrollWidth > root.clientWidth + 1)
    found.push(`${kind} is ${root.scrollWidth} wide, not ${root.clientWidth}`);
  for (const button of root.querySelectorAll("button, input, select, [role=tab]")) {
    const box = button.getBoundingClientRect();
    if (box.width === 0 || button.closest(".ja-graph, .ja-scroll, .ja-tiles, [role=tablist], table, .ja-sr")) continue;
    if (box.left < frame.left - 1 || box.right > frame.right + 1)
      found.push(`${kind}: ${button.textContent || button.ariaLabel} ends ${box.right - frame.right} too far`);
  }
  return found;
})"""

# What ends outside of its panel, with no scroll bar or dots that say so.
OUT_OF_SIGHT = """() => [...document.querySelectorAll("section.ja")].flatMap((root) => {
  const frame = root.getBoundingClientRect();
  const isTold = (element) => {
    for (let at = element.parentElement; at && at !== root; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) || getComputedStyle(at).textOverflow === "ellipsis")
        return true;
    return false;
  };
  return [...root.querySelectorAll("*")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1) &&
      !each.closest(".ja-sr, .ja-graph, svg") && !isTold(each);
  }).map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`);
})"""


@pytest.fixture
def opened(browser: Browser, dev_page: Path) -> Iterator[Any]:
    """Return a function that opens the page of all panels; on it no script fails."""
    errors: list[str] = []
    contexts = []

    def show(width: int, *, scenes: list[str] = SCENES, theme: str = "light", **settings: Any) -> Page:
        context = browser.new_context(viewport={"width": width + 20, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{dev_page.as_uri()}?only={','.join(scenes)}&width={width}&theme={theme}")
        page.wait_for_function("window.JA_READY === true")
        page.wait_for_timeout(200)
        return page

    yield show
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.parametrize("width", [600, 1600])
def test_nothing_sticks_out(opened: Any, width: int, screenshots: Path) -> None:
    page = opened(width)
    assert page.evaluate(WRONG) == []
    page.screenshot(path=screenshots / f"width-{width}.png", full_page=True)


def test_at_twice_the_size(opened: Any, screenshots: Path) -> None:
    # Zoomed to 200 %, a window of 1,200 pixels has 600 left, each drawn by four.
    page = opened(580, device_scale_factor=2)
    assert page.evaluate(WRONG) == []
    page.screenshot(path=screenshots / "zoom-200.png", full_page=True)


@pytest.mark.parametrize("kind", list(REFLOWED))
def test_a_page_at_four_times_its_size_scrolls_one_way_only(opened: Any, kind: str, screenshots: Path) -> None:
    # WCAG 1.4.10: a window of 1,280 pixels at 400 % has 320 left.
    page = opened(300, scenes=[f"{kind}/{name}" for name in REFLOWED[kind]])
    assert page.locator("section.ja").count() == len(REFLOWED[kind])
    assert page.evaluate(WRONG) == []
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=screenshots / f"reflow-{kind}.png", full_page=True)


@pytest.mark.parametrize("script", list(SCRIPTS))
def test_names_of_other_scripts(opened: Any, script: str, screenshots: Path) -> None:
    page = opened(800)
    page.evaluate(RENAME, SCRIPTS[script])
    assert page.evaluate(WRONG) == []
    for panel in page.locator("section.ja").all():
        assert "could not be drawn" not in panel.inner_text()
    label = page.locator(".ja-artifact .ja-title bdi").first
    assert label.evaluate("e => e.textContent.endsWith(':v3') || e.parentElement.textContent.includes(':v3')")
    page.screenshot(path=screenshots / f"names-{script}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_with_forced_colours_what_is_chosen_is_seen(opened: Any, theme: str, screenshots: Path) -> None:
    page = opened(1000, theme=theme, forced_colors="active", color_scheme=theme)
    page.screenshot(path=screenshots / f"forced-{theme}.png", full_page=True)
    for chosen, other in (
        (".ja-table [role=radio][aria-checked=true]", ".ja-table [role=radio][aria-checked=false]"),
        (".ja-artifact [role=tab][aria-selected=true]", ".ja-artifact [role=tab][aria-selected=false]"),
        (".ja-table tbody tr[aria-selected=true] td", ".ja-table tbody tr[aria-selected=false] td"),
        (".ja-lineage .ja-node-selected", ".ja-lineage .ja-node:not(.ja-node-selected)"),
    ):
        looks = [
            page.locator(selector).first.evaluate(
                "e => { const s = getComputedStyle(e), a = getComputedStyle(e, '::after');"
                " return [s.backgroundColor, s.color, s.borderColor, s.borderWidth, s.outlineStyle, s.outlineColor,"
                " s.boxShadow, s.fontWeight, a.borderColor, a.backgroundColor].join() }"
            )
            for selector in (chosen, other)
        ]
        assert looks[0] != looks[1], f"{chosen} looks as what is not chosen"
