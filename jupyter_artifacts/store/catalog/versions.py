"""Artifacts: collections, versions, aliases."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.catalog import aliases, ids, links, newest, queries, rows, schema
from jupyter_artifacts.store.catalog.database import again, revision
from jupyter_artifacts.store.catalog.journal import version_line
from jupyter_artifacts.store.catalog.prepared import Prepared
from jupyter_artifacts.store.catalog.publish import publish
from jupyter_artifacts.store.records import INHERIT_TTL, Page, Published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import CollectionRecord, Publication, Query, VersionChanges, VersionRecord

_v, _c, _p = schema.version.c, schema.collection.c, schema.project.c

_BY_DIGEST = Prepared(
    lambda _: (
        select(_v.id)
        .select_from(schema.version)
        .join(schema.collection, _c.id == rows.collection_of_version)
        .join(schema.project, _p.id == _c.project_id)
        .where(_v.digest == bindparam("digest"), _p.name == bindparam("project"), _c.name == bindparam("name"))
        .where(_v.live == 1)
        .order_by(_v.id.desc())
        .limit(1)
    )
)


class SqlVersions:
    """The tables of versions."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    @again
    def publish(self, publication: Publication) -> Published:
        """Make a version in one transaction, or find the live one of equal content."""
        with self._db.write() as work:
            record, created = publish(self._db, work, publication)
            self._journal.append(version_line("publish", record, commit_id=publication.commit_id))
        return Published(record, created)

    @again
    def resolve(self, project: str, name: str, selector: str) -> VersionRecord:
        """Return the version that an alias or ``vN`` names."""
        with self._db.read() as conn:
            return rows.versions(conn, [ids.version_row(conn, project, name, selector)])[0]

    @again
    def get(self, version_id: int) -> VersionRecord:
        """Return a version by id, a deleted one too (its `live` is False)."""
        with self._db.read() as conn:
            return ids.version(conn, version_id)

    @again
    def by_digest(self, project: str, name: str, digest: Digest) -> VersionRecord | None:
        """Return the newest live version of this content, or None."""
        with self._db.read() as conn:
            found = _BY_DIGEST.row(conn, digest=digest, project=project, name=name)
            return ids.version(conn, int(found[0])) if found else None

    @again
    def page(self, query: Query) -> Page[VersionRecord]:
        """Return some live versions."""
        with self._db.read() as conn:
            found, total = newest.page(conn, query) if newest.applies(query) else queries.versions(conn, query)
            return Page(rows.by_ids(conn, found), total, revision(conn))

    @again
    def collections(self, query: Query) -> Page[CollectionRecord]:
        """Return some collections that have live versions."""
        with self._db.read() as conn:
            words, total = queries.collections(conn, query)
            return Page(rows.collections(conn, conn.execute(words).all()), total, revision(conn))

    @again
    def projects(self) -> Sequence[str]:
        """Return the projects' names."""
        with self._db.read() as conn:
            return tuple(conn.execute(select(_p.name).order_by(_p.name)).scalars())

    @again
    def change(self, version_id: int, changes: VersionChanges) -> VersionRecord:
        """Change aliases, tags, metadata or description; return the version."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            old = _live(conn, version_id)
            values: dict[str, object] = {"updated_at": at}
            if changes.metadata is not None:
                values["metadata"] = dumps(changes.metadata)
            if changes.description is not None:
                values["description"] = changes.description
            if changes.ttl is not None:
                values["ttl"] = None if changes.ttl == INHERIT_TTL else changes.ttl
            conn.execute(schema.version.update().where(_v.id == version_id).values(**values))
            if changes.aliases is not None:
                aliases.replace(conn, old.collection_id, version_id, changes.aliases, at)
            if changes.tags is not None:
                aliases.set_tags(conn, version_id, changes.tags)
            record = ids.version(conn, version_id)
            self._journal.append(version_line("change", record))
        return record

    @again
    def delete(self, version_id: int) -> None:
        """Mark a version deleted; its number is not used again, its aliases go."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            old = _live(conn, version_id)
            conn.execute(schema.version.update().where(_v.id == version_id).values(live=0, updated_at=at))
            conn.execute(
                schema.collection.update()
                .where(_c.id == old.collection_id)
                .values(live=_c.live - 1, live_size=_c.live_size - old.size, updated_at=at)
            )
            aliases.drop_all(conn, old.collection_id, version_id, at)
            links.drop_version(conn, version_id, at)
            self._journal.append(version_line("delete", old))


def _live(conn: Connection, version_id: int) -> VersionRecord:
    record = ids.version(conn, version_id)
    if not record.live:
        raise NotFoundError(f"{record.label} was deleted")
    return record
