"""Two notebooks of one store in one JupyterLab page, each with a kernel: what is one's does not reach the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import LOG
from tests.browser.lab import Notebook, write_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

# The same cells with the same ids, as in a copied notebook.
CELLS = [
    "import jupyter_artifacts as ja",
    "table = ja.artifacts()\ntable",
    "graph = ja.lineage('trained-model:v1', up=None, down=None)\nlink = ja.link(table, graph)\ngraph",
]
TABLE, GRAPH = 1, 2
BESIDE = """path => window.jupyterapp.commands.execute('docmanager:open', {path, options: {mode: 'split-right'}})
  .then(() => null)"""


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    """Return a notebook that has been run, with its copy run beside it."""
    folder = lab.root / "side-by-side"
    folder.mkdir()
    write_notebook(folder / "one.ipynb", [LOG, *CELLS[1:]])
    write_notebook(folder / "two.ipynb", CELLS)
    opened = Notebook.open(browser, lab, "side-by-side/one.ipynb", width=1800)
    opened.wide()
    opened.run_all()
    opened.page.evaluate(BESIDE, "side-by-side/two.ipynb")
    opened.page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('two.ipynb')")
    opened.ready()
    opened.run_all()
    yield opened
    opened.close()


def activate(notebook: Notebook, name: str) -> None:
    """Make one of the two the one that commands mean."""
    notebook.page.evaluate(
        """name => {
          const { shell } = window.jupyterapp;
          const wanted = [...shell.widgets('main')].find((each) => each.title.label.startsWith(name));
          shell.activateById(wanted.id);
        }""",
        name,
    )
    notebook.page.wait_for_function(f"() => window.jupyterapp.shell.currentWidget.title.label.startsWith('{name}')")


def side(notebook: Notebook, number: int, cell: int) -> Locator:
    """Return the live panel of a cell of the left (0) or right (1) notebook."""
    book = notebook.page.locator(".jp-NotebookPanel").nth(number)
    return book.locator(".jp-Cell").nth(cell).locator(".jp-OutputArea").first.locator("section.ja")


def test_each_shows_its_panels_and_hides_its_twins(notebook: Notebook) -> None:
    for number in (0, 1):
        expect(side(notebook, number, TABLE).locator("tbody tr")).to_have_count(7)
        expect(side(notebook, number, GRAPH).locator(".ja-node")).to_have_count(8)
    expect(notebook.page.locator("[data-ja-static]:visible")).to_have_count(0)


def test_a_link_moves_the_panels_of_its_own_notebook(notebook: Notebook) -> None:
    side(notebook, 1, TABLE).locator("tbody tr").filter(has_text="convnet").locator("td").last.click()
    expect(side(notebook, 1, GRAPH).locator("aside")).to_contain_text("convnet:v0")
    assert notebook.ask("table.selected") == ["convnet:v0"]
    expect(side(notebook, 0, TABLE).locator("tr[aria-selected=true]")).to_have_count(0)
    activate(notebook, "one")
    assert notebook.ask("table.selected") == []
    notebook.ask("None", "table.selected = ['mnist-raw:v1']")
    expect(side(notebook, 0, TABLE).locator("tr[aria-selected=true]")).to_contain_text("mnist-raw")
    expect(side(notebook, 1, TABLE).locator("tr[aria-selected=true]")).to_contain_text("convnet")


def test_what_one_logs_both_show(notebook: Notebook) -> None:
    activate(notebook, "one")
    notebook.ask("None", "log('report', 'report', {'report.txt': b'fine'}, {}, 'report', ['trained-model:v2'])")
    expect(side(notebook, 0, TABLE).locator("tbody tr")).to_have_count(8)
    activate(notebook, "two")
    # Another process's news is heard of when its kernel is asked.
    notebook.ask("None", "table.query = 'type:report'")
    expect(side(notebook, 1, TABLE).locator("tbody tr")).to_have_count(1)


def test_one_goes_on_when_the_others_kernel_is_gone(notebook: Notebook) -> None:
    activate(notebook, "one")
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown().then(() => null)")
    activate(notebook, "two")
    notebook.ask("None", "table.query = ''")
    expect(side(notebook, 1, TABLE).locator("tbody tr")).to_have_count(8)
    side(notebook, 1, GRAPH).get_by_text("List", exact=True).click()
    expect(side(notebook, 1, GRAPH)).to_contain_text("mnist-preprocess")
    expect(side(notebook, 0, TABLE).locator("tbody tr").first).to_be_visible()
