"""An environment like Colab's, made once under ``~/.cache/jupyter_artifacts``; run this to make it beforehand.

    python -m tests.magics.colab.environment

It is made again when its constraints, the Python or the package's requirements are others.
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

CONSTRAINTS = Path(__file__).parent / "constraints.txt"
BESIDE = ("ipykernel", "hypothesis", "nbclient", "networkx", "numpy", "pandas", "pytest>=8.3,<9.2", "pytest-timeout")
TRIES = 2
SECONDS = 400


def requirements() -> list[str]:
    """Return what the package and its tests need there."""
    needed = metadata.requires("jupyter_artifacts") or []
    return [*(text for text in needed if "extra ==" not in text), *BESIDE]


def interpreter() -> str:
    """Return the environment's interpreter, made or mended if need be; one process makes it, others wait."""
    wanted = requirements()
    text = "\n".join([sys.version, CONSTRAINTS.read_text(encoding="utf-8"), *wanted])
    name = f"colab-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jupyter_artifacts"
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / name
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _make(folder, wanted)
            (folder / "ready").touch()
    return str(folder / "bin" / "python")


def _make(folder: Path, wanted: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True, symlinks=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    for left in reversed(range(TRIES)):  # an index that fails once is asked again
        done = subprocess.run([*pip, "-c", str(CONSTRAINTS), *wanted], check=not left, timeout=SECONDS)
        if done.returncode == 0:
            return


if __name__ == "__main__":
    sys.stdout.write(f"{interpreter()}\n")
