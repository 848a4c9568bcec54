"""Which blobs there are, and where they lie."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.catalog import bulk, schema
from jupyter_artifacts.store.catalog.blob_sessions import fence
from jupyter_artifacts.store.catalog.database import again
from jupyter_artifacts.store.records import Place, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from jupyter_artifacts.store.catalog.database import Database

_BATCH = 10_000
_b = schema.blob.c


class SqlBlobIndex:
    """The table of blobs."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @again
    def find(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Return the known ones of `digests`."""
        if not digests:
            return {}
        with self._db.read() as conn:
            found = bulk.find_blobs(conn, digests)
        return {Digest(digest): Stored(Digest(digest), size, Place(place)) for digest, size, place in found}

    def replace(self, blobs: Iterable[Stored]) -> None:
        """Point digests at new places."""
        self._replace(tuple(blobs))

    @again
    def _replace(self, blobs: tuple[Stored, ...]) -> None:
        with self._db.write() as work:
            put(work.conn, blobs)

    def all(self) -> Iterator[Stored]:
        """Yield every blob, in order of digest."""
        last = b""
        while True:
            words = select(_b.digest, _b.size, _b.place).where(_b.digest > last).order_by(_b.digest).limit(_BATCH)
            with self._db.read() as conn:
                batch = conn.execute(words).all()
            if not batch:
                return
            yield from (Stored(Digest(row.digest), row.size, Place(row.place)) for row in batch)
            last = batch[-1].digest

    @again
    def condemn_seq(self) -> int:
        """Return a number that grows whenever blobs are condemned or their rows deleted."""
        words = select(schema.counter.c.value).where(schema.counter.c.name == "condemn")
        with self._db.read() as conn:
            return int(conn.execute(words).scalar_one_or_none() or 0)


def put(conn: Connection, blobs: Iterable[Stored]) -> None:
    """Enter durable blobs; a digest that is there already is pointed at the new place.

    The newest place is always right: whoever enters it has just made it durable,
    and the older one may be the rotten copy that it heals.

    Raises
    ------
    VanishedError
        Their writer was revoked: they do not count.
    """
    blobs = tuple(blobs)
    fence(conn, blobs)
    enter(conn, blobs)


def enter(conn: Connection, blobs: Iterable[Stored]) -> None:
    """Enter blobs whose writers are known to count."""
    newest = {blob.digest: (blob.digest, blob.size, str(blob.place)) for blob in blobs}
    bulk.put_blobs(conn, sorted(newest.values()))
