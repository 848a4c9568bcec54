"""The last step of a rebuild: the new catalog takes the old one's place, and a kill in between loses neither.

The old file is renamed first, and the new one waits under a name with the same ending. A
store without a catalog that holds both is one in which this was cut short: who opens it next
goes on. The order matters. The old log must not lie beside the new file, whose own SQLite
would take it for; the high-water mark goes while there is no catalog that it could guard.
"""

from __future__ import annotations

import os

from jupyter_artifacts.errors import StoreBusyError
from jupyter_artifacts.store.catalog.high_water import HighWater
from jupyter_artifacts.store.layout import CATALOG, CREATE_TIMEOUT, LOCK, sync_folder
from jupyter_artifacts.store.locks import FileLock, NeverCameError, holders, told

DAMAGED, READY = ".damaged-", ".ready-"


def swap(root: str, new: str, mark: str) -> str:
    """Put a settled catalog in the place of the store's; return where the old one is kept, empty if there was none.

    Parameters
    ----------
    root : str
    new : str
        The new file.
    mark : str
        The ending of the old file's new name; no other rebuild of this store has had it.
    """
    path = os.path.join(root, CATALOG)
    ready = f"{path}{READY}{mark}"
    os.rename(new, ready)
    sync_folder(root)
    kept = f"{path}{DAMAGED}{mark}" if os.path.lexists(path) else ""
    if kept:
        os.rename(path, kept)
    _finish(path, mark)
    return kept


def finish(root: str) -> None:
    """End a swap that was cut short, where there is one."""
    path = os.path.join(root, CATALOG)
    if os.path.lexists(path) or not _cut_short(root):
        return
    lock = FileLock(os.path.join(root, LOCK))
    try:
        with lock.held(CREATE_TIMEOUT, lambda: None):
            if not os.path.lexists(path):
                for mark in _cut_short(root)[-1:]:
                    _finish(path, mark)
    except NeverCameError as error:
        raise StoreBusyError(f"the store {root} is being rebuilt by {told(holders(lock.path))}") from error


def clear(root: str) -> None:
    """Remove new catalogs that never came to their place."""
    for name in os.listdir(root):
        if name.startswith(CATALOG + READY):
            os.unlink(os.path.join(root, name))


def _cut_short(root: str) -> list[str]:
    """Return the marks under which both files wait, the old one and the new."""
    names = os.listdir(root)
    waiting = {name.removeprefix(CATALOG + READY) for name in names if name.startswith(CATALOG + READY)}
    return sorted(mark for mark in waiting if f"{CATALOG}{DAMAGED}{mark}" in names)


def _finish(path: str, mark: str) -> None:
    if os.path.exists(path + "-wal"):
        os.rename(path + "-wal", f"{path}{DAMAGED}{mark}-wal")
    if os.path.exists(path + "-shm"):
        os.unlink(path + "-shm")
    HighWater(path).forget()
    sync_folder(os.path.dirname(path))
    os.rename(f"{path}{READY}{mark}", path)
    sync_folder(os.path.dirname(path))
