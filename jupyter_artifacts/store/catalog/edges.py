"""Who used and who made what."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, select

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store.catalog import ids, lineage, rows, schema, stale
from jupyter_artifacts.store.catalog.database import again
from jupyter_artifacts.store.catalog.journal import use_line
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.lineage import Lineage
    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import RunRecord, VersionRecord

Direction = Literal["in", "out"]

_e, _v, _r = schema.edge.c, schema.version.c, schema.run.c

_ADD = Prepared(
    lambda insert: (
        insert(schema.edge)
        .values({name: bindparam(name) for name in ("run_key", "version_id", "direction", "used_as", "at")})
        .on_conflict_do_nothing(index_elements=["run_key", "version_id", "direction"])
    )
)


class SqlEdges:
    """The table of edges."""

    def __init__(self, db: Database, algorithm: Algorithm, journal: Journal) -> None:
        self._db = db
        self._journal = journal
        self._algorithm: Algorithm = algorithm

    @again
    def use(self, run_id: str, version_id: int, used_as: str = "") -> None:
        """Record that a run used a version; doing it again changes nothing."""
        with self._db.write() as work:
            conn = work.conn
            key = ids.run_key(conn, run_id)
            if conn.execute(select(_v.id).where(_v.id == version_id)).first() is None:
                raise NotFoundError(f"no version with the id {version_id} in this store")
            at = time.time()
            add(conn, key, version_id, "in", used_as, at)
            self._journal.append(use_line(run_id, version_id, used_as, at))

    @again
    def inputs(self, run_id: str) -> Sequence[VersionRecord]:
        """Return the versions a run used, in the order it used them."""
        return self._versions(run_id, "in")

    @again
    def outputs(self, run_id: str) -> Sequence[VersionRecord]:
        """Return the versions a run made, in the order it made them."""
        return self._versions(run_id, "out")

    @again
    def makers(self, version_id: int) -> Sequence[RunRecord]:
        """Return the runs that made a version, first maker first."""
        return self._runs(version_id, "out")

    @again
    def users(self, version_id: int) -> Sequence[RunRecord]:
        """Return the runs that used a version."""
        return self._runs(version_id, "in")

    def lineage(
        self, project: str | None = None, focus: str | None = None, up: int | None = 2, down: int | None = 2
    ) -> Lineage:
        """Return the graph around a node id, or of a whole project, with stale marks set."""
        with self._db.read() as conn:
            if focus is None:
                return lineage.whole(conn, project, self._algorithm)
            return lineage.around(conn, focus, up, down, self._algorithm)

    @again
    def ancestry(self, version_id: int) -> Sequence[int]:
        """Return the ids of a version and of all that it was made from, however far back, by id."""
        with self._db.read() as conn:
            return lineage.ancestry(conn, version_id)

    @again
    def stale(self, version_ids: Iterable[int]) -> Mapping[int, str]:
        """Return why each stale one of these versions is out of date, by version id."""
        with self._db.read() as conn:
            return stale.reasons(conn, version_ids)

    @again
    def stale_of(self, project: str) -> Mapping[int, str]:
        """Return why each stale one of a project's live versions is out of date, by version id."""
        with self._db.read() as conn:
            return stale.reasons_in(conn, project)

    def _versions(self, run_id: str, direction: Direction) -> Sequence[VersionRecord]:
        with self._db.read() as conn:
            key = ids.run_key(conn, run_id)
            words = rows.select_versions().join(schema.edge, _e.version_id == _v.id)
            words = words.where(_e.run_key == key, _e.direction == direction).order_by(_e.id)
            return rows.versions(conn, conn.execute(words).all())

    def _runs(self, version_id: int, direction: Direction) -> Sequence[RunRecord]:
        with self._db.read() as conn:
            words = rows.select_runs().join(schema.edge, _e.run_key == _r.key)
            words = words.where(_e.version_id == version_id, _e.direction == direction).order_by(_e.id)
            return rows.runs(conn, conn.execute(words).all())


def add(conn: Connection, run_key: int, version_id: int, direction: Direction, used_as: str, at: float) -> None:
    """Enter an edge; one that is there stays as it is."""
    _ADD.run(conn, run_key=run_key, version_id=version_id, direction=direction, used_as=used_as, at=at)
