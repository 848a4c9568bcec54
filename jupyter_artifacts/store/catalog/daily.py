"""A copy of the catalog once a day, made when a store is closed; the last seven are kept.

The catalog is small beside the files, and the only thing that a mistake in it or on
the disk can take away; a copy beside it costs a moment that nobody waits for.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store.layout import BACKUPS

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 86_400.0
KEEP = 7
CHEAP = 64_000_000
"""Bytes of a catalog up to which a copy takes less than a second; a larger one is its keeper's work."""

_COPY = re.compile(r"catalog-\d{8}\.db")
_LEFT = re.compile(r"catalog-.*\.part")

_log = logging.getLogger("jupyter_artifacts")


def keep(path: str, began: float, copy_to: Callable[[str], None]) -> None:
    """Make today's copy when it is due.

    Parameters
    ----------
    path : str
        The catalog's file.
    began : float
        When the store was made: in its first day there is nothing to keep.
    copy_to : callable
        Writes a whole copy under a name in ``backups/``, or nothing.
    """
    now = time.time()
    folder = os.path.join(os.path.dirname(path), BACKUPS)
    if abs(now - began) < DAY or os.path.getsize(path) > CHEAP:
        return
    copies = sorted(name for name in _names(folder) if _COPY.fullmatch(name))
    if copies and abs(now - os.path.getmtime(os.path.join(folder, copies[-1]))) < DAY:
        return
    today = time.strftime("catalog-%Y%m%d.db", time.gmtime(now))
    try:
        copy_to(today)
    except StoreError as error:
        _log.warning("the daily copy of the catalog %s was not made: %s", path, error)
        return
    old = [name for name in copies if name != today][: -(KEEP - 1)]
    torn = [name for name in _names(folder) if _LEFT.fullmatch(name) and _age(folder, name, now) > DAY]
    for name in (*old, *torn):
        with contextlib.suppress(FileNotFoundError):  # another process closes the store, too
            os.unlink(os.path.join(folder, name))


def _names(folder: str) -> list[str]:
    return os.listdir(folder) if os.path.isdir(folder) else []


def _age(folder: str, name: str, now: float) -> float:
    try:
        return now - os.path.getmtime(os.path.join(folder, name))
    except FileNotFoundError:
        return 0.0
