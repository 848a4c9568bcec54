"""The magics' own tests in an environment like Colab's: IPython 7.34, ipykernel 6.17, ipywidgets 7.7.

The environment is made once, under ``~/.cache/jupyter_artifacts``, and again when its
constraints, the Python or the package's requirements are others.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import pytest

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

CONSTRAINTS = Path(__file__).parent / "colab" / "constraints.txt"
BESIDE = ("ipykernel", "hypothesis", "nbclient", "networkx", "numpy", "pandas", "pytest>=8.3,<9.2", "pytest-timeout")
# Parser, words and expressions ask nothing of IPython; one kernel's tests stand for all.
TESTS = (
    "cached",
    "cached_kernel",
    "cell_files",
    "completion",
    "logging_cells",
    "long_runs",
    "looking",
    "origin",
    "outputs",
    "replay",
    "settings",
    "stale_command",
    "transformer",
    "trouble",
    "watch",
)


def requirements() -> list[str]:
    """Return what the package and its tests need there."""
    needed = metadata.requires("jupyter_artifacts") or []
    return [*(text for text in needed if "extra ==" not in text), *BESIDE]


@pytest.fixture(scope="module")
def python() -> str:
    """Return the interpreter of the environment, made or mended if need be."""
    wanted = requirements()
    text = "\n".join([sys.version, CONSTRAINTS.read_text(encoding="utf-8"), *wanted])
    name = f"colab-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jupyter_artifacts"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / name
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True, symlinks=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, "-c", str(CONSTRAINTS), *wanted], check=True, timeout=400)
            (folder / "ready").touch()
    return str(folder / "bin" / "python")


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="IPython 7.34 knows no Python after Colab's own 3.12")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Colab's Python is 3.12; 3.11 is near enough")
@pytest.mark.timeout(600)
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
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
