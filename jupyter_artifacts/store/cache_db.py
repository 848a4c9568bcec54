"""``cache.db``: what saves time and may be lost at any moment.

Nothing here is ever needed: a file that is damaged, of another form, busy or not
there costs the time that it would have saved. Writes are not flushed, so each
value carries a checksum: what a power cut tore is not found, instead of being wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from typing import TYPE_CHECKING, TypeVar

from jupyter_artifacts.store.networks import file_system, is_shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    Cell: TypeAlias = str | bytes | int | None

T = TypeVar("T")

CACHE = "cache.db"

_FORM = 1
_BUSY_SECONDS = 0.3
_KEYS_AT_ONCE = 500
_TABLES = """
CREATE TABLE value (kind TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, sum BLOB NOT NULL,
  PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE stamp (name TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX stamp_by_size ON stamp (size);
"""


class CacheDb:
    """The cache of one store. Threads and forked processes may share it.

    Parameters
    ----------
    folder : str
        The store's.
    writable : bool
        False keeps nothing and finds nothing: a store that is only read is not written to.
    """

    def __init__(self, folder: str, *, writable: bool = True) -> None:
        self.path = os.path.join(folder, CACHE)
        self._writable = writable
        self._own = _Own()
        self._inherited: list[_Own] = []

    def get(self, kind: str, key: bytes) -> bytes | None:
        """Return a value as it was put, or None."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those values that are there, whole."""
        found: dict[bytes, bytes] = {}
        for first in range(0, len(keys), _KEYS_AT_ONCE):
            part = keys[first : first + _KEYS_AT_ONCE]
            words = f"SELECT key, data, sum FROM value WHERE kind = ? AND key IN ({','.join('?' * len(part))})"  # noqa: S608  question marks only
            found.update(
                (key, data)
                for key, data, check in self.rows(words, [kind, *part])
                if isinstance(key, bytes) and isinstance(data, bytes) and check == _sum(kind, key, data)
            )
        return found

    def put(self, kind: str, values: Mapping[bytes, bytes]) -> None:
        """Keep values; what is under the same keys is replaced."""
        words = "INSERT OR REPLACE INTO value (kind, key, data, sum) VALUES (?, ?, ?, ?)"
        self.change((words, [(kind, key, data, _sum(kind, key, data)) for key, data in values.items()]))

    def drop(self, kind: str, keys: Iterable[bytes]) -> None:
        """Forget values."""
        self.change(("DELETE FROM value WHERE kind = ? AND key = ?", [(kind, key) for key in keys]))

    def rows(self, words: str, values: Sequence[Cell] = ()) -> list[tuple[Cell, ...]]:
        """Return what a SELECT finds; nothing where there is no cache."""
        return self._do(lambda conn: conn.execute(words, values).fetchall(), [])

    def change(self, *work: tuple[str, Iterable[Sequence[Cell]]]) -> None:
        """Do statements, each for every row of values, all of them or none."""

        def act(conn: sqlite3.Connection) -> None:
            with conn:
                conn.execute("BEGIN IMMEDIATE")
                for words, values in work:
                    conn.executemany(words, values)

        self._do(act, None)

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        own = self._of_this_process()
        with own.guard:
            own.shut()

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Work with the connection; a damaged file is deleted and begun anew the next time."""
        own = self._of_this_process()
        with own.guard:
            try:
                conn = self._open(own)
                return otherwise if conn is None else work(conn)
            except sqlite3.ProgrammingError:
                raise
            except sqlite3.DatabaseError as error:
                own.shut()
                if not isinstance(error, sqlite3.OperationalError) or _is_damage(error):
                    self._unlink()
                return otherwise  # or it was busy, full or no longer there: this time goes without

    def _of_this_process(self) -> _Own:
        if self._own.pid != os.getpid():
            # Closing the parent's connection here would drop the parent's locks.
            self._inherited.append(self._own)
            self._own = _Own()
        return self._own

    def _open(self, own: _Own) -> sqlite3.Connection | None:
        if not self._writable:
            return None
        if own.conn is None or not os.path.exists(self.path):
            own.shut()
            if not os.path.isdir(os.path.dirname(self.path)):
                return None
            own.conn = self._connect()
        return own.conn

    def _connect(self) -> sqlite3.Connection:
        conn = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            conn.execute("PRAGMA synchronous = OFF")
            # Where machines share the folder, SQLite's shared memory does not work.
            shared = is_shared(file_system(os.path.dirname(self.path)))
            conn.execute(f"PRAGMA journal_mode = {'TRUNCATE' if shared else 'WAL'}")
            conn.execute("PRAGMA trusted_schema = OFF")
            if conn.execute("PRAGMA user_version").fetchone()[0] != _FORM:
                self._fill(conn)
        except BaseException:
            conn.close()
            raise
        return conn

    @staticmethod
    def _fill(conn: sqlite3.Connection) -> None:
        """Make the tables; another process may be faster."""
        with conn:
            conn.execute("BEGIN IMMEDIATE")
            form = conn.execute("PRAGMA user_version").fetchone()[0]
            if form == _FORM:
                return
            if form or conn.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise sqlite3.DatabaseError("a cache of another form")
            for words in filter(str.strip, _TABLES.split(";")):
                conn.execute(words)
            conn.execute(f"PRAGMA user_version = {_FORM}")

    def _unlink(self) -> None:
        for end in ("-wal", "-shm", "-journal", ""):
            with contextlib.suppress(OSError):
                os.unlink(self.path + end)


class _Own:
    """What belongs to one process: a connection, and the lock that its threads queue at."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.guard = threading.Lock()
        self.conn: sqlite3.Connection | None = None

    def shut(self) -> None:
        conn, self.conn = self.conn, None
        if conn is not None:
            with contextlib.suppress(sqlite3.Error):
                conn.close()


def _sum(kind: str, key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16, key=hashlib.sha256(b"%b\0%b" % (kind.encode(), key)).digest()).digest()


def _is_damage(error: sqlite3.OperationalError) -> bool:
    """Tell a file that is no good from one that another process has locked, or a full disk."""
    return any(sign in str(error) for sign in ("no such", "malformed", "disk I/O", "decode"))
