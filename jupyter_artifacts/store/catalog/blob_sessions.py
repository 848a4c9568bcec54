"""Writers' sessions as rows: where files are in a bucket, no file lock tells the living from the dead.

A session that was silent for a day is revoked, in a transaction. From then on no
transaction takes blobs that it has written, so the collector may remove them whatever
the clocks of its machine say; who was only asleep writes its blobs again.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.errors import VanishedError
from jupyter_artifacts.store.catalog import rows, schema
from jupyter_artifacts.store.catalog.database import again
from jupyter_artifacts.store.catalog.prepared import Prepared
from jupyter_artifacts.store.writers import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Exists

    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.records import Stored

ACTIVE, REVOKED = "active", "revoked"
_ID = 20
"""So many characters of a place are the id of the session that wrote it."""

_s = schema.blob_session.c
_OUT = Prepared(lambda _: select(_s.id).where(_s.state == REVOKED))


class SqlWriters:
    """The table of blob sessions."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @again
    def enter(self, session: str, host: str, condemn_seq: int, ended: Sequence[str] = ()) -> None:
        """Enter a session that begins, and take out some that have ended."""
        at = time.time()
        with self._db.write() as work:
            _take_out(work.conn, ended)
            words = self._db.insert(schema.blob_session).on_conflict_do_nothing(index_elements=["id"])
            values = {"id": session, "host": host, "pid": os.getpid(), "condemn_seq": condemn_seq}
            work.conn.execute(words, [{**values, "state": ACTIVE, "heartbeat_at": at}])

    @again
    def beat(self, session: str) -> None:
        """Say that a session lives."""
        with self._db.write() as work:
            work.conn.execute(schema.blob_session.update().where(_s.id == session).values(heartbeat_at=time.time()))

    @again
    def leave(self, sessions: Sequence[str]) -> None:
        """Take sessions out that have ended."""
        if sessions:
            with self._db.write() as work:
                _take_out(work.conn, sessions)

    def active(self) -> Sequence[Writer]:
        """Return the sessions that have neither ended nor been revoked."""
        words = select(_s.id, _s.host, _s.condemn_seq, _s.heartbeat_at).where(_s.state == ACTIVE).order_by(_s.id)
        with self._db.read() as conn:
            return [Writer(*row) for row in conn.execute(words)]

    @again
    def revoke(self, sessions: Iterable[str]) -> None:
        """Revoke sessions: no transaction takes blobs that they have written, from now on; the rows stay for that."""
        wanted = list(sessions)
        if not wanted:
            return
        with self._db.write() as work:
            for part in rows.chunks(wanted):
                work.conn.execute(schema.blob_session.update().where(_s.id.in_(part)).values(state=REVOKED))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to look after the store, on whatever machine."""
        with self._db.upkeep():
            yield


def any_revoked() -> Exists:
    """Return the condition that some session is revoked, so that :func:`fence` has something to refuse."""
    return select(_s.id).where(_s.state == REVOKED).exists()


def fence(conn: Connection, written: Iterable[Stored]) -> None:
    """Refuse blobs that a revoked session has written.

    Raises
    ------
    VanishedError
        They count for nothing any more, and must be written again.
    """
    out = {row[0] for row in _OUT.rows(conn)}
    gone = [blob.digest for blob in written if blob.place[:_ID] in out] if out else []
    if gone:
        raise VanishedError(gone)


def _take_out(conn: Connection, sessions: Sequence[str]) -> None:
    """Take out sessions that have ended; a revoked one stays, for whatever of it is still under way."""
    for part in rows.chunks(sessions):
        conn.execute(schema.blob_session.delete().where(_s.id.in_(part), _s.state == ACTIVE))
