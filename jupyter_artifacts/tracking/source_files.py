"""``log_code``: a snapshot of the source files that a run was made with."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import MissingFileError
from jupyter_artifacts.store.location import is_store
from jupyter_artifacts.tracking.environment import flag, setting
from jupyter_artifacts.tracking.notebook import in_notebook
from jupyter_artifacts.tracking.util import make_artifact_name_safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.tracking.settings import Settings

    StrPath = str | os.PathLike[str]

_SUFFIXES = frozenset([".py"])
_NAMES = frozenset(["requirements.txt", "Dockerfile"])
_SKIPPED = frozenset(["wandb", ".wandb", "__pycache__", ".git", ".venv", "node_modules", ".ipynb_checkpoints"])


def code_name(project: str) -> str:
    """Return ``source-<project>-<entry point>``, made safe as an artifact's name."""
    if in_notebook():
        entry = setting("NOTEBOOK_NAME") or "notebook"
    else:
        entry = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "interactive"
    return make_artifact_name_safe(f"source-{project}-{entry}")


def wants_code(settings: Settings) -> bool:
    """Tell whether the program is to be kept: asked for, and not forbidden by the environment."""
    if settings.disable_code or flag("DISABLE_CODE"):
        return False
    return flag("SAVE_CODE") if settings.save_code is None else settings.save_code


def program_file(notebook: str = "") -> Path | None:
    """Return the file that is being run: the notebook's, else the main program's; None when none is known."""
    named = setting("NOTEBOOK_NAME") or notebook
    file = named if in_notebook() or named else getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(file) if file and Path(file).is_file() else None


def source_files(
    root: StrPath, include: Callable[..., bool] | None, exclude: Callable[..., bool] | None
) -> list[tuple[str, str]]:
    """Return (path inside, local path) of the source files below a folder, by path.

    The store, version control and environments are passed over, and so are symbolic links.

    Parameters
    ----------
    root : str or Path
    include : callable, optional
        Called with a path, or a path and the root; Python files, ``requirements.txt``
        and ``Dockerfile`` when not given.
    exclude : callable, optional
        The same, for what is to be left out.
    """
    top = os.path.abspath(root)  # noqa: PTH100  plain strings are handed to the caller's functions
    if not Path(top).is_dir():
        raise MissingFileError(f"log_code(root={os.fspath(root)!r}): there is no such folder")
    wanted = _with_root(include) if include is not None else _is_source
    refused = _with_root(exclude) if exclude is not None else (lambda _path, _root: False)
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name not in _SKIPPED and not is_store(str(Path(folder, name)))]
        for name in names:
            local = str(Path(folder, name))
            if not Path(local).is_symlink() and wanted(local, top) and not refused(local, top):
                found.append((Path(local).relative_to(top).as_posix(), local))
    return sorted(found)


def _is_source(path: str, _root: str) -> bool:
    return Path(path).suffix in _SUFFIXES or Path(path).name in _NAMES


def _with_root(function: Callable[..., bool]) -> Callable[[str, str], bool]:
    """Return a function of path and root, whichever of the two forms was given."""
    try:
        count = len(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        count = 1
    return function if count > 1 else (lambda path, _root: function(path))
