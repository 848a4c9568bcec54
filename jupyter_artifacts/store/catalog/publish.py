"""Publishing: the one transaction that makes a version, or finds the live one of equal content."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import aliases, blob_index, condemned, edges, ids, schema

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Row

    from jupyter_artifacts.store.catalog.database import Database, Work
    from jupyter_artifacts.store.records import Publication

_v, _c = schema.version.c, schema.collection.c


def publish(db: Database, work: Work, new: Publication) -> tuple[int, bool]:
    """Return the version's id, and whether this publication made it."""
    conn = work.conn
    at = new.created_at or time.time()
    own = conn.execute(select(_v.id).where(_v.commit_id == new.commit_id)).scalar_one_or_none()
    if own is not None:
        return int(own), True
    run_key = None if new.run_id is None else ids.run_key(conn, new.run_id)
    blob_index.put(db, conn, new.blobs)
    condemned.recheck(db, conn, new.reused, new.blobs, new.condemn_seq)
    project_id = ids.ensure_project(db, conn, new.project, at)
    collection = _collection(conn, project_id, new)
    found = None if collection is None else _equal(conn, collection.id, new.digest)
    if collection is None or found is None:
        version_id, collection_id = work.revision, _insert(db, work, new, project_id, run_key, at)
    else:
        version_id, collection_id = found, collection.id
    aliases.move(db, conn, collection_id, version_id, [*new.aliases, LATEST], at)
    conn.execute(schema.collection.update().where(_c.id == collection_id).values(updated_at=at))
    if run_key is not None:
        edges.add(db, conn, run_key, version_id, "out", "", at)
    return version_id, found is None


def _collection(conn: Connection, project_id: int, new: Publication) -> Row[Any] | None:
    """Return the collection's row, or refuse another type or another case of its name."""
    words = select(schema.collection).where(_c.project_id == project_id, _c.folded == new.name.casefold())
    row = conn.execute(words).one_or_none()
    if row is None:
        return None
    if row.name != new.name:
        raise InvalidNameError(
            f"artifact name {new.name!r} differs from {row.name!r} in upper and lower case only, and many disks "
            f"take them for one; log to {row.name!r}, or choose another name"
        )
    if row.portfolio:
        raise InvalidValueError(
            f"{new.project}/{new.name} is a collection of links and takes no versions of its own; log the artifact "
            "under another name and link() it"
        )
    if row.type != new.type:
        raise InvalidValueError(
            f"artifact {new.name!r} has the type {row.type!r}, not {new.type!r}; "
            f"use type={row.type!r}, or choose another name"
        )
    return row


def _equal(conn: Connection, collection_id: int, digest: bytes) -> int | None:
    words = select(_v.id).where(_v.digest == digest, _v.collection_id == collection_id, _v.live == 1)
    found = conn.execute(words.order_by(_v.number.desc()).limit(1)).scalar_one_or_none()
    return None if found is None else int(found)


def _insert(db: Database, work: Work, new: Publication, project_id: int, run_key: int | None, at: float) -> int:
    """Insert the version under the number that its collection gives out; return the collection's id."""
    conn = work.conn
    words = db.insert(schema.collection).values(
        project_id=project_id,
        name=new.name,
        folded=new.name.casefold(),
        type=new.type,
        next_version=1,
        live=1,
        live_size=new.size,
        created_at=at,
        updated_at=at,
    )
    words = words.on_conflict_do_update(
        index_elements=["project_id", "name"],
        set_={
            "next_version": _c.next_version + 1,
            "live": _c.live + 1,
            "live_size": _c.live_size + words.excluded.live_size,
        },
    )
    collection_id, following = conn.execute(words.returning(_c.id, _c.next_version)).one()
    conn.execute(
        schema.version.insert().values(
            id=work.revision,
            collection_id=collection_id,
            number=following - 1,
            digest=new.digest,
            root=new.root,
            files=new.files,
            size=new.size,
            metadata=dumps(new.metadata),
            description=new.description,
            run_key=run_key,
            commit_id=new.commit_id,
            history_step=new.history_step,
            ttl=new.ttl,
            created_at=at,
            updated_at=at,
            live=1,
        )
    )
    aliases.set_tags(conn, work.revision, new.tags)
    return int(collection_id)
