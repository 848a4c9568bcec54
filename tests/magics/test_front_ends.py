"""The magics under papermill and ``jupyter nbconvert --execute``; nbclient and the terminal are in test_kernel."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import jupyter_artifacts as ja
from tests.magics.conftest import environment_of_kernels

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

LOAD = "%load_ext jupyter_artifacts\nimport jupyter_artifacts as ja"
PARAMETERS = "size = 2"
LOG = "%%log_artifact numbers -t dataset -v x -m n=len(x)\nx = list(range(size))\nawait __import__('asyncio').sleep(0)"
FAILS = "%%log_artifact numbers -v x\nx = [9]\n1 / 0"


def written(path: Path, *sources: str) -> Path:
    kernel = {"name": "python3", "display_name": "Python", "language": "python"}
    cells = [new_code_cell(source) for source in sources]
    for cell in cells:
        cell.metadata.tags = ["parameters"] if cell.source == PARAMETERS else []
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def run(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env=environment_of_kernels(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_papermill(tmp_path: Path) -> None:
    pytest.importorskip("papermill")
    written(tmp_path / "in.ipynb", LOAD, PARAMETERS, LOG, FAILS, "reached = True")
    done = run(tmp_path, "papermill", "in.ipynb", "out.ipynb", "-p", "size", "5", "--no-progress-bar")
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    assert api.artifact("numbers:latest").metadata == {"n": 5}
    assert sorted(run.state for run in api.runs()) == ["failed", "finished"]
    cells = [cell for cell in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells if cell.execution_count is None] == ["reached = True"]


def test_nbconvert(tmp_path: Path) -> None:
    written(tmp_path / "in.ipynb", LOAD, PARAMETERS, LOG)
    done = run(tmp_path, "jupyter", "nbconvert", "--execute", "--to", "html", "in.ipynb")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "in.html").read_text()
    assert "data-ja-static" in page, "the card's twin is in the page"
    assert "numbers:v0" in page
    assert ja.Api(store=tmp_path / ".jupyter_artifacts").artifact("numbers").metadata == {"n": 2}
    written(tmp_path / "fails.ipynb", LOAD, PARAMETERS, LOG, FAILS)
    done = run(tmp_path, "jupyter", "nbconvert", "--execute", "--to", "notebook", "--stdout", "fails.ipynb")
    assert done.returncode != 0
    assert ja.Api(store=tmp_path / ".jupyter_artifacts").artifact("numbers:latest").version == "v0"
