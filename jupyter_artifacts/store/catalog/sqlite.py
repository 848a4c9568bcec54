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

from jupyter_artifacts.errors import StoreError, UnsupportedError, UsageError
from jupyter_artifacts.store import networks
from jupyter_artifacts.store.catalog import daily, faults
from jupyter_artifacts.store.catalog.database import Work, next_revision
from jupyter_artifacts.store.catalog.flushing import flush
from jupyter_artifacts.store.catalog.high_water import HighWater
from jupyter_artifacts.store.catalog.readonly import TIMEOUT, ReadOnlyFile, connect, uri
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
_SETUP = ("PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON")
_WAL, _TRUNCATE = "wal", "truncate"
_PATIENT = 5.0
"""Seconds that a commit waits for readers, where there is no log beside the file to write to."""

_CAN_FLUSH = hasattr(os, "fdatasync")

_FOLD_AFTER = 64
"""Own commits after which the log is folded into the file."""

_LONG_LOG = 4000
"""Pages after which a commit folds the log in whoever waits: only then, with no other writer about, it begins anew."""

_log = logging.getLogger("jupyter_artifacts")

_TOLD: set[str] = set()
"""Stores on shared file systems that this process has been warned of."""

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
        self.high = HighWater(path)
        self._lock = FileLock(os.path.join(os.path.dirname(path), LOCK))
        self._guard = threading.Lock()
        self._closed = False
        self._unfolded = 0
        self._pid = os.getpid()
        self._frozen: ReadOnlyFile | None = None
        with self._told():
            if not os.path.exists(path):
                raise faults.damaged(path, "its file is missing")
            self._file = os.stat(path)
            self._log_mode = log_mode(path)
            if writable:
                with writing(os.path.dirname(path)):
                    self._settle()
            self._engine = self._open()

    def _open(self) -> Engine:
        if self.writable:
            address = uri(self.path, mode="rw")
        else:
            self._frozen = ReadOnlyFile(self.path)
            address = self._frozen.address
        timeout = TIMEOUT if self._log_mode == _WAL else _PATIENT
        engine = create_engine(
            "sqlite://", creator=lambda: connect(address, timeout), poolclass=QueuePool, max_overflow=-1
        )
        event.listen(engine, "connect", self._set_up)
        return engine

    def _set_up(self, raw: sqlite3.Connection, _record: object) -> None:
        for words in _SETUP:
            raw.execute(words)
        if self.writable and self._log_mode == _TRUNCATE:
            raw.execute(f"PRAGMA journal_mode={_TRUNCATE}")  # of this connection alone, unlike a log
        # Where commits are flushed by `_flush`, SQLite itself has to flush at checkpoints only.
        raw.execute(f"PRAGMA synchronous={'NORMAL' if self._log_mode == _WAL and _CAN_FLUSH else 'FULL'}")
        raw.execute(f"PRAGMA wal_autocheckpoint={_LONG_LOG}")

    def _settle(self) -> None:
        """Give the file the kind of log that its file system can bear; a store may have been moved."""
        raw = connect(uri(self.path, mode="rw"))
        try:
            # Without the shared memory that may be what does not work here.
            raw.execute(f"PRAGMA locking_mode={'NORMAL' if self._log_mode == _WAL else 'EXCLUSIVE'}")
            try:
                (mode,) = raw.execute("PRAGMA journal_mode").fetchone()
                if mode != self._log_mode:
                    raw.execute(f"PRAGMA journal_mode={self._log_mode}").fetchone()
            except sqlite3.OperationalError as error:
                if not faults.is_busy(error):
                    raise
        finally:
            raw.close()

    def _flush(self) -> None:
        """Make the log durable, out of the queue: writers that wait for the disk wait side by side.

        The log is only ever appended to, so flushing it makes all commits before ours
        durable too. Whoever folds it into the file flushes both.
        """
        if not _CAN_FLUSH:
            return
        try:
            fd = os.open(self.path + "-wal", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._check_here()
            if self._closed:
                return
            raise faults.unlogged(self.path) from None
        try:
            flush(self.path, fd, lambda: connect(uri(self.path, mode="rw")))
        finally:
            os.close(fd)

    def _fold(self, engine: Engine) -> None:
        """Bring the log into the file now and then, out of the queue: in it, everybody would wait for the disk."""
        self._unfolded += 1
        if self._unfolded < _FOLD_AFTER or self._log_mode != _WAL:
            return
        self._unfolded = 0
        try:
            with engine.connect() as conn:
                conn.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").close()
        except DBAPIError as error:
            # The commit is made and durable, in the log; whoever writes next finds what is wrong with the disk.
            _log.debug("the log of %s was not folded in: %s", self.path, error)

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
            with Shield() as shield, self._told(), writing(os.path.dirname(self.path)):
                with (
                    engine.connect() as conn,
                    self._lock.held(BUSY_TIMEOUT, self._say_waiting, shield.check) as left,
                    conn.begin(),
                ):
                    self._begin(conn, "BEGIN IMMEDIATE", left, shield.check)
                    work = Work(conn, next_revision(conn))
                    self.require(work.revision - 1)
                    yield work
                if self._log_mode == _WAL:
                    self._flush()
                self.high.note(work.revision)
                self._fold(engine)
        except NeverCameError as error:
            raise faults.busy(self.path, BUSY_TIMEOUT) from error
        self._check_here()

    def require(self, revision: int, least: int | None = None) -> None:
        """Refuse a catalog that stands before a commit that was made; `least` is that commit, if it is known."""
        least = self.high.read() if least is None else least
        if revision < least:
            raise faults.rolled_back(self.path, least - revision)

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

    @contextlib.contextmanager
    def upkeep(self) -> Iterator[None]:
        """Do nothing: whoever looks after the store holds a lock in its folder."""
        yield

    def close(self) -> None:
        """Close the connections; later calls are refused."""
        if self.writable and not self._closed and self._pid == os.getpid():
            self._keep_copy()
        with self._guard:
            self._closed = True
            if self._pid == os.getpid():
                self._engine.dispose()
                if self._frozen is not None:
                    self._frozen.close()

    def _keep_copy(self) -> None:
        try:
            with self.read() as conn:
                began = conn.exec_driver_sql("SELECT value FROM store_meta WHERE key = 'created_at'").scalar()
            daily.keep(self.path, float(began or time.time()), self.copy_to)
        except (StoreError, OSError) as error:
            # Closing a damaged or vanished store has to work; whoever uses it hears of that.
            _log.debug("no copy of the catalog %s: %s", self.path, error)

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
                if words == "BEGIN":  # which by itself does not look at the file
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


def log_mode(path: str) -> str:
    """Return the kind of log for the file system of `path`; where it is one that machines share, say so once."""
    folder = os.path.dirname(path)
    kind = networks.file_system(folder)
    if not networks.is_shared(kind):
        return _WAL
    if folder not in _TOLD:
        _TOLD.add(folder)
        _log.warning(
            "the store %s is on a shared file system (%s): several machines may read it, one at a time may write. "
            "For more, keep its catalog on PostgreSQL: JUPYTER_ARTIFACTS_STORE='postgresql://user@host/database %s'",
            *(folder, kind, folder),
        )
    return _TRUNCATE
