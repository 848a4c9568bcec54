"""Reading a catalog whose folder cannot be written.

SQLite's write-ahead log needs a shared-memory file beside the database. Where
that cannot be made, ``immutable=1`` reads the database without the log: right
after a clean close, and silent loss after a killed writer. So, in this order:
an ordinary read-only connection; immutable, when there is no log; else a private
copy of database and log.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from urllib.parse import quote

from jupyter_artifacts.errors import StoreBusyError

TIMEOUT = 0.25
"""Seconds that one statement waits for another connection."""

_COPY_TRIES = 5

Signature = tuple[tuple[int, int, int], ...]


def uri(path: str, **options: str) -> str:
    """Return SQLite's URL for a file, whatever characters its path holds."""
    query = "&".join(f"{key}={value}" for key, value in options.items())
    return f"file:{quote(os.path.abspath(path))}?{query}"


def connect(address: str, timeout: float = TIMEOUT) -> sqlite3.Connection:
    """Open a connection that any thread may use, with no transactions of its own making."""
    return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)


class ReadOnlyFile:
    """A catalog file on a folder that cannot be written.

    Parameters
    ----------
    path : str
        The database file.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._signature: Signature | None = None
        self.address = self._choose()

    def changed(self) -> bool:
        """Tell whether the files changed since they were taken for unchanging, so that all must be opened anew."""
        return self._signature is not None and self._signature != self._look()

    def close(self) -> None:
        """Remove the private copy."""
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def _choose(self) -> str:
        plain = uri(self.path, mode="ro")
        if _opens(plain):
            return plain
        self._signature = self._look()
        wal = self.path + "-wal"
        if not os.path.exists(wal) or os.path.getsize(wal) == 0:
            return uri(self.path, mode="ro", immutable="1")
        return self._copied()

    def _copied(self) -> str:
        self._copy = tempfile.TemporaryDirectory(prefix="jupyter_artifacts-")
        target = os.path.join(self._copy.name, "catalog.db")
        for attempt in range(_COPY_TRIES):
            before = self._look()
            shutil.copyfile(self.path, target)
            shutil.copyfile(self.path + "-wal", target + "-wal")
            self._signature = self._look()
            if before == self._signature:
                return uri(target, mode="rw")
            time.sleep(0.05 * (attempt + 1))
        self.close()
        raise StoreBusyError(f"the catalog {self.path} keeps changing while it is copied for reading; try again")

    def _look(self) -> Signature:
        found = []
        for path in (self.path, self.path + "-wal"):
            try:
                facts = os.stat(path)
            except FileNotFoundError:
                found.append((0, 0, 0))
            else:
                found.append((facts.st_ino, facts.st_size, facts.st_mtime_ns))
        return tuple(found)


def _opens(address: str) -> bool:
    try:
        trial = connect(address)
        try:
            trial.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            trial.close()
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error) or "readonly" in str(error):
            return False
        raise
    return True
