"""Collections by themselves: found when they are empty too, renamed, described, tagged."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.errors import InvalidNameError, NotFoundError
from jupyter_artifacts.store.catalog import ids, rows, schema
from jupyter_artifacts.store.catalog.database import again

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import CollectionChanges, CollectionRecord

_c, _p = schema.collection.c, schema.project.c


class SqlCollections:
    """The table of collections."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    def find(self, project: str, name: str) -> CollectionRecord | None:
        """Return a collection, an empty one too, or None."""
        words = rows.select_collections().where(_p.name == project, _c.name == name)
        with self._db.read() as conn:
            found = rows.collections(conn, conn.execute(words).all())
        return found[0] if found else None

    @again
    def ensure_project(self, name: str) -> bool:
        """Make a project that may stay empty; tell whether it is new."""
        with self._db.write() as work:
            known = work.conn.execute(select(_p.id).where(_p.name == name)).first() is not None
            ids.ensure_project(work.conn, name, time.time())
        return not known

    @again
    def change(self, collection_id: int, changes: CollectionChanges) -> CollectionRecord:
        """Change a collection and return it."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            old = _one(conn, collection_id)
            values: dict[str, object] = {"updated_at": at}
            if changes.name is not None and changes.name != old.name:
                _require_free(conn, collection_id, changes.name)
                values.update(name=changes.name, folded=changes.name.casefold())
            if changes.type is not None:
                values["type"] = changes.type
            if changes.description is not None:
                values["description"] = changes.description
            conn.execute(schema.collection.update().where(_c.id == collection_id).values(**values))
            if changes.tags is not None:
                _set_tags(conn, collection_id, changes.tags)
            record = _one(conn, collection_id)
            self._journal.append(
                {
                    "what": "collection",
                    "project": old.project,
                    "name": old.name,
                    "new_name": record.name,
                    "type": record.type,
                    "description": record.description,
                    "tags": list(record.tags),
                    "at": at,
                }
            )
        return record


def _one(conn: Connection, collection_id: int) -> CollectionRecord:
    found = rows.collections(conn, conn.execute(rows.select_collections().where(_c.id == collection_id)).all())
    if not found:
        raise NotFoundError(f"no collection with the id {collection_id} in this store")
    return found[0]


def _require_free(conn: Connection, collection_id: int, name: str) -> None:
    own = select(_c.project_id).where(_c.id == collection_id).scalar_subquery()
    taken = select(_c.name).where(_c.project_id == own, _c.folded == name.casefold(), _c.id != collection_id)
    found = conn.execute(taken).scalar_one_or_none()
    if found is not None:
        raise InvalidNameError(f"there is a collection {found!r} in this project already; choose another name")


def _set_tags(conn: Connection, collection_id: int, tags: tuple[str, ...]) -> None:
    tag = schema.collection_tag
    conn.execute(tag.delete().where(tag.c.collection_id == collection_id))
    if tags:
        conn.execute(tag.insert(), [{"collection_id": collection_id, "tag": name} for name in dict.fromkeys(tags)])
