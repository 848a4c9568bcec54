"""The tutorial as a person meets it: Run All in JupyterLab, then the file, handed to somebody else."""

from __future__ import annotations

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

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDGET = "application/vnd.jupyter.widget-view+json"
ERROR = "Error displaying widget"


def panels(book: nbformat.NotebookNode) -> dict[int, int]:
    """Return the cells that show live panels, and how many."""
    counts = {
        number: sum(WIDGET in output.get("data", {}) for output in cell.get("outputs", []))
        for number, cell in enumerate(book.cells)
    }
    return {number: count for number, count in counts.items() if count}


@pytest.fixture(scope="module")
def ran(browser: Browser, lab: Lab, repository: Path, screenshots: Path) -> Iterator[Notebook]:
    """Return the tutorial after Run All, saved."""
    folder = lab.root / "tutorial"
    folder.mkdir()
    shutil.copy(repository / "notebooks" / "tutorial.ipynb", folder)
    digits = repository / "notebooks" / "MNIST"
    assert digits.is_dir(), "no MNIST digits: `make setup` fetches them"
    (folder / "MNIST").symlink_to(digits)
    opened = Notebook.open(browser, lab, "tutorial/tutorial.ipynb")
    opened.wide()
    opened.run_all(timeout_s=240)
    opened.save()
    opened.picture(screenshots / "tutorial-live.png")
    yield opened
    opened.close()


def test_run_all_runs_all(ran: Notebook, lab: Lab) -> None:
    book = nbformat.read(lab.root / "tutorial" / "tutorial.ipynb", as_version=4)
    failed = [output for cell in book.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert failed == []
    assert all(cell.execution_count for cell in book.cells if cell.cell_type == "code")
    assert ran.outside == []
    assert ran.errors == []


def test_every_panel_of_it_lives(ran: Notebook, lab: Lab) -> None:
    book = nbformat.read(lab.root / "tutorial" / "tutorial.ipynb", as_version=4)
    shown = panels(book)
    assert sum(shown.values()) >= 10
    kinds = set()
    for number, count in shown.items():
        live = ran.panel(number)
        live.first.scroll_into_view_if_needed()
        expect(live).to_have_count(count)
        for panel in live.all():
            expect(panel).to_be_visible()
            kinds.add(str(panel.get_attribute("class")).split()[1])
        for twin in ran.twin(number).all():
            expect(twin).to_be_hidden()
    assert kinds == {"ja-card", "ja-artifact", "ja-lineage", "ja-examples", "ja-table"}


def test_python_hears_what_is_selected_in_its_grid(ran: Notebook, lab: Lab) -> None:
    book = nbformat.read(lab.root / "tutorial" / "tutorial.ipynb", as_version=4)
    number = next(i for i, cell in enumerate(book.cells) if "image_grid" in cell.source and cell.cell_type == "code")
    tiles = ran.panel(number).locator(".ja-tile")
    tiles.first.scroll_into_view_if_needed()
    tiles.first.click()
    ran.wait_for("len(grid.selected)", 1)
    assert ran.ask("grid.selected[0] == int(hard.indices[0])") is True


def cell_of(lab: Lab, line: str) -> int:
    """Return the cell that begins with a line."""
    book = nbformat.read(lab.root / "tutorial" / "tutorial.ipynb", as_version=4)
    return next(i for i, cell in enumerate(book.cells) if cell.source.startswith(line))


def test_a_digit_tells_its_probabilities_and_the_matrix_filters(ran: Notebook, lab: Lab) -> None:
    panel = ran.panel(cell_of(lab, "grid = %image_grid"))
    panel.scroll_into_view_if_needed()
    panel.locator(".ja-tile").first.dblclick()
    expect(panel.locator(".ja-bars tr")).to_have_count(10)
    panel.get_by_role("button", name="Confusion matrix").click()
    panel.locator(".ja-confusion .ja-miss").first.click()
    ran.wait_for("grid.view['label'] >= 0 and grid.view['predicted'] != grid.view['label']", value=True)


def test_the_grouped_graph_explodes_and_a_node_tells_its_story(ran: Notebook, lab: Lab) -> None:
    panel = ran.panel(cell_of(lab, "%lineage --all --types"))
    panel.scroll_into_view_if_needed()
    panel.get_by_role("radio", name="Exploded").click()
    node = panel.locator(".ja-node[title^='mnist-preprocess:v0']")
    expect(node).to_be_visible()
    node.click()
    panel.locator("aside").get_by_role("tab", name="Metadata").click()
    expect(panel.locator("aside")).to_contain_text("normalize")


def test_the_table_filters_and_the_card_unfolds(ran: Notebook, lab: Lab) -> None:
    table = ran.panel(cell_of(lab, "%artifacts"))
    table.scroll_into_view_if_needed()
    table.get_by_role("searchbox").fill("type:model")
    expect(table.locator("tbody tr")).to_have_count(2)
    card = ran.panel(cell_of(lab, "%%log_artifact mnist-raw "))
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="Files").click()
    expect(card).to_contain_text("training.safetensors")


def test_handed_in_it_is_readable_without_kernel_store_or_trust(
    browser: Browser, ran: Notebook, lab: Lab, tmp_path_factory: pytest.TempPathFactory, screenshots: Path
) -> None:
    assert ran.errors == []
    root = tmp_path_factory.mktemp("handed-in-tutorial")
    book = nbformat.read(lab.root / "tutorial" / "tutorial.ipynb", as_version=4)
    twins = panels(book)
    book.metadata = {"kernelspec": {"name": "not-here", "display_name": "Not here", "language": "none"}}
    nbformat.write(book, root / "tutorial.ipynb")
    server = Lab(root, tmp_path_factory.mktemp("teacher"), bare=True)
    server.start()
    try:
        opened = Notebook.open(browser, server, "tutorial.ipynb", kernel=False)
        opened.no_kernel()
        opened.wide()
        for number, count in twins.items():
            left = opened.output(number).locator(".jp-RenderedHTML:visible")
            left.first.scroll_into_view_if_needed()
            expect(left).to_have_count(count)
            for picture in left.locator("img").all():
                assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
                assert picture.get_attribute("alt")
        assert opened.page.get_by_text(ERROR).locator("visible=true").count() == 0
        assert opened.errors == []
        assert opened.outside == []
        opened.picture(screenshots / "tutorial-twins.png")
        opened.close()
    finally:
        server.stop()
