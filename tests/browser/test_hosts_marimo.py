"""Panels in marimo itself: live in its cells, heard by its reactive Python, many in one page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import HARD, LOG
from tests.browser.marimo_server import MarimoServer, write_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

# What each cell holds, what it uses, what it gives on.
CELLS = [
    (f"import marimo as mo\n{LOG}", "", "ja, log, mo, np, panels"),
    ("table = mo.ui.anywidget(ja.artifacts())\ntable", "ja, mo", "table,"),
    ("mo.md('heard ' + ' and '.join(table.value['view']['selected'] and table.widget.selected))", "mo, table", ""),
    ("second = ja.artifacts()\nsecond", "ja", "second,"),
    (
        "ja.artifact('trained-model:v1').show()\nja.lineage('trained-model:v1', up=None, down=None).show()",
        "ja, log",
        "",
    ),
    (f"{HARD}grid = mo.ui.anywidget(ja.image_grid(hard))\ngrid", "ja, mo, np", "grid,"),
    ("mo.md(f\"chosen {grid.value['view']['selected']}\")", "grid, mo", ""),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MarimoServer]:
    """Return a served app that logs a small project and shows panels."""
    path = tmp_path_factory.mktemp("marimo") / "app.py"
    write_app(path, CELLS)
    server = MarimoServer(path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, app: MarimoServer) -> Iterator[Page]:
    """Return the app in a browser, on which no script fails and nothing is fetched from elsewhere."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="dark")
    errors: list[str] = []
    outside: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith((app.url, "data:", "blob:")) else outside.append(asked.url),
    )
    opened.goto(app.url)
    expect(opened.locator("section.ja")).to_have_count(5, timeout=60_000)
    yield opened
    opened.close()
    assert errors == []
    assert outside == []


def panel(page: Page, kind: str, number: int = 0) -> Locator:
    """Return a panel of a kind; marimo puts each into a shadow root, which Playwright looks into."""
    found = page.locator(f"section.ja-{kind}").nth(number)
    found.scroll_into_view_if_needed()
    return found


def test_every_panel_is_drawn(page: Page, screenshots: Path) -> None:
    expect(panel(page, "table").locator("tbody tr")).to_have_count(7)
    expect(panel(page, "artifact")).to_contain_text("trained-model:v1")
    expect(panel(page, "lineage").locator(".ja-node")).to_have_count(8)
    for each in page.locator("section.ja").all():
        each.scroll_into_view_if_needed()
        expect(each).to_have_css("border-radius", "8px")
        assert each.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    page.screenshot(path=screenshots / "marimo.png")


def test_two_panels_of_the_same_are_two_panels(page: Page) -> None:
    second = panel(page, "table", 1)
    second.get_by_role("searchbox").fill("type:model")
    expect(second.locator("tbody tr")).to_have_count(4)
    expect(panel(page, "table").locator("tbody tr")).to_have_count(7)


def test_a_selection_runs_the_cells_that_use_it(page: Page) -> None:
    table = panel(page, "table")
    table.locator("tbody tr").filter(has_text="convnet").locator("td").last.click()
    expect(page.get_by_text("heard convnet:v0")).to_be_visible()
    expect(table.locator("tr[aria-selected=true]")).to_have_count(1)


def test_the_kernel_answers_with_facts_and_pictures(page: Page) -> None:
    detail = panel(page, "artifact")
    detail.get_by_role("tab", name=re.compile("Files")).click()
    expect(detail).to_contain_text("weights.safetensors")
    grid = panel(page, "examples")
    expect(grid.locator(".ja-tile-image").first).to_have_css("background-image", re.compile("blob:|data:image/png"))
    grid.locator(".ja-tile").nth(2).click()
    expect(page.get_by_text("chosen [2]")).to_be_visible()
    grid.locator(".ja-tile").nth(1).dblclick()
    expect(grid.locator("aside table tr")).to_have_count(10)
