"""The magics' own tests in an environment like Colab's: IPython 7.34, ipykernel 6.17, ipywidgets 7.7.

The environment is that of :mod:`tests.magics.colab.environment`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.magics.colab.environment import interpreter

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

# Parser, words and expressions ask nothing of IPython; one kernel's tests stand for all.
TESTS = (
    "cached",
    "cached_kernel",
    "cell_files",
    "completion",
    "interrupted_endings",
    "japanese",
    "logging_cells",
    "long_runs",
    "looking",
    "origin",
    "replay",
    "stale_command",
    "transformer",
    "trouble",
    "unicode_lines",
    "watch",
)


@pytest.fixture(scope="module")
def python() -> str:
    """Return the interpreter of the environment."""
    return interpreter()


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="IPython 7.34 knows no Python after Colab's own 3.12")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Colab's Python is 3.12; 3.11 is near enough")
@pytest.mark.timeout(1500)
def test_the_magics_in_colabs_ipython(python: str, repository: Path) -> None:
    shown = "import IPython, ipykernel, ipywidgets; print(IPython.__version__, ipykernel.__version__)"
    versions = subprocess.run([python, "-c", shown], capture_output=True, text=True, check=True)
    assert versions.stdout.split() == ["7.34.0", "6.17.1"]
    files = [f"tests/magics/test_{name}.py" for name in TESTS]
    assert all((repository / file).exists() for file in files)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    # Its own libraries warn of what Python 3.11 has made of their ways.
    options = ["-q", "-o", "filterwarnings=default", "-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning"]
    done = subprocess.run(
        [python, "-m", "pytest", *options, *files],
        cwd=repository,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
        timeout=700,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
