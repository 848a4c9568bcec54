"""What is left in the file: every twin readable with no kernel, no trust and no network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.cells import CARD, CELLS, DETAIL, FOCUSED, GRID, LINEAGE, PANELS, TABLE
from tests.browser.lab import Lab, Notebook, hand_over, write_notebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser

SAID = {
    CARD: ["mnist-raw:v1", "3 files, 6.6 kB, 5.0 kB new", "run.use_artifact"],
    TABLE: ["7 versions · 4 collections", "trained-model:v2", "◷ stale", "convnet:v0"],
    DETAIL: ["trained-model:v1", "Made by", "mnist-preprocess:v0", "0.969", "weights.safetensors"],
    LINEAGE: ["14 of 14 nodes", "14 nodes as a list"],
    FOCUSED: ["of trained-model:v1", "8 of 14 nodes"],
    GRID: ["48 of 1,000 pictures, 36 wrong", "40 pictures as a table", "Most frequent mistakes"],
}
PICTURES = {LINEAGE: "Lineage graph of 14 nodes", FOCUSED: "Lineage graph of 8 nodes", GRID: "The first 40 pictures"}
ERROR = "Error displaying widget"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Return a server whose pages know nothing of our panels, as most places where notebooks are read."""
    server = Lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter"), bare=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stored(browser: Browser, lab: Lab) -> Path:
    """Return a notebook that was run, saved and closed, and whose server is gone."""
    folder = lab.root / "twins"
    folder.mkdir()
    write_notebook(folder / "stored.ipynb", CELLS)
    opened = Notebook.open(browser, lab, "twins/stored.ipynb")
    opened.run_all()
    expect(opened.panel(GRID)).to_be_visible()
    opened.save()
    opened.close()
    lab.restart()
    return folder / "stored.ipynb"


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, stored: Path) -> Iterator[Lab]:
    """Return a server that trusts nobody and has the stored notebook only: no store, no kernel of its own."""
    root = tmp_path_factory.mktemp("handed-in")
    hand_over(json.loads(stored.read_text()), root / "stored.ipynb")
    server = Lab(root, tmp_path_factory.mktemp("stranger"), bare=True)
    server.start()
    yield server
    server.stop()


def shown_twin(notebook: Notebook, cell: int) -> Locator:
    """Return a cell's twin, which the sanitiser may have robbed of its mark."""
    return notebook.output(cell).locator(".jp-RenderedHTML:visible").first


def check(notebook: Notebook, *, usual: Iterable[str] = ()) -> None:
    """Assert that every twin can be read, that nothing complains but as usual, and that nothing was fetched."""
    for cell, texts in SAID.items():
        twin = shown_twin(notebook, cell)
        twin.scroll_into_view_if_needed()
        for text in texts:
            expect(twin).to_contain_text(text)
        if cell in PICTURES:
            picture = twin.locator("img").first
            assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
            assert str(picture.get_attribute("alt")).startswith(PICTURES[cell])
    assert not notebook.page.get_by_text(ERROR).locator("visible=true").count()
    assert [error for error in notebook.errors if not any(known in error for known in usual)] == []
    assert notebook.outside == []


def test_the_file_holds_twins_and_no_widget_state(stored: Path) -> None:
    book = nbformat.read(stored, as_version=4)
    assert "widgets" not in book.metadata
    for cell in PANELS:
        live, twin = book.cells[cell].outputs
        assert live.data.keys() == {"application/vnd.jupyter.widget-view+json", "text/plain"}
        assert {"text/html", "text/plain", "application/vnd.jupyter-artifacts.panel.v1+json"} <= twin.data.keys()
        assert len(twin.data["text/html"].encode()) < 31_000
    assert str(stored.parent) not in stored.read_text()
    assert stored.stat().st_size < 250_000


def test_reopened_by_a_stranger_without_a_kernel(browser: Browser, stranger: Lab, screenshots: Path) -> None:
    opened = Notebook.open(browser, stranger, "stored.ipynb", kernel=False)
    opened.no_kernel()
    check(opened)
    opened.picture(screenshots / "twins-untrusted-light.png")
    opened.close()


def test_reopened_by_a_stranger_in_the_dark(browser: Browser, stranger: Lab, screenshots: Path) -> None:
    opened = Notebook.open(browser, stranger, "stored.ipynb", kernel=False, width=600)
    opened.no_kernel()
    opened.wide()
    opened.theme("dark")
    check(opened)
    opened.picture(screenshots / "twins-untrusted-dark-600.png")
    opened.close()


@pytest.mark.parametrize("app", ["lab/tree", "notebooks"])
def test_reopened_by_its_author(browser: Browser, lab: Lab, stored: Path, app: str, screenshots: Path) -> None:
    assert stored.exists()
    opened = Notebook.open(browser, lab, "twins/stored.ipynb", app=app)
    for cell in PANELS:
        expect(opened.twin(cell)).to_be_visible()
    opened.page.wait_for_timeout(1500)  # the error line comes late
    # The widget manager writes to the console what its line said on the page; we hide the line.
    check(opened, usual=["widget model not found", *usual_of(browser, lab, app)])
    opened.picture(screenshots / f"twins-trusted-{app.partition('/')[0]}.png")
    opened.close()


def usual_of(browser: Browser, lab: Lab, app: str) -> list[str]:
    """Return what a page complains of when it shows a notebook that has nothing of ours."""
    write_notebook(lab.root / "plain.ipynb", ["1"])
    plain = Notebook.open(browser, lab, "plain.ipynb", app=app)
    plain.page.wait_for_timeout(1000)
    plain.close()
    return plain.errors


def test_the_hider_leaves_other_outputs_alone(browser: Browser, lab: Lab, stored: Path) -> None:
    """Another library's dead widget keeps its line; text that says the same is not ours to hide."""
    book = nbformat.read(stored, as_version=4)
    view = {"version_major": 2, "version_minor": 0, "model_id": "f" * 32}
    dead = nbformat.v4.new_output("display_data", {"application/vnd.jupyter.widget-view+json": view, "text/plain": ""})
    book.cells[TABLE].outputs.insert(0, dead)
    path = stored.parent / "others.ipynb"
    nbformat.write(book, path)
    environment = {"JUPYTER_DATA_DIR": str(lab.state / "jupyter_data_dir")}
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", str(path)], check=True, capture_output=True, env=environment
    )
    opened = Notebook.open(browser, lab, "twins/others.ipynb")
    expect(opened.twin(TABLE)).to_be_visible()
    expect(opened.output(TABLE).get_by_text(ERROR).locator("visible=true")).to_have_count(1)
    opened.page.wait_for_timeout(1500)
    assert opened.page.get_by_text(ERROR).locator("visible=true").count() == 1
    opened.close()


@pytest.fixture(scope="module")
def exported(stored: Path) -> Path:
    """Return the stored notebook as HTML, made with no network."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(stored), "--output", "stored.html"]
    subprocess.run(command, check=True, capture_output=True, cwd=stored.parent)
    return stored.parent / "stored.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nbconvert_shows_the_same(browser: Browser, exported: Path, screenshots: Path, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1100, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # one of two
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(exported.as_uri(), wait_until="domcontentloaded")
    text = page.locator("body").inner_text()
    for texts in SAID.values():
        for said in texts:
            assert said in text
    sources = page.locator("img[alt^='Lineage graph'], img[alt^='The first']")
    assert sources.count() == 3
    assert all(source.evaluate("image => image.naturalWidth > 100") for source in sources.all())
    # nbconvert's own page asks for its libraries; nothing of ours does.
    assert not [url for url in asked if "widget" in url or "anywidget" in url]
    page.screenshot(path=screenshots / f"twins-nbconvert-{scheme}.png", full_page=True)
    context.close()


def test_executed_by_nbclient_only_twins_are_there(stored: Path) -> None:
    from nbclient import NotebookClient

    folder = stored.parent / "batch"
    folder.mkdir()
    book = nbformat.read(stored, as_version=4)
    for cell in book.cells:
        cell.outputs = []
    NotebookClient(book, resources={"metadata": {"path": str(folder)}}, timeout=120).execute()
    for cell in PANELS:
        (twin,) = book.cells[cell].outputs
        assert "text/html" in twin.data
        assert "<script>" not in twin.data["text/html"]
    assert not book.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state")
    shutil.rmtree(folder)
