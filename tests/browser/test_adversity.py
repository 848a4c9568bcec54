"""Panels whose notebook is not kind to them: outputs cleared, cells deleted, very many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import LOG
from tests.browser.lab import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser.lab import Lab, Notebook

pytestmark = pytest.mark.browser

# JupyterLab shows the first 50 outputs of a cell; a panel is two.
IN_A_CELL, MANY = 20, 200
CELLS = [
    LOG,
    "table = ja.artifacts()\ntable",
    "graph = ja.lineage()\nlink = ja.link(table, graph)\ngraph",
    *[f"for number in range({IN_A_CELL}):\n    panels.card('mnist-raw:v1', 'used').show()"] * (MANY // IN_A_CELL),
]
TABLE, GRAPH, CARDS = 1, 2, 3
# Runs a cell and takes its outputs away as soon as the first is there, before its panel can be drawn.
CLEARED = """async cell => {
  const { content } = window.jupyterapp.shell.currentWidget;
  content.activeCellIndex = cell;
  const { model } = content.activeCell.outputArea;
  model.clear();
  void window.jupyterapp.commands.execute('notebook:run-cell');
  for (let turn = 0; turn < 1000 && model.length === 0; turn++) await new Promise((next) => setTimeout(next, 5));
  const found = model.length;
  model.clear();
  return found;
}"""


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    with opened(browser, lab, "adversity", CELLS) as book:
        for cell in (0, TABLE, GRAPH):
            book.run_cell(cell)
        yield book


@pytest.mark.usefixtures("quiet")
def test_outputs_that_are_cleared_while_a_panel_loads_leave_nothing_behind(notebook: Notebook) -> None:
    for _ in range(3):
        assert notebook.page.evaluate(CLEARED, TABLE) > 0
        notebook.ready()
        notebook.page.evaluate(
            "i => window.jupyterapp.shell.currentWidget.content.widgets[i].outputArea.model.clear()", TABLE
        )
        notebook.ask("None", "table.query = 'type:model'; table.query = ''")
    expect(notebook.panel(TABLE)).to_have_count(0)
    notebook.run_cell(TABLE)
    expect(notebook.panel(TABLE).locator("tbody tr")).to_have_count(7)
    expect(notebook.twin(TABLE)).to_be_hidden()


@pytest.mark.usefixtures("quiet")
def test_two_hundred_panels_are_drawn_from_one_copy_of_the_code(notebook: Notebook) -> None:
    ids = set()
    evaluated = []
    for cell in range(CARDS, len(CELLS)):
        notebook.run_cell(cell)
        notebook.output(cell).scroll_into_view_if_needed()
        expect(notebook.panel(cell)).to_have_count(IN_A_CELL)
        expect(notebook.output(cell).locator("[data-ja-static]:visible")).to_have_count(0)
        ids |= set(notebook.twin(cell).evaluate_all("all => all.map((each) => each.dataset.jaStatic)"))
        evaluated.append(notebook.page.evaluate("() => Object.keys(globalThis.jaCode ?? {}).length"))
    assert len(ids) == MANY
    assert len(set(evaluated[1:])) == 1
    last = notebook.panel(len(CELLS) - 1).last
    last.get_by_role("button", name="Files").click()
    expect(last).to_contain_text("training.bin")


@pytest.mark.usefixtures("quiet")
def test_a_deleted_cells_panel_lives_on_in_python(notebook: Notebook) -> None:
    notebook.run_cell(GRAPH)
    expect(notebook.panel(GRAPH).locator(".ja-node").first).to_be_visible()
    notebook.delete_cell(GRAPH)
    notebook.panel(TABLE).locator("tbody tr").filter(has_text="convnet").locator("td").last.click()
    notebook.wait_for("(graph.selected, table.selected)", ["convnet:v0", ["convnet:v0"]])
    notebook.ask("None", "graph.level = 'exploded'; log('late', 'report', {'a': b'1'}, {}, 'report')")
    expect(notebook.panel(TABLE).locator("tbody tr")).to_have_count(8)
    notebook.add_cell("graph")
    notebook.run_cell(len(CELLS) - 1)
    expect(notebook.panel(len(CELLS) - 1).locator(".ja-node").first).to_be_visible()


@pytest.fixture
def million(browser: Browser, dev_page: Path) -> Iterator[Page]:
    """Return the table of a million rows, on a page where no script fails."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{dev_page.as_uri()}?only=table/million&width=1000")
    page.wait_for_function("window.JA_READY === true")
    yield page
    page.close()
    assert errors == []


def test_a_million_rows_by_keyboard_as_fast_as_keys_repeat(million: Page) -> None:
    here = "() => Number(document.activeElement.closest('tr')?.getAttribute('aria-rowindex') ?? 0)"
    million.locator("tbody tr td").first.click()
    start = million.evaluate(here)
    for key, times in (("PageDown", 60), ("Control+End", 1), ("PageUp", 60), ("Control+Home", 1), ("ArrowDown", 200)):
        for _ in range(times):
            million.keyboard.press(key)
        row = million.evaluate(here)
        assert row > 0, f"{key}: the focus has left the table"
        expect(million.locator(f"tr[aria-rowindex='{row}']")).to_be_visible()
        expect(million.locator(f"tr[aria-rowindex='{row}'] > *").nth(1)).not_to_have_text("")
        assert {"PageDown": row > start + 300, "Control+End": row > 1_000_000, "Control+Home": row <= 2}.get(key, True)
    assert million.evaluate(here) == 201
    assert million.locator("tbody tr").count() < 200
