"""Shells to type into: one of IPython's own in this process, and what a real kernel needs."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, cast

import IPython
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import jupyter_artifacts
from jupyter_artifacts import words
from jupyter_artifacts.magics import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.magics.shell import Shell

REPOSITORY = Path(jupyter_artifacts.__file__).parent.parent


@pytest.fixture
def ipython(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor" if IPython.version_info[0] > 7 else "NoColor"
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=settings)
    yield shell
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(ipython: InteractiveShell) -> Shell:
    return cast("Shell", ipython)


def environment_of_kernels() -> dict[str, str]:
    """Return what a kernel of these tests finds in its environment: this checkout, no settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_ARTIFACTS_", "WANDB_"))}
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture
def loaded(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Return a shell in this process with the extension loaded, in a folder that no test has had before.

    pytest gives a removed folder's name again, and a store that came back is refused.
    """
    folder = tmp_path / secrets.token_hex(4)
    folder.mkdir()
    monkeypatch.chdir(folder)
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)
    words.choose("auto")
