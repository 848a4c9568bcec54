"""Panels drawn from what a notebook has stored: no kernel, no trust, and still one can look around in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cells import CARD, CELLS, DETAIL, GRID, LINEAGE, PANELS, TABLE
from tests.browser.lab import Lab, Notebook, hand_over, write_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

STILL = "As saved in the notebook"


@pytest.fixture(scope="module")
def stored(browser: Browser, lab: Lab) -> Path:
    """Return a notebook that was run and saved; meanwhile each live panel stood alone."""
    folder = lab.root / "saved"
    folder.mkdir()
    write_notebook(folder / "saved.ipynb", CELLS)
    opened = Notebook.open(browser, lab, "saved/saved.ipynb")
    opened.run_all()
    expect(opened.panel(GRID).first).to_be_visible()
    opened.page.wait_for_timeout(1000)
    for cell in PANELS:
        assert opened.panel(cell).count() == 1, "nothing is drawn twice"
    opened.save()
    opened.close()
    return folder / "saved.ipynb"


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, stored: Path) -> Iterator[Lab]:
    """Return a server of somebody else's, with the notebook alone and no kernel for it."""
    root = tmp_path_factory.mktemp("handed-over")
    hand_over(json.loads(stored.read_text()), root / "saved.ipynb")
    server = Lab(root, tmp_path_factory.mktemp("somebody"))
    server.start()
    yield server
    server.stop()


def test_a_stranger_looks_around(browser: Browser, stranger: Lab, screenshots: Path) -> None:
    opened = Notebook.open(browser, stranger, "saved.ipynb", kernel=False)
    opened.no_kernel()
    for cell in PANELS:
        opened.output(cell).scroll_into_view_if_needed()
        expect(opened.panel(cell)).to_contain_text(STILL)
    expect(opened.panel(CARD)).to_contain_text("mnist-raw:v1")
    expect(opened.panel(TABLE).locator("tbody tr")).to_have_count(7)
    detail = opened.panel(DETAIL)
    detail.get_by_role("tab", name="Metadata").click()
    expect(detail).to_contain_text("0.969")
    graph = opened.panel(LINEAGE)
    graph.get_by_role("radio", name="Exploded").or_(graph.get_by_text("Exploded")).first.click()
    expect(graph).to_contain_text("trained-model")
    grid = opened.panel(GRID)
    grid.scroll_into_view_if_needed()
    expect(grid.locator("[role=gridcell]")).to_have_count(40)
    expect(grid).not_to_contain_text("picture unreadable")
    for tile in (grid.locator(".ja-tile-image").first, grid.locator(".ja-tile-image").last):
        expect(tile).to_have_css("background-image", re.compile("blob:"))
    assert not opened.page.get_by_text("Error displaying widget").locator("visible=true").count()
    assert opened.outside == []
    opened.picture(screenshots / "saved.png")
    opened.close()


def test_its_author_reopens_it_in_notebook_7(browser: Browser, lab: Lab, stored: Path) -> None:
    assert stored.exists()
    lab.restart()
    opened = Notebook.open(browser, lab, "saved/saved.ipynb", app="notebooks")
    for cell in (CARD, TABLE, DETAIL):
        opened.output(cell).scroll_into_view_if_needed()
        expect(opened.panel(cell)).to_contain_text(STILL)
    assert not opened.page.get_by_text("Error displaying widget").locator("visible=true").count()
    opened.close()


def test_hostile_payloads_are_text(browser: Browser, stranger: Lab, stored: Path) -> None:
    book = json.loads(stored.read_text())
    harm = "<img src=x onerror='window.JA_PWNED=1'>"
    text = json.dumps([cell["outputs"] for cell in book["cells"]]).replace("mnist-raw", harm.replace('"', '\\"'))
    for cell, outputs in zip(book["cells"], json.loads(text), strict=True):
        cell["outputs"] = outputs
    broken = book["cells"][CARD]["outputs"][-1]["data"]
    broken["application/vnd.jupyter-artifacts.panel.v1+json"] = {"kind": "constructor", "protocol": 1, "snapshot": {}}
    hand_over(book, stranger.root / "hostile.ipynb")
    opened = Notebook.open(browser, stranger, "hostile.ipynb", kernel=False)
    opened.no_kernel()
    for cell in PANELS:
        opened.output(cell).scroll_into_view_if_needed()
    expect(opened.panel(TABLE)).to_contain_text(harm)
    assert opened.panel(CARD).count() == 0
    assert opened.page.evaluate("window.JA_PWNED") is None
    assert opened.outside == []
    opened.close()
