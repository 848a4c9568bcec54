"""The panels' code comes once a page and a kernel, whatever happens to either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import LOG
from tests.browser.lab import READY, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.lab import Lab, Notebook

pytestmark = pytest.mark.browser

BUSY = 'import time\nbusy = panels.card("mnist-raw:v1", "used")\nbusy.show()\ntime.sleep(6)'
# As in a host whose frames know nothing of each other's widgets.
LOST = """\
lost = panels.card("convnet:v0", "used")
lost.set_trait("code", [[each[0], "nowhere", *each[2:]] for each in lost.code])
lost.show()"""
CELLS = [LOG, "first = ja.run_panel()\nfirst", "second = ja.run_panel(tab='config')\nsecond", BUSY, LOST]
FIRST, SECOND, WHILE_BUSY, ALONE = 1, 2, 3, 4
# What a first drawing needs, and a moment later its pieces.
EVALUATED = "() => Object.keys(globalThis.jaCode ?? {}).length"
STATUS = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
SHEETS = "() => document.head.querySelectorAll('style[id^=ja-]').length"


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    with opened(browser, lab, "carriers", CELLS) as book:
        for cell in (0, FIRST, SECOND):
            book.run_cell(cell)
        yield book
        assert book.outside == []


def tab(notebook: Notebook, cell: int) -> Locator:
    """Return the open tab of a cell's live panel, not that of the stored one, which hides."""
    return notebook.panel(cell).locator("[role=tab][aria-selected=true] >> visible=true")


def test_two_panels_of_a_kind_are_one_evaluation(notebook: Notebook) -> None:
    expect(tab(notebook, FIRST)).to_contain_text("Charts")
    expect(tab(notebook, SECOND)).to_contain_text("Config")
    notebook.page.wait_for_function(f"({SHEETS})() === 4")
    assert notebook.page.evaluate(EVALUATED) == 4


def test_a_panel_of_a_new_kind_is_drawn_while_the_kernel_is_busy_with_its_cell(notebook: Notebook) -> None:
    notebook.page.evaluate(
        """i => {
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = i;
          window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        WHILE_BUSY,
    )
    expect(notebook.panel(WHILE_BUSY)).to_contain_text("mnist-raw:v1", timeout=5000)
    assert notebook.page.evaluate(STATUS) == "busy", "the panel has waited for the kernel"
    notebook.panel(WHILE_BUSY).get_by_role("button", name="Files").locator("visible=true").click()
    expect(notebook.panel(WHILE_BUSY).locator("[role=treegrid] >> visible=true")).to_be_visible()
    assert notebook.page.evaluate(STATUS) == "busy", "its pieces have waited for the kernel"
    assert notebook.page.evaluate(EVALUATED) == 6  # what only some panels share came with the runs
    notebook.page.wait_for_function(READY)


def test_where_no_carrier_is_found_the_kernel_is_asked(notebook: Notebook) -> None:
    notebook.run_cell(ALONE)
    expect(notebook.panel(ALONE)).to_contain_text("convnet", timeout=15_000)


def test_after_a_reload_panels_live_again(notebook: Notebook, lab: Lab) -> None:
    notebook.save()
    notebook.page.goto(f"{lab.url}/lab/tree/carriers/carriers.ipynb")
    notebook.page.wait_for_selector(".jp-Notebook .jp-Cell", state="attached")
    notebook.page.wait_for_function(READY)
    notebook.page.wait_for_function(f"({EVALUATED})() >= 2")
    expect(tab(notebook, SECOND)).to_contain_text("Config")
    notebook.ask("None", "second.view = {**second.view, 'tab': 'overview'}")
    expect(tab(notebook, SECOND)).to_contain_text("Overview")
    expect(notebook.twin(SECOND)).to_be_hidden()


def test_after_a_restart_a_new_kernel_carries_it_again(notebook: Notebook) -> None:
    notebook.restart_kernel()
    notebook.ask("None", "import jupyter_artifacts as ja")
    notebook.run_cell(FIRST)
    expect(tab(notebook, FIRST)).to_contain_text("Charts")
    notebook.ask("None", "first.view = {**first.view, 'tab': 'config'}")
    expect(tab(notebook, FIRST)).to_contain_text("Config")


def test_the_language_changes_under_an_open_panel(notebook: Notebook) -> None:
    panel = notebook.panel(FIRST).locator("visible=true")
    notebook.ask("None", "from jupyter_artifacts import words; words.choose('ja')")
    expect(panel).to_have_attribute("lang", "ja")
    expect(tab(notebook, FIRST)).to_contain_text("設定")
    notebook.ask("None", "words.choose('en')")
    expect(panel).to_have_attribute("lang", "en")
    expect(tab(notebook, FIRST)).to_contain_text("Config")


def test_a_panel_has_its_pieces_when_the_kernel_is_gone(notebook: Notebook) -> None:
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    panel = notebook.panel(FIRST).locator("visible=true")
    panel.get_by_role("tab", name="Overview").click()
    expect(panel.get_by_role("tabpanel")).to_contain_text("Project")
