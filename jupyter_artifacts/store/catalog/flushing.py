"""Making commits durable, and making them so in another way where the disk refused once.

A flush that failed is not made good by flushing again. What could not be written may count as
written from then on, so that the next flush succeeds, anybody's, over a hole in the log; whatever was
committed behind the hole would be gone with the next power cut although it had been acknowledged
("fsyncgate", PostgreSQL 2018). Whoever is refused therefore leaves a mark beside the catalog, and
nobody's commit counts until the whole log, as the memory holds it, was written a second time: into
the catalog's file, and that flushed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

DOUBT = "-doubt"
"""The end of the mark's name, behind the catalog's."""


def flush(path: str, log: int, connect: Callable[[], sqlite3.Connection]) -> None:
    """Make the log of the catalog at `path`, open as `log`, durable.

    Raises
    ------
    StoreError
        Neither the log nor the catalog's file could be flushed: what was committed may be there or not.
    """
    try:
        os.fdatasync(log)
    except OSError as error:
        with contextlib.suppress(OSError):  # a disk that takes nothing at all fails the next flush as well
            os.close(os.open(path + DOUBT, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))
        _write_again(path, connect, str(error))
    else:
        if os.path.exists(path + DOUBT):
            _write_again(path, connect, "another process met an error there")


def _write_again(path: str, connect: Callable[[], sqlite3.Connection], why: str) -> None:
    try:
        with contextlib.closing(connect()) as raw:
            (busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            why += "; and somebody reads, so that the log cannot be folded in"
    except sqlite3.Error as error:
        busy, why = 1, f"{why}; {error}"
    if busy:
        raise StoreError(
            f"the disk did not confirm a commit of the store {os.path.dirname(path)} ({why}); it may be there or not. "
            "Check the disk, then look whether what you logged is there"
        )
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + DOUBT)
