"""The chapters and the gallery run to their last cells, and what they show is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

import jupyter_artifacts as ja

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CHAPTERS = ("magics.ipynb", "stale.ipynb")
FAILS = "raises-exception"
PAYLOAD = "application/vnd.jupyter-artifacts.panel.v1+json"


@pytest.fixture(params=CHAPTERS)
def stored(request: pytest.FixtureRequest, repository: Path) -> Path:
    return repository / "notebooks" / str(request.param)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: nbformat.NotebookNode) -> Iterable[nbformat.NotebookNode]:
    return (output for cell in code_cells(notebook) for output in cell.outputs)


def check(notebook: nbformat.NotebookNode) -> None:
    """Hold every cell to what its tag says of it."""
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        failed = any(output.output_type == "error" for output in cell.outputs)
        assert failed == (FAILS in cell.metadata.get("tags", [])), cell.source


def test_stored_outputs(stored: Path) -> None:
    notebook = nbformat.read(stored, as_version=4)
    check(notebook)
    text = stored.read_text(encoding="utf-8")
    assert len(text) < 200_000
    assert "application/vnd.jupyter.widget" not in text
    assert not re.findall(r"/(?:home|root|work|tmp|Users)/", text)
    pages = [output.data["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", {})]
    assert any("data-ja-static" in page for page in pages)
    for page in pages:
        assert "<style" not in page
        assert "<svg" not in page
        assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", page)


def executed(path: Path, folder: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=120, store_widget_state=False, resources={"metadata": {"path": str(folder)}}
    ).execute()
    check(notebook)
    return notebook


@pytest.mark.notebook
@pytest.mark.slow
def test_the_chapter_on_magics(repository: Path, tmp_path: Path) -> None:
    executed(repository / "notebooks" / "magics.ipynb", tmp_path)
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    assert api.artifact("readings:latest").version == "v0", "the cell that failed did not move it"
    assert api.artifact("readings:v0").load() == api.artifact("readings:latest").load()
    assert sorted(api.artifact("monthly").manifest.entries) == [f"{month:02}.csv" for month in range(1, 13)]
    assert "average" in api.artifact("warmer:v0").metadata
    assert api.artifact("epochs.draft:latest").load() == [number / 10 for number in range(9)]
    assert not api.artifact_exists("epochs:latest")
    july = api.artifact("july").logged_by()
    assert july is not None
    assert [used.name for used in july.used_artifacts()] == ["monthly:v0"]
    states = [run.state for run in api.runs()]
    assert set(states) == {"finished", "failed", "failed-to-log", "interrupted"}
    assert len([run for run in api.runs() if run.name == "smoothing"]) == 2


@pytest.mark.notebook
@pytest.mark.slow
def test_the_chapter_on_staleness(repository: Path, tmp_path: Path) -> None:
    notebook = executed(repository / "notebooks" / "stale.ipynb", tmp_path)
    said = [str(output.data["text/plain"]) for output in outputs(notebook) if "data" in output]
    assert [text.partition(" version")[0] for text in said if re.search(r"of \d versions", text)] == [
        "nothing is out of date, of 4",
        "2 of 4",
        "nothing is out of date, of 4",
    ]
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    assert api.artifact("turnover:latest").metadata["total"] == 50.5
    assert not api.artifact("turnover:latest").stale
    assert [api.artifact(f"clean:v{number}").stale for number in (0, 1)] == [True, False]
    assert {run.state for run in api.runs()} == {"finished"}


@pytest.mark.notebook
@pytest.mark.slow
def test_the_gallery(repository: Path, tmp_path: Path) -> None:
    notebook = executed(repository / "notebooks" / "gallery.ipynb", tmp_path)
    payloads = [output.data.get(PAYLOAD) for output in outputs(notebook) if "text/html" in output.get("data", {})]
    shown = [payload["kind"] for payload in payloads if payload]
    assert {kind: shown.count(kind) for kind in sorted(set(shown))} == {
        "artifact": 1,
        "card": 3,
        "diff": 2,
        "examples": 2,
        "lineage": 5,
        "run": 2,
        "table": 3,
    }
    values = [output.data["text/plain"] for output in outputs(notebook) if output.output_type == "execute_result"]
    assert "'classifier:v1'" in values, "the graph follows the table"
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    widths = [run.config["width"] for run in api.runs(order="+created_at") if run.job_type == "train"]
    assert widths == [2, 3, 4, 8, 16, 32]
    best = api.artifact("classifier:best")
    models = [api.artifact(f"classifier:v{number}") for number in range(len(widths))]
    assert best.metadata["accuracy"] == max(float(str(model.metadata["accuracy"])) for model in models)
    assert best.stale, "there are newer shapes"
    (judge,) = [run for run in api.runs() if run.job_type == "report"]
    assert {used.name for used in judge.used_artifacts()} == {best.name, "shapes:v0"}
    assert judge.summary["accuracy"] == best.metadata["accuracy"]
