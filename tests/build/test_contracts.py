"""The import contracts of pyproject.toml hold, and they bite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts on the package in `folder`."""
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache"]
    environment = {**os.environ, "COLUMNS": "200"}  # verdicts stay on one line
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """Return a copy of the package and its contracts, to be broken."""
    shutil.copy(repository / "pyproject.toml", tmp_path)
    shutil.copytree(
        repository / "jupyter_artifacts",
        tmp_path / "jupyter_artifacts",
        ignore=shutil.ignore_patterns("static", "__pycache__"),
    )
    return tmp_path


def test_the_contracts_hold(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("model", "import jupyter_artifacts.store", "Rooms look one way"),
        ("store", "import jupyter_artifacts.media", "Rooms look one way"),
        ("panels", "import jupyter_artifacts.magics", "Rooms look one way"),
        ("tracking", "def later():\n    import IPython", "Only magics and panels"),
        ("model", "def later():\n    import sqlalchemy", "The model is values"),
    ],
)
def test_a_forbidden_import_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / "jupyter_artifacts" / module / "__init__.py").open("a", encoding="utf-8") as target:
        target.write(f"\n{line}\n")
    done = lint_imports(copy)
    broken = [text for text in done.stdout.splitlines() if text.endswith("BROKEN")]
    assert done.returncode == 1
    assert [text for text in broken if text.startswith(contract)]
