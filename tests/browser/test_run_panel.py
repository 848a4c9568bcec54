"""The run panel in JupyterLab: its charts grow while the cell that logs keeps the kernel busy."""

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

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("quiet")]

CELLS = [
    """\
import time
import jupyter_artifacts as ja
run = ja.init(project="growing", job_type="train", config={"lr": 0.1})
panel = ja.run_panel(run)
panel.show()
for step in range(60):
    run.log({"loss": 1 / (step + 1), "accuracy": step / 60})
    time.sleep(0.1)
""",
    "ja.finish()",
]


@pytest.fixture(scope="module")
def notebook(browser: Browser, lab: Lab) -> Iterator[Notebook]:
    with opened(browser, lab, "growing", CELLS) as book:
        yield book


def test_charts_grow_while_the_cell_runs(notebook: Notebook, screenshots: Path) -> None:
    # Not awaited: what is looked at is a busy kernel.
    notebook.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    panel = notebook.panel(0)
    expect(panel.locator("path.ja-line")).to_have_count(2, timeout=30_000)
    prompt = notebook.page.locator(".jp-Cell").first.locator(".jp-InputPrompt")
    expect(prompt).to_have_text("[*]:")
    expect(panel).to_contain_text("● running")
    early = panel.locator("path.ja-line").first.get_attribute("d") or ""
    expect(panel.locator("path.ja-line").first).not_to_have_attribute("d", early, timeout=10_000)
    expect(prompt).to_have_text("[*]:")
    expect(panel).to_contain_text("✓ finished", timeout=30_000)
    notebook.picture(screenshots / "run-panel-lab.png")


def test_python_sees_how_it_is_looked_at(notebook: Notebook) -> None:
    panel = notebook.panel(0)
    panel.get_by_role("radio", name="Time").click()
    panel.get_by_label("Log scale").check()
    notebook.wait_for("(panel.view['axis'], panel.view['log'])", ["time", True])
    panel.get_by_role("tab", name="Config").click()
    expect(panel).to_contain_text("lr")
    notebook.wait_for("panel.view['tab']", "config")


def test_its_twin_is_hidden_and_says_what_was_known_when_it_was_shown(notebook: Notebook) -> None:
    expect(notebook.twin(0)).to_be_hidden()
    (twin,) = [output["data"]["text/html"] for output in notebook.outputs(0) if "text/html" in output.get("data", {})]
    assert "● running" in "".join(twin)
