"""Every peer in an environment of its own, made when it is first asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.benchlib import CACHE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.peers.driver import Driver


class NotInstallableError(Exception):
    """A peer that cannot be had here, and why."""


def interpreter(driver: type[Driver]) -> str:
    """Return the Python that runs a driver; ours for ours and for command line tools.

    Raises
    ------
    NotInstallableError
        When pip cannot install the peer, or a program is missing.
    """
    missing = [program for program in driver.programs if shutil.which(program) is None]
    if missing:
        raise NotInstallableError(f"no program {missing[0]!r} on this machine")
    return python_with(driver.packages)


def python_with(packages: Sequence[str]) -> str:
    """Return a Python that has some packages: ours for none, else one of an environment of their own."""
    if not packages:
        return sys.executable
    folder = CACHE / "venvs" / packages[0]
    python = folder / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(folder)])
    ready = folder / "installed"
    if not ready.exists() or ready.read_text(encoding="ascii").split() != list(packages):
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
        ready.write_text("\n".join(packages), encoding="ascii")
    return str(python)


def version(driver: type[Driver]) -> str:
    """Return what is installed, for the table's notes."""
    if not driver.packages:
        return ""
    asked = f"import importlib.metadata as m; print(m.version({driver.packages[0]!r}))"
    return _run([interpreter(driver), "-c", asked]).strip()


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=1200)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit {done.returncode}").splitlines()[-1]
        raise NotInstallableError(f"{Path(command[0]).name} {' '.join(command[1:4])}: {said}")
    return done.stdout
