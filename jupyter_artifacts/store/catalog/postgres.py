"""The catalog's database on PostgreSQL: many machines, one server, the same statements as on SQLite.

Writers queue for one lock, and behind it for one row, the counter: the first statements of
each transaction draw the next revision and so hold it. READ COMMITTED is enough behind that.

Each transaction leaves a token in a ring of rows. When the answer to a commit was
lost (the server was restarted, the network broke), the token tells whether it was
made; what was not raises `LostError`, and the verbs begin anew. The server's own
transaction ids would not do: after a crash they are given out a second time.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import contextlib
import logging
import os
import platform
import secrets
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from jupyter_artifacts.errors import MissingDependencyError, StoreBusyError, StoreError, UsageError
from jupyter_artifacts.store.catalog import postgres_faults as faults
from jupyter_artifacts.store.catalog import postgres_wire as wire
from jupyter_artifacts.store.catalog.database import LostError, Work
from jupyter_artifacts.store.interrupts import Shield

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection as RawConnection
    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.dialects.postgresql import Insert

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for its turn, and anybody for a server that was reached before."""

NOTICE_AFTER = 2.0
_QUEUE = text("SELECT value FROM counter WHERE name = 'revision' FOR UPDATE")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('jupyter_artifacts'))")
_KEEP = text("SELECT pg_try_advisory_lock(hashtext('jupyter_artifacts upkeep'))")
_LET_GO = text("SELECT pg_advisory_unlock(hashtext('jupyter_artifacts upkeep'))")
_FATE = text("SELECT value FROM counter WHERE name = :name")
_HOLDER = text(
    "SELECT application_name, pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND wait_event_type IS DISTINCT FROM 'Lock' "
    "ORDER BY xact_start LIMIT 1"
)

_log = logging.getLogger("jupyter_artifacts")

_INHERITED: list[Engine] = []
"""Engines made before a fork: their connections are the parent's."""


class _Turn(NamedTuple):
    revision: int
    token: int


class PostgresDatabase:
    """One catalog on a server.

    Parameters
    ----------
    url : sqlalchemy.URL
        Where it is; a password in it is shown to nobody.
    """

    def __init__(self, url: URL) -> None:
        self.where = faults.told(url)
        self._url = url
        self._guard = threading.Lock()
        self._closed = False
        self._pid = os.getpid()
        self._engine = self._make()
        with self._told(), self._engine.connect() as conn:
            closed = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool"
            self.writable = not conn.exec_driver_sql(closed).scalar_one()
            self._flushes = self.writable and wire.can_flush(wire.raw_of(conn))

    def _make(self) -> Engine:
        try:
            import psycopg
        except ImportError as error:
            raise MissingDependencyError(
                "a store on PostgreSQL needs psycopg: pip install 'jupyter_artifacts[team]'"
            ) from error
        self._errors = (DBAPIError, psycopg.Error)
        engine = create_engine(
            self._url.set(drivername="postgresql+psycopg"),
            poolclass=QueuePool,
            max_overflow=-1,
            use_native_hstore=False,
            hide_parameters=True,
            connect_args={
                "autocommit": True,
                "prepare_threshold": wire.PREPARE_AFTER,
                "application_name": f"jupyter_artifacts {os.getpid()} on {platform.node()}"[:63],
                "connect_timeout": self._url.query.get("connect_timeout", "10"),
            },
        )
        event.listen(engine, "connect", _set_up)
        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection inside one snapshot of the catalog."""
        with self._told(), self._begun(wire.READ, lambda: None) as conn:
            try:
                yield conn
                wire.raw_of(conn).commit()
            except self._errors as error:
                if not faults.is_lost(error):
                    raise
                raise LostError(faults.lost(self.where)) from faults.cause_of(error)

    @contextlib.contextmanager
    def write(self) -> Iterator[Work]:
        """Give the one writing transaction; it is durable when the block has ended, or nothing of it is there."""
        if not self.writable:
            raise faults.read_only(self.where)
        with Shield() as shield, self._told(), contextlib.ExitStack() as held:
            conn, turn = self._take_turn(held, shield.check)
            committing = False
            try:
                yield Work(conn, turn.revision)
                committing = True
                self._commit(conn)
            except self._errors as error:
                if not faults.is_lost(error):
                    raise
                self._let_go(conn, error)
                held.close()
                if not committing or not self._happened(turn, shield.check):
                    raise LostError(faults.lost(self.where)) from faults.cause_of(error)

    @contextlib.contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a transaction that no second one of its kind runs beside, for founding the catalog."""
        with self._told(), self._begun(wire.WRITE if self.writable else wire.READ, lambda: None) as conn:
            conn.exec_driver_sql(f"SET LOCAL lock_timeout TO '{BUSY_TIMEOUT}s'")
            conn.execute(_ALONE)
            yield conn
            conn.commit()

    def insert(self, table: Table) -> Insert:
        """Begin an INSERT that may say ON CONFLICT."""
        return insert(table)

    def integrity(self) -> list[str]:
        """Return nothing: a server checks its own pages and foreign keys."""
        return []

    def backup(self, form: int) -> None:
        """Do nothing: a step that fails is undone by the server, and copies are its keeper's work (``pg_dump``)."""

    @contextlib.contextmanager
    def upkeep(self) -> Iterator[None]:
        """Hold the right to look after the store: one machine at a time, until the connection ends."""
        patience = _Patience(BUSY_TIMEOUT, lambda: None, self._say_waiting)
        with self._told(), self._ready().connect() as conn:
            while not conn.execute(_KEEP).scalar_one():
                if patience.is_over():
                    raise StoreBusyError(
                        f"the store {self.where} is being looked after from another machine; "
                        "wait for its gc or repair to end"
                    )
                patience.wait()
            try:
                yield
            finally:
                with contextlib.suppress(*self._errors):  # a connection that broke has let go already
                    conn.execute(_LET_GO)

    def close(self) -> None:
        """Close the connections; later calls are refused."""
        with self._guard:
            self._closed = True
            if self._pid == os.getpid():
                self._engine.dispose()

    def _ready(self) -> Engine:
        if self._pid != os.getpid():
            self._guard = threading.Lock()
        with self._guard:
            if self._closed:
                raise UsageError(f"the store {self.where} was closed; open it again")
            if self._pid != os.getpid():
                _INHERITED.append(self._engine)
                self._pid = os.getpid()
                self._engine = self._make()
            return self._engine

    @contextlib.contextmanager
    def _begun(self, words: str, check: Callable[[], None]) -> Iterator[Connection]:
        """Give a connection in a transaction that has begun; a server that was restarted is waited for."""
        patience = _Patience(BUSY_TIMEOUT, check, lambda: _log.warning("waiting for the server of %s", self.where))
        while True:
            conn = None
            try:
                conn = self._ready().connect()
                if words:
                    wire.raw_of(conn).execute(words, prepare=False)
                break
            except BaseException as error:
                if conn is not None:
                    conn.close()
                if not isinstance(error, self._errors) or not faults.is_lost(error) or patience.is_over():
                    raise
                patience.wait()
        try:
            yield conn
        except self._errors as error:
            self._let_go(conn, error)
            raise
        finally:
            try:
                conn.close()
            except self._errors as error:
                # It broke after all that was asked of it had been answered: what it read stands.
                if not faults.is_lost(error):
                    raise

    def _take_turn(self, held: contextlib.ExitStack, check: Callable[[], None]) -> tuple[Connection, _Turn]:
        """Begin a transaction and draw its revision, which no other can do before it has ended."""
        patience = _Patience(BUSY_TIMEOUT, check, self._say_waiting)
        token = secrets.randbits(32)
        while True:
            check()
            conn = held.enter_context(self._begun("", check))
            try:
                return conn, _Turn(wire.take_turn(wire.raw_of(conn), token, flushes=self._flushes), token)
            except self._errors as error:
                self._let_go(conn, error)
                held.close()
                if not faults.is_lost(error):
                    self._wait(error, patience)
                elif patience.is_over():
                    raise LostError(faults.lost(self.where)) from faults.cause_of(error)
                else:
                    patience.wait()

    def _commit(self, conn: Connection) -> None:
        """Commit; whoever waits for the queue goes on before this transaction is on the disk."""
        done = wire.commit(wire.raw_of(conn), flushes=self._flushes)
        if done != "COMMIT":
            raise StoreError(f"the server of {self.where} gave the transaction up ({done}); nothing was written")

    def _happened(self, turn: _Turn, check: Callable[[], None]) -> bool:
        """Tell whether a transaction was committed whose answer never came."""
        patience = _Patience(BUSY_TIMEOUT, check, self._say_waiting)
        while True:
            with self._begun(wire.WRITE, check) as conn:
                try:
                    conn.execute(_QUEUE)  # behind the transaction in doubt, should the server still be at it
                    fate = {"name": f"commit {turn.revision % wire.RING}"}
                    left = conn.execute(_FATE, fate).scalar_one_or_none() or 0
                    made = left == (turn.revision << 32) + turn.token
                    if made:
                        self._commit(conn)  # nothing but the flush that what was found may lack
                except self._errors as error:
                    self._let_go(conn, error)
                    if not faults.is_lost(error):
                        self._wait(error, patience)
                    continue
            if left >> 32 > turn.revision:
                raise StoreError(
                    f"the server of {self.where} went away in a commit, and {wire.RING} others came since; look "
                    "whether what you logged is there before you log it again"
                )
            return bool(made)

    def _let_go(self, conn: Connection, error: BaseException) -> None:
        """Keep a connection that broke out of the pool; SQLAlchemy does not see what the driver tells us directly."""
        if faults.is_lost(error) and not conn.invalidated:
            conn.invalidate()

    def _wait(self, error: Exception, patience: _Patience) -> None:
        """Wait on when somebody else has the turn; pass on every other error."""
        if not faults.is_busy(error):
            raise error
        if patience.is_over():
            raise self._busy() from faults.cause_of(error)
        patience.wait(0)

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(
            f"the store {self.where} is busy: {self._holder()} has been writing for over {BUSY_TIMEOUT:.0f} s. "
            "Nothing was logged; wait for it or end it, then run this again"
        )

    def _say_waiting(self) -> None:
        _log.warning("waiting for the store %s: %s is writing", self.where, self._holder())

    def _holder(self) -> str:
        with self._ready().connect() as conn:
            row = conn.execute(_HOLDER).one_or_none()
        return "another program" if row is None else f"{row[0] or 'a program'} (server process {row[1]})"

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            cause = faults.cause_of(error)
            raise faults.fault_of(cause, self.where) from cause


class _Patience:
    """Waiting up to a deadline, with one notice on the way."""

    def __init__(self, seconds: float, check: Callable[[], None], notice: Callable[[], None]) -> None:
        self._deadline = time.monotonic() + seconds
        self._notice_at = time.monotonic() + NOTICE_AFTER
        self._check = check
        self._notice = notice

    def is_over(self) -> bool:
        return time.monotonic() > self._deadline

    def wait(self, seconds: float = 0.1) -> None:
        self._check()
        if time.monotonic() >= self._notice_at:
            self._notice_at = self._deadline + 1
            self._notice()
        time.sleep(seconds)


def _set_up(raw: RawConnection[tuple[object, ...]], _record: object) -> None:
    raw.execute(wire.SETUP.encode())
