"""What the database refuses, told as an error of ours."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from jupyter_artifacts.errors import CatalogDamagedError, StoreBusyError, StoreError
from jupyter_artifacts.store.faults import free_bytes, full, gone, read_only
from jupyter_artifacts.store.layout import JOURNAL
from jupyter_artifacts.store.location import MARK
from jupyter_artifacts.store.locks import holders, told

if TYPE_CHECKING:
    from jupyter_artifacts.errors import ArtifactsError

_DAMAGED = (
    "malformed",
    "not a database",
    "no such table",
    "no such column",
    "no such index",
    "unsupported file format",
)
_ROOM = 1 << 20
"""Below this, SQLite's own small files have no room, and it calls that an I/O error."""

_BUSY = ("is locked", "is busy")


def damaged(path: str, cause: object) -> CatalogDamagedError:
    """Return the error for a catalog whose file is damaged, with what to do."""
    folder = os.path.dirname(path)
    return CatalogDamagedError(
        f"the catalog {path} is damaged ({cause}). The files themselves are apart from it and untouched. "
        f"Make it anew from them and from {JOURNAL}: jupyter artifacts rebuild (in Python: "
        f"jupyter_artifacts.rebuild({folder!r})); the damaged file is kept"
    )


def rolled_back(path: str, missing: int) -> CatalogDamagedError:
    """Return the error for a catalog that has lost its last commits."""
    return damaged(path, f"the last {missing} commits are missing: an older copy was put back, or its log has rotted")


def unlogged(path: str) -> StoreError:
    """Return the error for a commit whose log was deleted by somebody meanwhile."""
    return StoreError(
        f"the log of the catalog, {path}-wal, was deleted while it was written: what was just logged may be lost. "
        "Restart the kernel, then look whether it is there, and log it again if not"
    )


def busy(path: str, waited: float) -> StoreBusyError:
    """Return the error for a catalog that another process does not let go."""
    who = told(holders(os.path.join(os.path.dirname(path), "catalog.lock"), path, path + "-shm"))
    return StoreBusyError(
        f"the store {os.path.dirname(path)} is busy: {who} has been writing for over {waited:.0f} s. "
        "Nothing was logged; wait for it or end it, then run this again"
    )


def is_busy(error: BaseException) -> bool:
    """Tell whether the database says that another connection holds it."""
    return isinstance(error, sqlite3.OperationalError) and any(text in str(error) for text in _BUSY)


def cause_of(error: DBAPIError | sqlite3.Error) -> BaseException:
    """Return the database's own error, without the hundred frames and the SQL that led to it."""
    cause = (error.orig or error) if isinstance(error, DBAPIError) else error
    return cause.with_traceback(None)


def _damaged_or_unreadable(path: str, text: str) -> ArtifactsError:
    """Return the error for what SQLite takes for damage: it does so, too, where the disk does not give the file out."""
    try:
        with open(path, "rb") as file:
            file.read(1)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            return StoreError(
                f"the catalog {path} cannot be read: {error.strerror}. Nothing was written; check the disk"
            )
    return damaged(path, text)


def fault_of(cause: BaseException, path: str) -> ArtifactsError:
    """Return the error of ours for what the database said."""
    text = str(cause)
    folder = os.path.dirname(path)
    if not os.path.exists(os.path.join(folder, MARK)):
        return gone(folder)
    if any(part in text for part in _DAMAGED):
        return _damaged_or_unreadable(path, text)
    free = free_bytes(folder)
    if "disk is full" in text or ("I/O error" in text and free is not None and free < _ROOM):
        return full(folder)
    if "readonly database" in text:
        return read_only(folder)
    if any(part in text for part in _BUSY):
        return busy(path, 0)
    if isinstance(cause, sqlite3.IntegrityError):
        return StoreError(f"the catalog {path} refused a row ({text}); nothing was written. Please report this")
    if "unable to open" in text and not os.path.isfile(path):
        return damaged(path, "its file is missing")
    return StoreError(f"the catalog {path} failed: {text}; nothing was written. Check the disk, then try again")
