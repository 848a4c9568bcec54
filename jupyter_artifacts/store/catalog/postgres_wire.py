"""What goes to a PostgreSQL server straight through its driver, as much as can in one round trip.

A transaction is committed without waiting for the server's disk, and flushed once the
queue of writers has gone on: the next one writes while this one waits. The log is
flushed in its order, so what is flushed has everything under it that it saw.

Reading ends with COMMIT: after a ROLLBACK the driver forgets the statements that the
server has prepared.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store.catalog import postgres_faults as faults

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from psycopg import Connection as RawConnection
    from sqlalchemy import Connection

    Raw = RawConnection[tuple[object, ...]]

SCHEMA = "jupyter_artifacts"

RING = 4096

SLICE = 0.5
"""Seconds of one attempt at the queue: Ctrl-C is heard between them."""

SETUP = f"""
SET search_path TO {SCHEMA};
SET idle_in_transaction_session_timeout TO '60s';
SET lock_timeout TO '{SLICE}s';
SET client_encoding TO 'UTF8';
SET jit TO off;
SET max_parallel_workers_per_gather TO 0;
SET plan_cache_mode TO force_generic_plan;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
"""Statements here are short: compiling them, starting workers and planning anew took most of their time."""

PREPARE_AFTER = 1
"""Runs after which the server keeps a statement's plan."""

READ = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE"
_NO_WAIT = "SET LOCAL synchronous_commit TO off"
_QUEUE = "SELECT pg_advisory_xact_lock(hashtext('jupyter_artifacts writers'))"
_TURN = (
    "WITH turn AS (UPDATE counter SET value = value + 1 WHERE name = 'revision' RETURNING value) "
    "INSERT INTO counter (name, value) SELECT 'commit ' || value %% %s, (value << 32) + %s FROM turn "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING value >> 32"
)
_CAN_FLUSH = "SELECT bool_and(has_function_privilege(oid, 'execute')) FROM pg_proc WHERE proname = %s"
_FLUSH = "SELECT pg_logical_emit_message(true, 'jupyter_artifacts', '')"
"""The smallest transaction that writes to the log, and so waits until all before it is on the disk."""


def raw_of(conn: Connection) -> Raw:
    """Return the driver's connection."""
    return cast("Raw", conn.connection.driver_connection)


def trip(raw: Raw) -> AbstractContextManager[object]:
    """Send statements without waiting for their answers, which are there at the end of the block."""
    from psycopg import Pipeline

    return raw.pipeline() if Pipeline.is_supported() else contextlib.nullcontext()


def can_flush(raw: Raw) -> bool:
    """Tell whether this user may flush the server's log apart from a commit."""
    row = raw.execute(_CAN_FLUSH, ["pg_logical_emit_message"]).fetchone()
    return row is not None and row[0] is True


def take_turn(raw: Raw, token: int, *, flushes: bool) -> int:
    """Begin a transaction, queue, and draw its revision; leave the token in the ring.

    The queue is a lock and not the counter's row: all who wait for a row are woken when
    it is free, and all but one wait again.
    """
    with trip(raw):
        raw.execute(WRITE, prepare=False)
        if flushes:
            raw.execute(_NO_WAIT, prepare=False)
        raw.execute(_QUEUE)
        drawn = raw.execute(_TURN, [RING, token])
    return int(str((drawn.fetchone() or ("",))[0]))


def commit(raw: Raw, *, flushes: bool) -> str:
    """Commit, and flush the log; return what the server calls what it did.

    Raises
    ------
    StoreError
        The commit was made, and the log could not be flushed.
    """
    from psycopg import Error

    done = None
    try:
        with trip(raw):
            done = raw.execute("COMMIT", prepare=False)
            if flushes:
                raw.execute(_FLUSH)
    except Error as error:
        if done is None or done.statusmessage != "COMMIT" or faults.is_lost(error):
            raise
        raise StoreError(
            f"the server did not confirm that a commit is on its disk ({error}); it may be there or not. Look at the "
            "server, then look whether what you logged is there"
        ) from error
    return done.statusmessage or ""
