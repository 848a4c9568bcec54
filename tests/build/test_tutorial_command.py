"""`make tutorial` on a small notebook: its progress, its tables, its page, its failure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

LOG = """
import jupyter_artifacts as wandb
with wandb.init(project="digits", job_type="load") as run:
    artifact = wandb.Artifact("raw", type="dataset")
    with artifact.new_file("numbers.txt") as file:
        file.write("1 2 3")
    run.log_artifact(artifact)
with wandb.init(project="digits", job_type="look") as run:
    run.use_artifact("raw:latest")
"""


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """Return a folder that the command takes for its checkout."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(repository / ".ci" / "tutorial.py", tmp_path / ".ci")
    (tmp_path / "notebooks" / "MNIST").mkdir(parents=True)
    return tmp_path


def run_tutorial(checkout: Path, *sources: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a notebook with these cells; one that begins with # is prose."""
    cells = [
        nbformat.v4.new_markdown_cell(text) if text.startswith("# ") else nbformat.v4.new_code_cell(text)
        for text in sources
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), checkout / "notebooks" / "tutorial.ipynb")
    return subprocess.run(
        [sys.executable, str(checkout / ".ci" / "tutorial.py")],
        cwd=checkout,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_it_tells_what_runs_and_what_was_made(checkout: Path) -> None:
    done = run_tutorial(checkout, "# Load the digits", LOG, "assert __import__('os').path.isdir('MNIST')")
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"^\[1/2\] Load the digits: import jupyter_artifacts as wandb +\d+\.\d s$", done.stdout, re.MULTILINE
    )
    assert re.search(r"^  raw:v0 +dataset +latest +1 +0\.00 MB +\S+-1$", done.stdout, re.MULTILINE)
    assert re.search(r"^  \S+-1 +load +finished +raw:v0$", done.stdout, re.MULTILINE)
    assert re.search(r"^  \S+-2 +look +finished +raw:v0$", done.stdout, re.MULTILINE)
    assert "jupyter lab build/tutorial/tutorial.ipynb" in done.stdout

    work = checkout / "build" / "tutorial"
    executed = nbformat.read(work / "tutorial.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells if cell.cell_type == "code"] == [1, 2]
    assert (work / ".jupyter_artifacts").is_dir()
    page = (work / "tutorial.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?https?:[^>]*>", page) == []


def test_a_cell_that_fails_ends_it_and_is_shown(checkout: Path) -> None:
    done = run_tutorial(checkout, "ratio = 1 / 0", "print('never')")
    assert done.returncode == 1
    assert re.search(r"^\[1/2\] ratio = 1 / 0 .* stopped$", done.stdout, re.MULTILINE)
    assert "[2/2]" not in done.stdout
    assert "ratio = 1 / 0" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    stopped = nbformat.read(checkout / "build" / "tutorial" / "tutorial.ipynb", as_version=4)
    assert stopped.cells[0].outputs[0].ename == "ZeroDivisionError"


def test_what_an_earlier_run_left_is_kept_once(checkout: Path) -> None:
    earlier = checkout / "build" / "tutorial"
    earlier.mkdir(parents=True)
    (earlier / "my_notes.txt").write_text("mine")
    assert run_tutorial(checkout, "1").returncode == 0
    assert (checkout / "build" / "tutorial.before" / "my_notes.txt").read_text() == "mine"
    assert not (earlier / "my_notes.txt").exists()
