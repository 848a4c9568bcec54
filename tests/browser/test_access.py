"""Every action of every panel by keyboard alone; after each no rule of accessibility is violated, light and dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.browser.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# The page is a bare frame: it has no headings or landmarks of its own for the panels to stand in.
NOT_OURS = ("region", "landmark-one-main", "page-has-heading-one", "landmark-unique", "landmark-no-duplicate-main")
AXE = """async (skip) => {
  const rules = Object.fromEntries(skip.map((name) => [name, {enabled: false}]));
  const found = await axe.run(document.querySelector("section.ja"), {resultTypes: ["violations"], rules});
  const of = (node) => node.html.slice(0, 160) + " :: " +
    node.any.concat(node.all, node.none).map((check) => check.message).join("; ");
  return found.violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map(of).join(" | ")}`);
}"""
DARK = """() => {
  const style = document.documentElement.style;
  style.setProperty("--jp-layout-color1", "#111");
  style.setProperty("--jp-ui-font-color1", "rgba(255,255,255,1)");
  style.setProperty("--jp-brand-color1", "#64b5f6");
  document.body.dataset.jpThemeLight = "false";
  return new Promise((done) => setTimeout(done, 100));
}"""


class Act(NamedTuple):
    """What is done (see `Keyboard.do`), what holds then, and what is said to who does not see it."""

    what: str
    steps: tuple[str, ...]
    holds: str
    said: str = ""


TABLES: dict[str, list[Act]] = {
    "card/logged": [
        Act("copies the line", ("> Copy", "Enter"), "/Copied/.test(root.innerHTML)"),
        Act("opens the metadata", ("> Metadata", "Enter"), "view.opened.includes('metadata')"),
        Act("opens the files", ("> Files", "Space"), "view.opened.includes('files')"),
        Act("walks in a tree", ("Tab", "ArrowDown"), "root.contains(focused)"),
        Act("closes the files", ("> Files", "Enter"), "!view.opened.includes('files')"),
    ],
    "table/many": [
        Act("goes to the heads", ("> val-predictions", "ArrowUp"), "focused.closest('thead')"),
        Act("sorts", ("Enter",), "view.sort === 'name'"),
        Act("sorts by time again", ("End", "Enter", "Enter"), "root.contains(focused)"),
        Act("filters", ("> Filter", "= type:model", "Tab"), "view.query === 'type:model'"),
        Act("clears the filter", ("> Filter", "Control+a", "Delete", "Tab"), "view.query === ''"),
        Act("shows collections", ("> Versions", "ArrowLeft"), "view.level === 'collections'"),
        Act("shows versions again", ("ArrowRight",), "view.level === 'versions'"),
        Act("goes down", ("> Columns", "Tab", "ArrowDown"), "focused.closest('tbody [aria-rowindex]')"),
        Act("selects", ("Space",), "view.selected?.length > 0"),
        Act("selects several", ("Shift+ArrowDown",), "view.selected.length > 1"),
        Act("opens", ("ArrowDown", "Enter"), "root.querySelector('aside')"),
        Act("goes to the end", ("Control+End",), "focused.closest('[aria-rowindex]').ariaRowIndex > 1000"),
        Act("closes the detail", ("> Close", "Enter"), "!root.querySelector('aside')"),
        Act("clears the selection", ("> Clear", "Enter"), "view.selected.length === 0"),
    ],
    "artifact/overview": [
        Act("goes to the metadata", ("> Overview", "ArrowRight"), "view.tab === 'metadata'"),
        Act("finds a key", ("> Find", "= adam"), "/Adam/.test(root.textContent)"),
        Act("goes to the files", ("> Metadata9", "ArrowRight"), "view.tab === 'files'"),
        Act("walks the files", ("> Find in Files", "Tab", "ArrowDown"), "focused.closest('[role=treegrid]')"),
        Act("looks into a file", ("ArrowUp", "End", "Enter"), "root.contains(focused)"),
        Act("goes to the versions", ("> Files14", "ArrowRight"), "view.tab === 'versions'"),
        Act("goes to the end of the tabs", ("End",), "view.tab !== 'versions'"),
        Act("comes back", ("Home",), "view.tab === 'overview'"),
    ],
    "lineage/tutorial": [
        Act("walks to an input", ("> trained-model:v0", "ArrowLeft"), "/gentle-cloud/.test(focused.textContent)"),
        Act("selects", ("Enter",), "view.selected === 'run:d'", r"gentle-cloud-4.*selected"),
        Act("zooms in", ("+",), "view.zoom > 0"),
        Act("fits", ("0",), "root.contains(focused)"),
        Act("turns the picture", ("> gentle-cloud-4, run", "t"), "view.direction === 'down'"),
        Act("turns it back", ("> Top to bottom", "Enter"), "view.direction === 'right'"),
        Act("finds", ("> gentle-cloud-4, run", "/", "= raw"), "/raw/.test(root.querySelector('input').value)"),
        Act("leaves finding", ("Control+a", "Delete"), "root.querySelector('input').value === ''"),
        Act("groups", ("> Exploded", "Home"), "view.level === 'grouped'"),
        Act("explodes", ("End",), "view.level === 'exploded'"),
        Act("opens the menu", ("> Export", "Enter"), "root.querySelector('[role=menu]')"),
        Act("walks the menu", ("ArrowDown",), "focused.closest('[role=menuitem]')"),
        Act("leaves the menu", ("Escape",), "!root.querySelector('[role=menu]') && /Export/.test(focused.textContent)"),
        Act("lists", ("> List", "Enter"), "root.querySelector('table')"),
        Act("walks the list", ("> gentle-cloud-4 run", "ArrowDown", "Enter"), "view.selected !== 'run:d'"),
        Act("draws again", ("> List", "Enter"), "root.querySelector('.ja-graph')"),
    ],
    "examples/few": [
        Act("walks", ("> 9.80", "ArrowRight"), "/9.20/.test(focused.textContent)"),
        Act("selects", ("Space",), "view.selected?.length === 1", "1 example selected|selected"),
        Act("enlarges", ("Enter",), "root.querySelector('aside')"),
        Act("closes it", ("> Close", "Enter"), "!root.querySelector('aside')"),
        Act("turns the order", ("> turn round", "Enter"), "view.descending === false"),
        Act("turns it back", ("Enter",), "view.descending === true"),
        Act("shows the wrong only", ("> All", "ArrowRight"), "view.wrong_only === true"),
        Act("shows all", ("ArrowLeft",), "view.wrong_only === false"),
        Act("opens the matrix", ("> Confusion", "Enter"), "root.querySelector('.ja-confusion')"),
        Act(
            "filters by a cell",
            ("Tab", "Tab", "Tab", "ArrowRight", "Enter"),
            "root.contains(focused)",
        ),
        Act("closes the matrix", ("> Confusion", "Enter"), "!root.querySelector('.ja-confusion')"),
    ],
    "run/compared": [
        Act("reads numbers off", ("> train/loss", "ArrowRight", "ArrowRight"), "root.contains(focused)", "train/loss"),
        Act("turns to time", ("> Step", "ArrowRight"), "view.axis === 'time'"),
        Act("turns to log", ("> Log", "Space"), "view.log === true"),
        Act("smoothes", ("> Smoothing", "ArrowRight"), "view.smooth > 0"),
        Act("goes to the numbers", ("> Charts", "ArrowRight"), "view.tab === 'numbers'"),
        Act("goes to the code", ("End",), "view.tab === 'code'"),
        Act("comes back", ("Home",), "view.tab === 'charts'"),
    ],
    "diff/text": [
        Act("closes the file", ("> Close the file", "Enter"), "!root.querySelector('.ja-lines')"),
        Act("opens another", ("> config.json", "ArrowDown", "Enter"), "view.file !== 0"),
        Act("filters", ("> Filter", "= json"), "/config.json/.test(root.textContent)"),
        Act("clears", ("Control+a", "Delete"), "root.contains(focused)"),
        Act("shows what was added", ("> All that differ", "ArrowRight"), "focused.getAttribute('role') === 'radio'"),
    ],
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page on which no script fails."""
    context = browser.new_context(viewport={"width": 1060, "height": 900})
    context.grant_permissions(["clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def test_every_panel_has_its_table(repository: Path) -> None:
    kinds = {path.stem for path in (repository / "js" / "src" / "entries").glob("*.ts")}
    assert {scene.partition("/")[0] for scene in TABLES} == kinds


@pytest.mark.parametrize("scene", list(TABLES))
def test_by_keyboard_alone(page: Page, dev_page: Path, repository: Path, scene: str) -> None:
    page.goto(f"{dev_page.as_uri()}?only={scene}&width=1000")
    page.wait_for_function("window.JA_READY === true")
    page.wait_for_timeout(150)
    page.evaluate((repository / "js" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    hands = Keyboard(page)
    hands.begin()
    wrong: list[str] = []
    for act in TABLES[scene]:
        try:
            hands.do(act.steps)
            hands.holds(act.holds)
        except Exception as error:  # noqa: BLE001  all rows are tried, and all that fail are told
            wrong.append(f"{act.what}: {str(error)[:300]}")
            continue
        if act.said and not re.search(act.said, hands.said()):
            wrong.append(f"{act.what}: said {hands.said()!r}")
        wrong += [f"{act.what}: {violation}" for violation in page.evaluate(AXE, list(NOT_OURS))]
        if page.evaluate("document.activeElement === document.body"):
            wrong.append(f"{act.what}: the focus is lost")
            hands.begin()
    page.evaluate(DARK)
    wrong += [f"in the dark: {violation}" for violation in page.evaluate(AXE, list(NOT_OURS))]
    assert not wrong, "\n".join(wrong)
