"""What differs between two versions, in JupyterLab: the panel, and the table that compares two rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.lab import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.lab import Lab, Notebook

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

LOG = """\
import io
import numpy as np
from PIL import Image
from safetensors.numpy import save
import jupyter_artifacts as ja
from jupyter_artifacts import panels

def picture(at):
    out = io.BytesIO()
    pixels = np.zeros((16, 16), np.uint8)
    pixels[at] = 200
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()

for n in range(2):
    with ja.init(project="digits", job_type="train", config={"lr": 0.1 / (n + 1)}) as run:
        made = ja.Artifact("net", type="model", metadata={"acc": 0.9 + n / 20, "note": "x"})
        files = {
            "model.safetensors": save({"w": np.full(4, n, np.float32)}),
            "notes.txt": f"learning rate\\n{n}\\n".encode(),
            "rows.csv": f"id,loss\\n1,0.5\\n2,{n}\\n".encode(),
            "sample.png": picture(4 + n),
            "same.bin": bytes(10),
        }
        for path, data in files.items():
            with made.new_file(path, "wb") as file:
                file.write(data)
        run.log_artifact(made)
"""
CELLS = [
    LOG,
    'd = panels.diff("net:v0")\nd',
    "table = ja.artifacts()\ntable",
    'ja.Api().artifact("net:v1").diff(ja.Api().artifact("net:v0"))',
]
DIFF, TABLE, CALLED = 1, 2, 3


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    """Return a notebook that has been run from top to bottom."""
    with opened(browser, lab, "diff", CELLS) as book:
        book.run_all()
        yield book


def test_keys_and_files_that_differ(notebook: Notebook) -> None:
    panel = notebook.panel(DIFF)
    panel.scroll_into_view_if_needed()
    expect(panel.get_by_role("group", name="Keys that differ")).to_contain_text("0.95")
    expect(panel.locator(".ja-diff-files tbody tr")).to_have_count(4)
    expect(notebook.twin(DIFF)).to_be_hidden()


def test_files_open_by_keyboard_and_python_hears_of_it(notebook: Notebook) -> None:
    panel = notebook.panel(DIFF)
    panel.locator(".ja-diff-files tbody tr").first.focus()
    panel.page.keyboard.press("Enter")
    expect(panel.locator(".ja-inside")).to_contain_text("Norm of difference")
    notebook.wait_for("d.file", "model.safetensors")
    panel.get_by_role("button", name="Close the file").click()
    notebook.wait_for("d.file", None)


@pytest.mark.parametrize(
    ("path", "said"),
    [("notes.txt", "1 line added, 1 line removed"), ("rows.csv", "1 changed"), ("sample.png", "pixels differ")],
)
def test_python_opens_files(notebook: Notebook, path: str, said: str) -> None:
    panel = notebook.panel(DIFF)
    notebook.ask("None", f"d.file = {path!r}")
    expect(panel.locator(".ja-inside")).to_contain_text(said)
    if path.endswith(".png"):
        expect(panel.get_by_role("img", name=re.compile("Difference"))).to_be_visible()
        sizes = panel.locator(".ja-inside img").evaluate_all("all => all.map((each) => each.naturalWidth)")
        assert sizes == [16, 16, 16]


def test_the_filter_goes_through_the_kernel(notebook: Notebook) -> None:
    panel = notebook.panel(DIFF)
    panel.get_by_role("radio", name=re.compile("The same")).click()
    expect(panel.locator(".ja-diff-files tbody tr")).to_have_count(1)
    expect(panel.locator(".ja-diff-files")).to_contain_text("same.bin")
    notebook.wait_for("d.view['shown']", "same")


def test_what_diff_returns_is_a_panel(notebook: Notebook) -> None:
    panel = notebook.panel(CALLED)
    panel.scroll_into_view_if_needed()
    expect(panel).to_have_class(re.compile(r"\bja-diff\b"))
    expect(panel.locator(".ja-sides")).to_contain_text("net:v0")


def test_two_rows_of_the_table_are_compared(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    notebook.ask("None", "table.selected = ['net:v0', 'net:v1']")
    panel.get_by_role("button", name="Compare").click()
    expect(panel.get_by_role("complementary", name="Difference")).to_contain_text("0.95")
    notebook.wait_for("table.view['compared']", True)
    panel.get_by_role("complementary", name="Difference").get_by_role("button", name="Close").click()
    notebook.wait_for("table.view['compared']", False)


def test_a_metadata_key_becomes_a_column_and_sorts(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    panel.get_by_role("button", name="Columns").click()
    panel.get_by_role("menuitemcheckbox", name="acc").click()
    panel.page.keyboard.press("Escape")
    notebook.wait_for("table.columns", ["acc"])
    expect(panel.locator("tbody tr").first).to_contain_text("0.95")
    panel.get_by_role("button", name="acc", exact=True).click()
    notebook.wait_for("table.view['sort']", "metadata.acc")
    panel.get_by_role("button", name="acc", exact=True).click()
    expect(panel.locator("tbody tr").first).to_contain_text("v0")


def test_rows_appear_while_the_cell_that_logs_them_is_busy(notebook: Notebook) -> None:
    panel = notebook.panel(TABLE)
    before = panel.locator("tbody tr").count()
    code = (
        "import time\nwith ja.init(project='digits') as run:\n"
        "    run.log_artifact(ja.Artifact('busy', type='dataset', metadata={'acc': 0.5}))\n    time.sleep(8)"
    )
    notebook.page.evaluate(
        "code => { const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;"
        "window.jaBusy = kernel.requestExecute({code, store_history: false});"
        "window.jaBusy.done.then(() => { window.jaOver = true; }); }",
        code,
    )
    expect(panel.locator("tbody tr")).to_have_count(before + 1, timeout=7000)
    assert not notebook.page.evaluate("window.jaOver === true"), "the rows have waited for the cell's end"
    notebook.page.evaluate("window.jaBusy.done.then(() => null)")
