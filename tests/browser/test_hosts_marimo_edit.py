"""Panels where a marimo notebook is written (``marimo edit``): shown, moved from both sides, run again, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import LOG
from tests.browser.marimo_server import MarimoServer, write_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

CELLS = [
    (f"import marimo as mo\n{LOG}", "", "ja, log, mo, np, panels"),
    ("table = mo.ui.anywidget(ja.artifacts())\ntable", "ja, log, mo", "table,"),
    ("mo.md('heard ' + ' and '.join(table.value['view']['selected'] and table.widget.selected))", "mo, table", ""),
    ("table.widget.query = 'type:model'", "table", ""),
    ("ja.lineage('trained-model:v1', up=None, down=None)", "ja, log", ""),
]
TABLE, MOVED, LINEAGE = 1, 3, 4


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return the notebook in its editor, all cells run but the one that moves a trait."""
    path = tmp_path_factory.mktemp("marimo-edit") / "app.py"
    write_app(path, CELLS)
    server = MarimoServer(path, "edit")
    server.start()
    errors: list[str] = []
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    try:
        opened.goto(server.url)
        for number in (0, TABLE, 2, LINEAGE):
            run(opened, number)
        expect(opened.locator("section.ja")).to_have_count(2, timeout=60_000)
        yield opened
    finally:
        opened.close()
        server.stop()
    assert errors == []


def cell(page: Page, number: int) -> Locator:
    """Return a cell, counted from 0."""
    return page.locator("[data-cell-id][data-cell-name]").nth(number)


def run(page: Page, number: int) -> None:
    """Press a cell's own button."""
    cell(page, number).hover()
    cell(page, number).get_by_test_id("run-button").first.click()


def test_a_click_is_heard_by_the_cells_that_use_the_panel(page: Page) -> None:
    rows = page.locator("section.ja-table tbody tr")
    expect(rows).to_have_count(7)
    rows.filter(has_text="convnet").locator("td").last.click()
    expect(page.get_by_text("heard convnet:v0")).to_be_visible()


def test_a_cell_that_moves_a_trait_moves_the_panel(page: Page) -> None:
    run(page, MOVED)
    expect(page.locator("section.ja-table tbody tr")).to_have_count(4)


def test_a_cell_that_is_run_again_shows_one_panel_again(page: Page) -> None:
    for _ in range(2):
        run(page, LINEAGE)
        expect(page.locator("section.ja-lineage .ja-node")).to_have_count(8)
    expect(page.locator("section.ja-lineage")).to_have_count(1)
    run(page, TABLE)
    # Whatever uses it runs too, the cell that moves the trait among them.
    expect(page.locator("section.ja-table tbody tr")).to_have_count(4)
    expect(page.locator("section.ja-table")).to_have_count(1)
    page.locator("section.ja-table tbody tr").filter(has_text="convnet").locator("td").last.click()
    expect(page.get_by_text("heard convnet:v0")).to_be_visible()
    expect(page.locator("section.ja-lineage .ja-node")).to_have_count(8)
