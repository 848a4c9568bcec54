"""Blobs that nothing names: condemned first, deleted by a later run; publishing takes them back at any moment.

The four rules that make this safe beside writers, and a fifth that spares writers
from writing again:

1. places are unique per write, so removing a file never hits a new one;
2. publishing looks again at what it reuses, when something was condemned or deleted since
   its session began (:func:`recheck`);
3. publishing takes what it names out of the condemned;
4. the transaction that condemns marks what was published since the mark as well;
5. a deleted blob's place waits in the trash for as long as a living session claims its
   digest, and publishing takes it back from there.

``tests/store/test_gc_model.py`` tries every order of these steps.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from jupyter_artifacts.errors import VanishedError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.catalog import restoring, roots, rows, schema
from jupyter_artifacts.store.catalog.database import again, revision
from jupyter_artifacts.store.catalog.prepared import Prepared
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.upkeep_records import Trashed, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection, Exists, ScalarSelect

    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.upkeep_records import Root, Roots

_FEW = 2_000
"""Up to so many digests are asked for one by one; for more the table is read whole."""

_b, _d, _t, _n, _v = schema.blob.c, schema.condemned.c, schema.trash.c, schema.counter.c, schema.version.c

_ANY = Prepared(lambda _: select(_d.digest).limit(1))
_SEQ = Prepared(lambda _: select(_n.value).where(_n.name == "condemn"))
_REPOINT = Prepared(
    lambda _: (
        schema.blob.update()
        .where(_b.digest == bindparam("of"), _b.place == bindparam("before"))
        .values(place=bindparam("after"))
    )
)
"""Takes (place, digest, place before)."""
_THROW = Prepared(
    lambda insert: (
        insert(schema.trash)
        .values({name: bindparam(name) for name in ("place", "digest", "size", "at")})
        .on_conflict_do_nothing(index_elements=["place"])
    )
)
"""Takes (place, digest, size, time)."""


class SqlGarbage:
    """The tables of condemned blobs and of places in the trash."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    def roots(self, without: Collection[int] = ()) -> Roots:
        """Return everything that keeps blobs; the versions `without` count as deleted."""
        with self._db.read() as conn:
            return roots.read(conn, set(without))

    @again
    def condemn(
        self, unnamed: Sequence[Stored], since: Roots, mark: Callable[[Sequence[Root]], AbstractSet[Digest]]
    ) -> Sequence[Stored]:
        """Condemn blobs that nothing names; return those that were not condemned before.

        Parameters
        ----------
        unnamed : sequence of Stored
            What nothing named when the roots were read.
        since : Roots
            Those roots.
        mark : callable
            Returns the blobs that manifests name; asked about the manifests that came since.
        """
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            kept = since.blobs | mark(roots.since(conn, since.revision))
            known = set(conn.execute(select(_d.digest)).scalars())
            _forget(conn, [digest for digest in known if digest in kept])
            new = [blob for blob in unnamed if blob.digest not in kept and blob.digest not in known]
            if new:
                seq = _raise_seq(conn)
                values = [{"digest": blob.digest, "seq": seq, "at": at} for blob in new]
                conn.execute(schema.condemned.insert(), values)
        return new

    def waiting(self) -> Waiting:
        """Return what is condemned and not deleted yet."""
        words = select(func.count(), func.coalesce(func.sum(_b.size), 0), func.min(_d.at))
        with self._db.read() as conn:
            found = conn.execute(words.select_from(schema.condemned).join(schema.blob, _b.digest == _d.digest)).one()
        return Waiting(int(found[0]), int(found[1]), found[2])

    def due(self, before: float) -> Sequence[Stored]:
        """Return the condemned blobs that :meth:`delete` would delete."""
        with self._db.read() as conn:
            return _due(conn, before)

    @again
    def delete(self, before: float) -> Sequence[Stored]:
        """Delete the rows of blobs that were condemned before a moment and are still; their places go to the trash."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            doomed = _due(conn, before)
            if doomed:
                _raise_seq(conn)
                _THROW.many(conn, [(blob.place, blob.digest, blob.size, at) for blob in doomed])
                for part in rows.chunks(blob.digest for blob in doomed):
                    conn.execute(schema.blob.delete().where(_b.digest.in_(part)))
            gone = select(_b.digest).where(_b.digest == _d.digest).exists()
            conn.execute(schema.condemned.delete().where(~gone))
        return doomed

    def trash(self) -> Sequence[Trashed]:
        """Return the places without a row whose files are still there."""
        with self._db.read() as conn:
            return _trash(conn)

    @again
    def purge(self, claimed: AbstractSet[Digest]) -> Sequence[Trashed]:
        """Take places out of the trash, so that their files may be removed; return them.

        Parameters
        ----------
        claimed : set of bytes
            Digests that living sessions rely on; their places stay.
        """
        with self._db.write() as work:
            gone = [one for one in _trash(work.conn) if one.digest not in claimed]
            for part in rows.chunks(one.place for one in gone):
                work.conn.execute(schema.trash.delete().where(_t.place.in_(part)))
        return gone

    @again
    def repoint(self, moves: Sequence[tuple[Stored, Stored]]) -> None:
        """Point blobs (before, after) at copies, where their rows still name what was copied."""
        with self._db.write() as work:
            _REPOINT.many(work.conn, [(after.place, before.digest, before.place) for before, after in moves])

    def outrun(self) -> bool:
        """Tell whether the journal knows of commits that this catalog does not: it is an older copy.

        The last line may be of a transaction that failed, or has not ended. The journal is
        looked at first: whoever commits meanwhile is in the catalog, then, and not the other
        way round.
        """
        newest = self._journal.newest()
        with self._db.read() as conn:
            return newest > revision(conn) + 1

    def expired(self, now: float) -> Sequence[int]:
        """Return the ids of live versions whose time to live is over."""
        words = select(_v.id).where(_v.live == 1, _v.ttl > 0, _v.created_at + _v.ttl <= now).order_by(_v.id)
        with self._db.read() as conn:
            return [int(key) for key in conn.execute(words).scalars()]

    @again
    def restore(self, version_id: int, digests: Sequence[Digest]) -> VersionRecord:
        """Make a deleted version live again; `digests` is everything that its manifest names."""
        with self._db.write() as work:
            recheck(self._db, work.conn, digests)
            return restoring.restore(work.conn, self._journal, version_id)

    def checked(self) -> Mapping[str, float]:
        """Return when the bytes at places (a pack counts as one) were last found sound."""
        with self._db.read() as conn:
            return {row[0]: row[1] for row in conn.execute(select(schema.checked))}

    @again
    def note_checked(self, places: Sequence[str], at: float, gone: Sequence[str] = ()) -> None:
        """Note that the bytes at places were found sound; forget places that are gone."""
        if not places and not gone:
            return
        words = self._db.insert(schema.checked)
        words = words.on_conflict_do_update(index_elements=["place"], set_={"at": words.excluded.at})
        with self._db.write() as work:
            for part in rows.chunks(gone):
                work.conn.execute(schema.checked.delete().where(schema.checked.c.place.in_(part)))
            if places:
                work.conn.execute(words, [{"place": place, "at": at} for place in places])


def any_condemned() -> Exists:
    """Return the condition that some blob is condemned."""
    return select(_d.digest).exists()


def seq_now() -> ScalarSelect[int]:
    """Return the counter of what was condemned or deleted, as part of a statement."""
    return select(_n.value).where(_n.name == "condemn").scalar_subquery()


def recheck(
    db: Database, conn: Connection, reused: Collection[Digest], written: Iterable[Stored] = (), seq: int | None = None
) -> None:
    """Make sure, inside the transaction that names them, that blobs are there and stay.

    Parameters
    ----------
    reused : collection of bytes
        Blobs that are relied upon and were not written for this.
    written : iterable of Stored
        Blobs that were.
    seq : int or None
        The counter when the writer began; None when that is not known.

    Raises
    ------
    VanishedError
        Some were deleted, and not even the trash has them: they must be written again.
    """
    if _ANY.row(conn) is not None:
        _forget(conn, [*reused, *(blob.digest for blob in written)])
    if not reused or seq == _seq(conn):
        return
    wanted = dict.fromkeys(reused)
    for part in rows.chunks(wanted):
        for digest in conn.execute(select(_b.digest).where(_b.digest.in_(part))).scalars():
            del wanted[Digest(digest)]
    if not wanted:
        return
    waiting = {one.digest: one for one in _trash(conn)}
    gone = [digest for digest in wanted if digest not in waiting]
    if gone:
        raise VanishedError(gone)
    back = [waiting[digest] for digest in wanted]
    words = db.insert(schema.blob).on_conflict_do_nothing(index_elements=["digest"])
    conn.execute(words, [{"digest": one.digest, "size": one.size, "place": one.place} for one in back])
    for places in rows.chunks(one.place for one in back):
        conn.execute(schema.trash.delete().where(_t.place.in_(places)))


def _seq(conn: Connection) -> int:
    return int((_SEQ.row(conn) or ())[0])


def _raise_seq(conn: Connection) -> int:
    words = schema.counter.update().where(_n.name == "condemn").values(value=_n.value + 1)
    return int(conn.execute(words.returning(_n.value)).scalar_one())


def _forget(conn: Connection, digests: Collection[Digest]) -> None:
    """Take digests out of the condemned."""
    wanted = digests if len(digests) <= _FEW else set(digests) & set(conn.execute(select(_d.digest)).scalars())
    for part in rows.chunks(wanted):
        conn.execute(schema.condemned.delete().where(_d.digest.in_(part)))


def _due(conn: Connection, before: float) -> Sequence[Stored]:
    """Return the condemned blobs that are old enough, but none that a row of another table needs."""
    words = select(_b.digest, _b.size, _b.place).join(schema.condemned, _d.digest == _b.digest).where(_d.at <= before)
    for needed in (schema.version.c.root, schema.run_file.c.digest, schema.part.c.root):
        words = words.where(_b.digest.not_in(select(needed)))
    return [Stored(Digest(row[0]), row[1], Place(row[2])) for row in conn.execute(words)]


def _trash(conn: Connection) -> Sequence[Trashed]:
    words = select(_t.place, _t.digest, _t.size, _t.at).order_by(_t.place)
    return [Trashed(Place(row[0]), Digest(row[1]), row[2], row[3]) for row in conn.execute(words)]
