"""The magics in JupyterLab: Tab on their lines, and what a cell in trouble shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.lab import Lab, Notebook

pytestmark = pytest.mark.browser

LOAD, FIRST, FAILS, REFUSED, EMPTY, STALE = range(6)
CELLS = [
    "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja",
    "%%log_artifact numbers -t dataset -v xx_numbers\nxx_numbers = [1, 2]",
    "%%log_artifact numbers -v xx_numbers\nxx_numbers = [3]\n1 / 0",
    "%%log_artifact numbers --typ dataset\nprint('ran')",
    "",
    "%stale",
]


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    with opened(browser, lab, "magics", CELLS) as book:
        for cell in (LOAD, FIRST, FAILS):
            book.run_cell(cell)
        yield book


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%%log_artifact numb", "numbers"),
        ("%use_artifact numbers:", "v0"),
        ("%artifact numbers:la", "latest"),
        ("%%log_artifact x --descr", "--description"),
        ("%%log_artifact x -v xx_n", "xx_numbers"),
        ("%track sta", "start"),
    ],
)
def test_tab(notebook: Notebook, line: str, offered: str) -> None:
    page = notebook.page
    cell = page.locator(".jp-Notebook .jp-Cell").nth(EMPTY)
    editor = cell.locator(".cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type(line)
    # One candidate is put in at once; of several a list opens.
    found = page.locator(".jp-Completer-match").filter(has_text=offered).or_(editor.filter(has_text=offered))
    for _ in range(8):
        # JupyterLab waits a second for a kernel's candidates; where the machine is slow one presses again.
        page.keyboard.press("Tab")
        page.wait_for_timeout(700)
        if found.count():
            break
    expect(found.first).to_be_visible()
    page.keyboard.press("Escape")


def test_a_failing_cell(notebook: Notebook) -> None:
    kinds = [(output["output_type"], output.get("name", "")) for output in notebook.outputs(FAILS)]
    assert kinds == [("stream", "stderr"), ("error", "")]
    output = notebook.output(FAILS)
    expect(output).to_contain_text("✗ numbers not logged (ZeroDivisionError, line 3); latest is still v0.")
    expect(output).to_contain_text("1 / 0")
    expect(output).not_to_contain_text("_ja_begin")
    expect(output).not_to_contain_text("jupyter_artifacts/magics")


def test_a_line_that_is_refused(notebook: Notebook) -> None:
    notebook.run_cell(REFUSED)
    (error,) = notebook.outputs(REFUSED)
    assert (error["output_type"], len(error["traceback"])) == ("error", 1)
    expect(notebook.output(REFUSED)).to_contain_text("there is no option --typ; did you mean '--type'?")


def test_stale_by_the_cell_that_failed(notebook: Notebook) -> None:
    """The cell that made v0 is edited, run, and fails: v0 is marked, with the notebook's own cell ids."""
    source = "%%log_artifact numbers -v xx_numbers\nxx_numbers = [1, 2, undefined]"
    notebook.page.evaluate(
        """([i, source]) => {
          window.jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.setSource(source);
        }""",
        [FIRST, source],
    )
    notebook.run_cell(FIRST)
    expect(notebook.output(FIRST)).to_contain_text("✗ numbers not logged (NameError, line 2)")
    notebook.run_cell(STALE)
    expect(notebook.output(STALE)).to_contain_text("its cell has changed since")
    assert notebook.ask("ja.Api().artifact('numbers').stale") is True


def test_the_console_stays_quiet(notebook: Notebook, screenshots: Path) -> None:
    notebook.picture(screenshots / "magics.png")
    assert notebook.errors == []
    assert notebook.outside == []


RUN_ALL = [
    CELLS[LOAD],
    "%%log_artifact kept -v x\nx = [1]",
    (
        "%%track --cache features -v doubled\nfrom IPython.display import HTML, display\n"
        "open('times', 'a').write('x')\nprint('printed')\ndisplay(HTML('<b class=\"shown\">displayed</b>'))\n"
        "display(ja.artifacts()); doubled = [2]\n6 * 7"
    ),
    "%%log_artifact kept -v x -m accuracy=1/0\nx = [2]",
    "reached = True",
]
CACHED, NOT_LOGGED, AFTER = 2, 3, 4


def test_run_all_stops_and_a_cached_cell_shows_itself_again(browser: Browser, lab: Lab) -> None:
    with opened(browser, lab, "run-all", RUN_ALL) as notebook:
        notebook.run_all()
        expect(notebook.output(NOT_LOGGED)).to_contain_text("NotLoggedError", timeout=60_000)
        expect(notebook.output(CACHED)).to_contain_text("the body runs")
        (error,) = notebook.outputs(NOT_LOGGED)
        assert (error["ename"], len(error["traceback"])) == ("NotLoggedError", 1)
        expect(notebook.output(NOT_LOGGED)).to_contain_text("in -m accuracy, 1/0 raised ZeroDivisionError")
        assert notebook.outputs(AFTER) == []
        assert notebook.ask("['reached' in globals(), x, ja.Api().artifact('kept').version]") == [False, [2], "v0"]

        notebook.restart_kernel()
        for cell in (0, CACHED):
            notebook.run_cell(cell)
        shown = notebook.output(CACHED)
        expect(shown).to_contain_text("↺ body not run", timeout=60_000)
        expect(shown).to_contain_text("printed")
        expect(shown.locator("b.shown")).to_be_visible()
        expect(notebook.twin(CACHED)).to_be_visible()
        expect(shown).to_contain_text("42")
        assert "widget-view" not in str(notebook.outputs(CACHED))
        assert notebook.ask("[doubled, open('times').read()]") == [[2], "x"]
        assert notebook.errors == []
