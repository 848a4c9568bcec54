"""Which store is meant, and the one of mode "disabled"."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.store.location import locate
from jupyter_artifacts.store.opening import open_store

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

Where = Union[str, "os.PathLike[str]", None]

_throwaway: list[str] = []


def store_at(where: Where = None, *, create: bool = True) -> Store:
    """Return the store of a folder, opened once a process.

    Parameters
    ----------
    where : path or URL, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward from the working folder.
    create : bool, default True
        Make the store where there is none; else raise NotFoundError.
    """
    return open_store(where, create=create)


def has_store(where: Where = None) -> bool:
    """Tell whether there is a store to read, making none."""
    return locate(where).exists


def throwaway_store() -> Store:
    """Return a store in the system's temporary folder that goes with this process: mode "disabled"."""
    if not _throwaway:
        folder = tempfile.mkdtemp(prefix="jupyter_artifacts-disabled-")
        _throwaway.append(str(Path(folder).resolve()))
        atexit.register(_forget_throwaway, os.getpid())
    return open_store(_throwaway[0])


def is_throwaway(store: Store) -> bool:
    """Tell whether a store is the one of mode "disabled"."""
    return store.root in _throwaway


def _forget_throwaway(owner: int) -> None:
    if os.getpid() == owner:
        for folder in _throwaway:
            open_store(folder).close()
            shutil.rmtree(folder, ignore_errors=True)
        _throwaway.clear()
