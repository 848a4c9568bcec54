"""The tutorial as a learner meets it: Run All in JupyterLab, panels that react, a file that outlives the kernel."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab, Notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

FIRST_LINES = {
    "card": "%%log_artifact mnist-raw ",
    "artifact": "%artifact mnist-raw",
    "examples": "grid = %image_grid hard",
    "grouped": "%lineage --all --types",
    "exploded": "%lineage trained-model --explode",
    "table": "%artifacts",
}


@pytest.fixture(scope="module")
def cells(repository: Path) -> dict[str, int]:
    """Return where in the notebook each panel is shown, counted from 0."""
    sources = [cell.source for cell in nbformat.read(repository / "notebooks" / "tutorial.ipynb", 4).cells]
    return {
        name: next(i for i, source in enumerate(sources) if source.startswith(line))
        for name, line in FIRST_LINES.items()
    }


@pytest.fixture(scope="module")
def ran(browser: Browser, lab: Lab, repository: Path) -> Iterator[Notebook]:
    """Return the tutorial, opened in JupyterLab as it is committed and run to its end."""
    folder = lab.root / "tutorial"
    folder.mkdir()
    (folder / "MNIST").symlink_to(repository / "notebooks" / "MNIST")
    shutil.copy(repository / "notebooks" / "tutorial.ipynb", folder)
    opened = Notebook.open(browser, lab, "tutorial/tutorial.ipynb", width=1100)
    opened.run_all(timeout_s=400)
    yield opened
    opened.close()


def test_every_panel_is_drawn(ran: Notebook, cells: dict[str, int], screenshots: Path) -> None:
    for name, cell in cells.items():
        ran.output(cell).scroll_into_view_if_needed()
        expect(ran.panel(cell), name).to_be_visible()
        expect(ran.twin(cell), name).to_be_hidden()
        ran.page.wait_for_timeout(300)
        ran.page.screenshot(path=screenshots / f"tutorial-{name}.png")
    assert ran.errors == []
    assert ran.outside == []


def test_selecting_digits_is_seen_by_python(ran: Notebook, cells: dict[str, int]) -> None:
    panel = ran.panel(cells["examples"])
    panel.scroll_into_view_if_needed()
    panel.locator("[role=gridcell][data-place='0']").click()
    panel.locator("[role=gridcell][data-place='2']").click(modifiers=["Control"])
    ran.wait_for(
        "[int(i) for i in grid.selected]", [int(i) for i in ran.ask("[int(hard.indices[0]), int(hard.indices[2])]")]
    )
    panel.locator("[role=gridcell][data-place='0']").dblclick()
    expect(panel.locator(".ja-bars tr")).to_have_count(10)


def test_a_wrong_digit_is_found_through_the_confusion_matrix(ran: Notebook, cells: dict[str, int]) -> None:
    panel = ran.panel(cells["examples"])
    panel.get_by_role("button", name="Confusion matrix").click()
    panel.locator(".ja-confusion .ja-miss").first.click()
    ran.wait_for("grid.view['label'] >= 0 and grid.view['predicted'] != grid.view['label']", value=True)


def test_the_graph_explodes_and_a_node_tells_its_story(ran: Notebook, cells: dict[str, int]) -> None:
    panel = ran.panel(cells["grouped"])
    panel.scroll_into_view_if_needed()
    panel.get_by_role("radio", name="Exploded").click()
    node = panel.get_by_role("button", name="mnist-preprocess:v0").first
    expect(node).to_be_visible()
    node.click()
    expect(panel.locator("aside")).to_contain_text("normalize")


def test_the_table_filters(ran: Notebook, cells: dict[str, int]) -> None:
    panel = ran.panel(cells["table"])
    panel.scroll_into_view_if_needed()
    panel.get_by_role("searchbox").fill("type:model")
    expect(panel.locator("tbody tr")).to_have_count(2)


def test_the_card_unfolds(ran: Notebook, cells: dict[str, int]) -> None:
    panel = ran.panel(cells["card"])
    panel.scroll_into_view_if_needed()
    panel.get_by_role("button", name="Files").click()
    expect(panel).to_contain_text("training.safetensors")


def test_handed_in_and_read_by_somebody_with_no_kernel_and_no_trust(
    ran: Notebook,
    cells: dict[str, int],
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    lab: Lab,
    screenshots: Path,
) -> None:
    ran.save()
    book = json.loads((lab.root / "tutorial" / "tutorial.ipynb").read_text())
    assert "widgets" not in book["metadata"]
    book["metadata"]["kernelspec"] = {"name": "not-here", "display_name": "Not here", "language": "python"}
    root = tmp_path_factory.mktemp("read-elsewhere")
    (root / "tutorial.ipynb").write_text(json.dumps(book))
    reader = Lab(root, tmp_path_factory.mktemp("reader"))
    reader.start()
    try:
        opened = Notebook.open(browser, reader, "tutorial.ipynb", kernel=False, width=1100)
        opened.no_kernel()
        for name, cell in cells.items():
            twin = opened.output(cell).locator(".jp-RenderedHTML:visible").first
            twin.scroll_into_view_if_needed()
            expect(twin, name).to_contain_text("mnist-raw" if name != "examples" else "Hardest")
        assert not opened.page.get_by_text("model not found").locator("visible=true").count()
        assert opened.errors == []
        assert opened.outside == []
        opened.picture(screenshots / "tutorial-untrusted.png")
        opened.close()
    finally:
        reader.stop()
