"""The stores that this process has open, one object a folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.store.store import open_store

from jupyter_artifacts.store.location import is_store, locate

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

Where = Union[str, "os.PathLike[str]", None]

_lock = threading.Lock()
_open: dict[str, Store] = {}
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
    folder = locate(where).folder
    with _lock:
        known = _open.get(folder)
        if known is not None and is_store(folder):
            return known
        store = open_store(where, create=create)
        _open[folder] = store
        return store


def has_store(where: Where = None) -> bool:
    """Tell whether there is a store to read, making none."""
    return locate(where).exists


def throwaway_store() -> Store:
    """Return a store in the system's temporary folder that goes with this process: mode "disabled"."""
    if not _throwaway:
        folder = tempfile.mkdtemp(prefix="jupyter_artifacts-disabled-")
        _throwaway.append(folder)
        atexit.register(_forget_throwaway, os.getpid())
    return store_at(_throwaway[0])


def is_throwaway(store: Store) -> bool:
    """Tell whether a store is the one of mode "disabled"."""
    return bool(_throwaway) and _open.get(locate(_throwaway[0]).folder) is store


def _forget_throwaway(owner: int) -> None:
    if _throwaway and os.getpid() == owner:
        store = _open.pop(locate(_throwaway[0]).folder, None)
        if store is not None:
            store.close()
        shutil.rmtree(_throwaway.pop(), ignore_errors=True)


def _after_fork() -> None:
    """Begin afresh in a forked child: connections and locks belong to the parent."""
    global _lock  # noqa: PLW0603  the parent's lock may have been held in the moment of the fork
    _lock = threading.Lock()
    _open.clear()
    _throwaway.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
