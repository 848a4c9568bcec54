"""Runs, their history and their files."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.errors import NotFoundError, UsageError, nearest
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.catalog import blob_index, condemned, ids, queries, rows, run_deletion, schema
from jupyter_artifacts.store.catalog.database import again, revision
from jupyter_artifacts.store.catalog.journal import files_line, history_line, run_line
from jupyter_artifacts.store.records import HistoryChunk, Page, RunChanges, RunFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import NewRun, Query, RunRecord, Stored

_HISTORY_BATCH = 64
_r, _p, _h, _f = schema.run.c, schema.project.c, schema.history.c, schema.run_file.c

_COLUMNS = {
    "name": "name",
    "job_type": "job_type",
    "group": "group_name",
    "notes": "notes",
    "state": "state",
    "error": "error",
    "exit_code": "exit_code",
    "ended_at": "ended_at",
    "heartbeat_at": "heartbeat_at",
}


class SqlRuns:
    """The tables of runs."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    @again
    def start(self, run: NewRun) -> RunRecord:
        """Insert a run with the next number of its project."""
        at = run.started_at or time.time()
        with self._db.write() as work:
            conn = work.conn
            if conn.execute(select(_r.key).where(_r.id == run.id)).first() is not None:
                raise UsageError(f"a run with the id {run.id!r} exists; resume it, or leave the id to be made for you")
            project_id = ids.ensure_project(conn, run.project, at)
            step = schema.project.update().where(_p.id == project_id).values(next_run=_p.next_run + 1)
            number = conn.execute(step.returning(_p.next_run)).scalar_one() - 1
            values = {
                "key": work.revision,
                "id": run.id,
                "project_id": project_id,
                "number": number,
                "name": f"{run.slug}-{number}" if run.name is None else run.name,
                "entity": run.entity,
                "job_type": run.job_type,
                "group_name": run.group,
                "notes": run.notes,
                "config": dumps(run.config),
                "summary": "{}",
                "state": "running",
                "error": "",
                "notebook": run.origin.notebook,
                "cell_id": run.origin.cell_id,
                "execution_count": run.origin.execution_count,
                "source": run.origin.source,
                "host": run.host,
                "pid": run.pid,
                "started_at": at,
                "heartbeat_at": at,
                "cache_key": run.cache_key,
            }
            conn.execute(schema.run.insert().values(**values))
            self._set_tags(conn, work.revision, run.tags)
            started = _record(conn, run.id)
            self._journal.append(run_line(started))
            return started

    @again
    def get(self, run_id: str) -> RunRecord:
        """Return a run by id."""
        with self._db.read() as conn:
            return _record(conn, run_id)

    @again
    def find(self, project: str, name: str) -> RunRecord:
        """Return a project's newest run of this name."""
        words = (
            rows.select_runs()
            .where(_p.name == project, _r.name == name, _r.state != "deleted")
            .order_by(_r.key.desc())
            .limit(1)
        )
        with self._db.read() as conn:
            found = conn.execute(words).all()
            if not found:
                known = (
                    select(_r.name).join(schema.project).where(_p.name == project).order_by(_r.key.desc()).limit(1000)
                )
                hint = nearest(name, conn.execute(known).scalars().all())
                raise NotFoundError(f"no run named {name!r} in project {project!r}{hint}")
            return rows.runs(conn, found)[0]

    @again
    def cached(self, project: str, key: str) -> RunRecord | None:
        """Return a project's newest run that finished well and began with this cache key, or None."""
        words = rows.select_runs().where(_p.name == project, _r.cache_key == key, _r.state == "finished")
        with self._db.read() as conn:
            found = rows.runs(conn, conn.execute(words.order_by(_r.key.desc()).limit(1)).all())
        return found[0] if found else None

    @again
    def change(self, run_id: str, changes: RunChanges) -> RunRecord:
        """Change a run and return it."""
        values: dict[str, object] = {
            column: getattr(changes, name) for name, column in _COLUMNS.items() if getattr(changes, name) is not None
        }
        for name in ("config", "summary"):
            if (tree := getattr(changes, name)) is not None:
                values[name] = dumps(tree)
        with self._db.write() as work:
            key = ids.run_key(work.conn, run_id)
            if values:
                work.conn.execute(schema.run.update().where(_r.key == key).values(**values))
            if changes.tags is not None:
                work.conn.execute(schema.run_tag.delete().where(schema.run_tag.c.run_key == key))
                self._set_tags(work.conn, key, changes.tags)
            changed = _record(work.conn, run_id)
            if _tells(changes):
                self._journal.append(run_line(changed))
            return changed

    @again
    def page(self, query: Query) -> Page[RunRecord]:
        """Return some runs."""
        with self._db.read() as conn:
            words, total = queries.runs(conn, query)
            return Page(rows.runs(conn, conn.execute(words).all()), total, revision(conn))

    @again
    def delete(self, run_id: str) -> None:
        """Delete a run with its history, files and edges; its id and number are not used again, what it made stays."""
        with self._db.write() as work:
            conn = work.conn
            key = ids.run_key(conn, run_id)
            gone = replace(_record(conn, run_id), state="deleted")
            run_deletion.empty(conn, key)
            self._journal.append(run_line(gone))

    @again
    def append_history(self, run_id: str, chunk: HistoryChunk) -> None:
        """Append rows; a chunk that is there already is left alone."""
        with self._db.write() as work:
            words = self._db.insert(schema.history).values(
                run_key=ids.run_key(work.conn, run_id), sequence=chunk.sequence, count=chunk.count, rows=chunk.rows
            )
            words = words.on_conflict_do_nothing(index_elements=["run_key", "sequence"])
            if work.conn.execute(words).rowcount:
                self._journal.append(history_line(run_id, chunk))

    @again
    def rewind(self, run_id: str, chunks: Sequence[HistoryChunk]) -> None:
        """Put these rows in the place of a run's history."""
        with self._db.write() as work:
            key = ids.run_key(work.conn, run_id)
            work.conn.execute(schema.history.delete().where(_h.run_key == key))
            self._journal.append({"what": "rewind", "run": run_id})
            for chunk in chunks:
                values = {"run_key": key, "sequence": chunk.sequence, "count": chunk.count, "rows": chunk.rows}
                work.conn.execute(schema.history.insert().values(**values))
                self._journal.append(history_line(run_id, chunk))

    @again
    def history(self, run_id: str) -> Iterator[HistoryChunk]:
        """Yield a run's history in order."""
        with self._db.read() as conn:
            key = ids.run_key(conn, run_id)
        return self._chunks(key)

    def _chunks(self, key: int) -> Iterator[HistoryChunk]:
        last = -1
        while True:
            words = select(_h.sequence, _h.count, _h.rows).where(_h.run_key == key, _h.sequence > last)
            with self._db.read() as conn:
                batch = conn.execute(words.order_by(_h.sequence).limit(_HISTORY_BATCH)).all()
            if not batch:
                return
            yield from (HistoryChunk(row[0], row[1], row[2]) for row in batch)
            last = batch[-1][0]

    @again
    def add_files(self, run_id: str, files: Sequence[RunFile], blobs: Sequence[Stored]) -> None:
        """Register a run's files, and their blobs, which are durable."""
        with self._db.write() as work:
            key = ids.run_key(work.conn, run_id)
            blob_index.put(work.conn, blobs)
            if not files:
                return
            condemned.recheck(self._db, work.conn, [file.digest for file in files], blobs)
            self._journal.append(files_line(run_id, files))
            words = self._db.insert(schema.run_file)
            words = words.on_conflict_do_update(
                index_elements=["run_key", "path"], set_={"digest": words.excluded.digest, "size": words.excluded.size}
            )
            values = {
                file.path: {"run_key": key, "path": file.path, "digest": file.digest, "size": file.size}
                for file in files
            }
            work.conn.execute(words, list(values.values()))

    @again
    def files(self, run_id: str) -> Sequence[RunFile]:
        """Return a run's files by path."""
        with self._db.read() as conn:
            key = ids.run_key(conn, run_id)
            words = select(_f.path, _f.digest, _f.size).where(_f.run_key == key).order_by(_f.path)
            return tuple(RunFile(row.path, Digest(row.digest), row.size) for row in conn.execute(words))

    def _set_tags(self, conn: Connection, key: int, tags: Iterable[str]) -> None:
        values = [{"run_key": key, "position": position, "tag": tag} for position, tag in enumerate(tags)]
        if values:
            conn.execute(schema.run_tag.insert(), values)


def _tells(changes: RunChanges) -> bool:
    """Tell whether a change is worth a line of the journal: more than a heartbeat or another summary."""
    return replace(changes, summary=None, heartbeat_at=None) != RunChanges()


def _record(conn: Connection, run_id: str) -> RunRecord:
    found = conn.execute(rows.select_runs().where(_r.id == run_id)).all()
    if not found:
        ids.run_key(conn, run_id)
    if found[0].state == "deleted":
        raise NotFoundError(f"run {run_id!r} was deleted")
    return rows.runs(conn, found)[0]
