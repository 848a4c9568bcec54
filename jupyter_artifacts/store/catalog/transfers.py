"""What goes from catalog to catalog: versions under the same commit ids, runs as they were, edges between them."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.catalog import aliases, blob_index, condemned, edges, ids, rows, schema
from jupyter_artifacts.store.catalog.database import again
from jupyter_artifacts.store.catalog.journal import files_line, history_line, run_line, use_line, version_line
from jupyter_artifacts.store.catalog.publish import publish
from jupyter_artifacts.store.records import Edge, Linked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection, Row

    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import (
        EdgeDirection,
        HistoryChunk,
        Publication,
        RunFile,
        RunRecord,
        Stored,
        VersionRecord,
    )

_v, _c, _p, _r, _e = schema.version.c, schema.collection.c, schema.project.c, schema.run.c, schema.edge.c
_l, _a = schema.link.c, schema.alias.c


class SqlTransfers:
    """What export and import ask of the tables."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    @again
    def versions(self, project: str, name: str) -> Sequence[tuple[VersionRecord, str]]:
        """Return all versions of an artifact, deleted ones too, by number, each with its commit id."""
        words = rows.select_versions().where(_p.name == project, _c.name == name).order_by(_v.number)
        with self._db.read() as conn:
            found = conn.execute(words).all()
            return tuple(zip(rows.versions(conn, found), [str(row.commit_id) for row in found], strict=True))

    @again
    def committed(self, commit_ids: Sequence[str]) -> Mapping[str, VersionRecord]:
        """Return the versions that have these commit ids, deleted ones too."""
        found: dict[str, VersionRecord] = {}
        with self._db.read() as conn:
            for part in rows.chunks(commit_ids):
                lines = conn.execute(rows.select_versions().where(_v.commit_id.in_(part))).all()
                records = rows.versions(conn, lines)
                found.update(zip([line.commit_id for line in lines], records, strict=True))
        return found

    @again
    def edges(self, version_ids: Sequence[int]) -> Sequence[Edge]:
        """Return all edges of some versions, in the order in which they were made."""
        words = select(_e.id, _r.id.label("run"), _e.version_id, _e.direction, _e.used_as, _e.at)
        words = words.select_from(schema.edge).join(schema.run, _r.key == _e.run_key)
        found: list[Row[Any]] = []
        with self._db.read() as conn:
            for part in rows.chunks(version_ids):
                found.extend(conn.execute(words.where(_e.version_id.in_(part))))
        return tuple(
            Edge(row.run, row.version_id, cast("EdgeDirection", row.direction), row.used_as, row.at)
            for row in sorted(found, key=lambda row: int(row.id))
        )

    @again
    def links(self, version_ids: Sequence[int]) -> Sequence[Linked]:
        """Return where some versions are linked, in the order of the numbers there."""
        words = select(_l.version_id, _l.collection_id, _l.number, _p.name.label("project"), _c.name)
        words = words.join(schema.collection, _c.id == _l.collection_id).join(schema.project, _p.id == _c.project_id)
        found: list[Linked] = []
        with self._db.read() as conn:
            for part in rows.chunks(version_ids):
                for row in conn.execute(words.where(_l.version_id.in_(part))).all():
                    own = (_a.collection_id == row.collection_id, _a.version_id == row.version_id)
                    held = conn.execute(select(_a.alias).where(*own)).scalars()
                    found.append(Linked(row.version_id, row.project, row.name, row.number, rows.sort_aliases(held)))
        return tuple(sorted(found, key=lambda link: (link.project, link.name, link.number)))

    @again
    def bury(self, publication: Publication) -> VersionRecord | None:
        """Enter a version that was deleted where it comes from, so that later ones keep their numbers.

        None when the collection has a live version of equal content: there is nothing to bury.
        """
        with self._db.write() as work:
            conn = work.conn
            old, created = publish(self._db, work, publication)
            version_id = old.id
            if not created or not old.live:
                return None
            at = time.time()
            conn.execute(schema.version.update().where(_v.id == old.id).values(live=0, updated_at=at))
            conn.execute(
                schema.collection.update()
                .where(_c.id == old.collection_id)
                .values(live=_c.live - 1, live_size=_c.live_size - old.size, updated_at=at)
            )
            aliases.drop_all(conn, old.collection_id, version_id, at)
            self._journal.append(version_line("publish", old, commit_id=publication.commit_id))
            self._journal.append(version_line("delete", old))
            return _record(conn, old.id)

    @again
    def add_run(
        self, run: RunRecord, history: Sequence[HistoryChunk], files: Sequence[RunFile], blobs: Sequence[Stored]
    ) -> bool:
        """Enter a run as it was elsewhere, all of it; False when a run of this id is there, which stays as it is.

        It gets the next number of its project; its name stays.
        """
        with self._db.write() as work:
            conn = work.conn
            if conn.execute(select(_r.key).where(_r.id == run.id)).first() is not None:
                return False
            project_id = ids.ensure_project(conn, run.project, run.started_at)
            step = schema.project.update().where(_p.id == project_id).values(next_run=_p.next_run + 1)
            number = conn.execute(step.returning(_p.next_run)).scalar_one() - 1
            conn.execute(
                schema.run.insert().values(**_columns(run), key=work.revision, project_id=project_id, number=number)
            )
            _add_parts(conn, work.revision, run, history)
            blob_index.put(conn, blobs)
            if files:
                condemned.recheck(self._db, conn, [file.digest for file in files], blobs)
                conn.execute(
                    schema.run_file.insert(),
                    [{"run_key": work.revision, "path": f.path, "digest": f.digest, "size": f.size} for f in files],
                )
            entered = rows.runs(conn, conn.execute(rows.select_runs().where(_r.id == run.id)).all())[0]
            self._journal.append(run_line(entered))
            for chunk in history:
                self._journal.append(history_line(run.id, chunk))
            if files:
                self._journal.append(files_line(run.id, files))
            return True

    @again
    def add_edge(self, edge: Edge) -> None:
        """Enter an edge with its own time; one that is there stays as it is."""
        with self._db.write() as work:
            key = ids.run_key(work.conn, edge.run_id)
            edges.add(work.conn, key, edge.version_id, edge.direction, edge.used_as, edge.at)
            if edge.direction == "in":
                self._journal.append(use_line(edge.run_id, edge.version_id, edge.used_as, edge.at))


def _columns(run: RunRecord) -> dict[str, object]:
    return {
        "id": run.id,
        "name": run.name,
        "entity": run.entity,
        "job_type": run.job_type,
        "group_name": run.group,
        "notes": run.notes,
        "config": dumps(run.config),
        "summary": dumps(run.summary),
        "state": run.state,
        "error": run.error,
        "exit_code": run.exit_code,
        "notebook": run.origin.notebook,
        "cell_id": run.origin.cell_id,
        "execution_count": run.origin.execution_count,
        "source": run.origin.source,
        "host": run.host,
        "pid": run.pid,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "heartbeat_at": run.heartbeat_at,
        "cache_key": run.cache_key,
    }


def _add_parts(conn: Connection, key: int, run: RunRecord, history: Sequence[HistoryChunk]) -> None:
    tags = [{"run_key": key, "tag": tag, "position": at} for at, tag in enumerate(run.tags)]
    if tags:
        conn.execute(schema.run_tag.insert(), tags)
    chunks = [{"run_key": key, "sequence": c.sequence, "count": c.count, "rows": c.rows} for c in history]
    if chunks:
        conn.execute(schema.history.insert(), chunks)


def _record(conn: Connection, version_id: int) -> VersionRecord:
    return rows.versions(conn, conn.execute(rows.select_versions().where(_v.id == version_id)).all())[0]
