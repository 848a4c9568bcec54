"""The catalog's database on SQLite: one file, a queue of writers, full synchronous commits."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, cast

from sqlalchemy import create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from jupyter_artifacts.errors import UnsupportedError, UsageError
from jupyter_artifacts.store.catalog import faults
from jupyter_artifacts.store.catalog.database import Work, next_revision
from jupyter_artifacts.store.catalog.readonly import ReadOnlyFile, connect, uri
from jupyter_artifacts.store.faults import gone, read_only, writing
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.layout import BACKUPS, LOCK, sync_folder
from jupyter_artifacts.store.locks import NOTICE_AFTER, FileLock, NeverCameError, holders, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.dialects.postgresql import Insert

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for its turn."""

_NEEDED = (3, 37, 0)  # STRICT tables
_SETUP = ("PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON")

_log = logging.getLogger("jupyter_artifacts")

_INHERITED: list[Engine] = []
"""Engines made before a fork. Closing their connections in the child would end the parent's locks."""


class SqliteDatabase:
    """One catalog file.

    Parameters
    ----------
    path : str
        The file; it must exist.
    writable : bool
        False for a folder that cannot be written.
    """

    def __init__(self, path: str, *, writable: bool) -> None:
        if sqlite3.sqlite_version_info < _NEEDED:
            raise UnsupportedError(
                f"this Python has SQLite {sqlite3.sqlite_version}; the catalog needs 3.37 or newer: update Python"
            )
        self.path = self.where = path
        self.writable = writable
        self._lock = FileLock(os.path.join(os.path.dirname(path), LOCK))
        self._guard = threading.Lock()
        self._closed = False
        self._pid = os.getpid()
        self._frozen: ReadOnlyFile | None = None
        with self._told():
            if not os.path.exists(path):
                raise faults.damaged(path, "its file is missing")
            self._file = os.stat(path)
            self._engine = self._open()

    def _open(self) -> Engine:
        if self.writable:
            address = uri(self.path, mode="rw")
        else:
            self._frozen = ReadOnlyFile(self.path)
            address = self._frozen.address
        engine = create_engine("sqlite://", creator=lambda: connect(address), poolclass=QueuePool, max_overflow=-1)
        event.listen(engine, "connect", _set_up)
        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection inside one snapshot of the catalog."""
        with self._told(), self._ready().connect() as conn, conn.begin():
            self._begin(conn, "BEGIN", BUSY_TIMEOUT)
            yield conn

    @contextlib.contextmanager
    def write(self) -> Iterator[Work]:
        """Give the one writing transaction; it is durable when the block has ended, or nothing of it is there.

        Raises
        ------
        StoreBusyError
            Others kept the catalog for 30 seconds.
        ReadOnlyStoreError, StoreFullError, StoreGoneError
        """
        if not self.writable:
            raise read_only(os.path.dirname(self.path))
        engine = self._ready()
        try:
            with (
                Shield() as shield,
                self._told(),
                writing(os.path.dirname(self.path)),
                self._lock.held(BUSY_TIMEOUT, self._say_waiting, shield.check) as left,
                engine.connect() as conn,
                conn.begin(),
            ):
                self._begin(conn, "BEGIN IMMEDIATE", left, shield.check)
                yield Work(conn, next_revision(conn))
        except NeverCameError as error:
            raise faults.busy(self.path, BUSY_TIMEOUT) from error
        self._check_here()

    def insert(self, table: Table) -> Insert:
        """Begin an INSERT that may say ON CONFLICT."""
        return cast("Insert", insert(table))

    def integrity(self) -> list[str]:
        """Return what SQLite itself finds wrong with the file."""
        with self.read() as conn:
            lines = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA integrity_check")]
            broken = [
                f"row {row[1]} of {row[0]} names a {row[2]} that is not there"
                for row in conn.exec_driver_sql("PRAGMA foreign_key_check")
            ]
        return [line for line in lines if line != "ok"] + broken

    def backup(self, form: int) -> None:
        """Write a copy of the whole catalog to ``backups/``, durable, before it leaves `form`."""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        self.copy_to(f"catalog-form{form}-{stamp}-{os.getpid()}.db")

    def copy_to(self, name: str) -> None:
        """Write a copy of the whole catalog to the new file `name` in ``backups/``, durable, or leave nothing."""
        root = os.path.dirname(self.path)
        folder = os.path.join(root, BACKUPS)
        target = os.path.join(folder, name)
        part = f"{target}.{os.getpid()}.part"
        with self._told(), writing(root):
            os.makedirs(folder, exist_ok=True)
            try:
                with self._ready().connect() as conn:
                    conn.exec_driver_sql("VACUUM INTO ?", (part,))
                fd = os.open(part, os.O_RDONLY)
                try:
                    os.fsync(fd)
                finally:
                    os.close(fd)
                os.rename(part, target)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part)
                raise
            sync_folder(folder)

    def close(self) -> None:
        """Close the connections; later calls are refused."""
        with self._guard:
            self._closed = True
            if self._pid == os.getpid():
                self._engine.dispose()
                if self._frozen is not None:
                    self._frozen.close()

    def _ready(self) -> Engine:
        if self._pid != os.getpid():
            self._guard = threading.Lock()
        with self._guard:
            if self._closed:
                raise UsageError(f"the store {os.path.dirname(self.path)} was closed; open it again")
            self._check_here()
            if self._pid != os.getpid():
                _INHERITED.append(self._engine)
                self._pid = os.getpid()
                self._engine = self._open()
            elif self._frozen is not None and self._frozen.changed():
                self._engine.dispose()
                self._frozen.close()
                self._engine = self._open()
            return self._engine

    def _check_here(self) -> None:
        try:
            here = os.path.samestat(self._file, os.stat(self.path))
        except FileNotFoundError:
            here = False
        if not here:
            raise gone(os.path.dirname(self.path))

    def _begin(self, conn: Connection, words: str, left: float, check: Callable[[], None] = lambda: None) -> None:
        """Begin, in short attempts, so that Ctrl-C is heard while another program holds the file."""
        raw = cast("sqlite3.Connection", conn.connection.dbapi_connection)
        noticed, deadline = time.monotonic() + NOTICE_AFTER, time.monotonic() + left
        while True:
            check()
            try:
                if raw.in_transaction:
                    raw.rollback()
                raw.execute(words)
                raw.execute("SELECT 1 FROM store_meta LIMIT 1")
                return
            except sqlite3.OperationalError as error:
                raw.rollback()
                if not faults.is_busy(error):
                    raise
                now = time.monotonic()
                if now > deadline:
                    raise faults.busy(self.path, BUSY_TIMEOUT) from error
                if now > noticed:
                    noticed = deadline + 1
                    self._say_waiting()

    def _say_waiting(self) -> None:
        who = told(holders(self._lock.path, self.path, self.path + "-shm"))
        _log.warning("waiting for the store %s: %s is writing", os.path.dirname(self.path), who)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            cause = faults.cause_of(error)
            raise faults.fault_of(cause, self.path) from cause


def _set_up(raw: sqlite3.Connection, _record: object) -> None:
    for words in _SETUP:
        raw.execute(words)
