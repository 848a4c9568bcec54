"""Publishing: the one transaction that makes a version, or finds the live one of equal content."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError
from jupyter_artifacts.model.jsonable import dumps, loads_object
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import aliases, blob_index, condemned, edges, ids, rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared
from jupyter_artifacts.store.records import VersionRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects.postgresql import Insert
    from sqlalchemy.sql.dml import ReturningInsert

    from jupyter_artifacts.store.catalog.database import Database, Work
    from jupyter_artifacts.store.records import Publication

_v, _c = schema.version.c, schema.collection.c

_OWN = Prepared(lambda _: select(_v.id).where(_v.commit_id == bindparam("commit_id")))
_COLLECTION = Prepared(
    lambda _: select(_c.id, _c.name, _c.type, _c.portfolio).where(
        _c.project_id == bindparam("project_id"), _c.folded == bindparam("folded")
    )
)
_EQUAL = Prepared(
    lambda _: (
        select(_v.id)
        .where(_v.digest == bindparam("digest"), rows.collection_of_version == bindparam("collection_id"), _v.live == 1)
        .order_by(_v.id.desc())
        .limit(1)
    )
)
_TOUCH = Prepared(
    lambda _: schema.collection.update().where(_c.id == bindparam("known")).values(updated_at=bindparam("at"))
)
_INSERT = Prepared(
    lambda insert: insert(schema.version).values({column.name: bindparam(column.name) for column in schema.version.c})
)


def _number(insert: Callable[[Table], Insert]) -> ReturningInsert[Any]:
    given = ("project_id", "name", "folded", "type", "live_size", "created_at", "updated_at")
    words = insert(schema.collection).values({name: bindparam(name) for name in given})
    words = words.values(next_version=1, live=1, portfolio=0)
    return words.on_conflict_do_update(
        index_elements=["project_id", "name"],
        set_={
            "next_version": _c.next_version + 1,
            "live": _c.live + 1,
            "live_size": _c.live_size + words.excluded.live_size,
            "updated_at": words.excluded.updated_at,
        },
    ).returning(_c.id, _c.next_version)


_NUMBER = Prepared(_number)


class _Known(NamedTuple):
    """A collection that is there."""

    id: int
    name: str
    type: str
    portfolio: int


def publish(db: Database, work: Work, new: Publication) -> tuple[VersionRecord, bool]:
    """Return the version, and whether this publication made it, now or before."""
    conn = work.conn
    at = new.created_at or time.time()
    own = _OWN.row(conn, commit_id=new.commit_id)
    if own is not None:
        return ids.version(conn, int(own[0])), True
    run_key = None if new.run_id is None else ids.run_key(conn, new.run_id)
    blob_index.put(conn, new.blobs)
    project_id = ids.ensure_project(conn, new.project, at)
    collection = _collection(conn, project_id, new)
    found = None if collection is None else _EQUAL.row(conn, digest=new.digest, collection_id=collection.id)
    made = None
    if collection is None or found is None:
        condemned.recheck(db, conn, new.reused, new.blobs, new.condemn_seq)
        made = _insert(work, new, project_id, run_key, at)
        version_id, collection_id = made.id, made.collection_id
    else:
        version_id, collection_id = int(found[0]), collection.id
        _TOUCH.run(conn, known=collection_id, at=at)
    aliases.move(conn, collection_id, version_id, [*new.aliases, LATEST], at)
    if run_key is not None:
        edges.add(conn, run_key, version_id, "out", "", at)
    return (ids.version(conn, version_id), False) if made is None else (made, True)


def _collection(conn: Connection, project_id: int, new: Publication) -> _Known | None:
    """Return the collection, or refuse another type or another case of its name."""
    found = _COLLECTION.row(conn, project_id=project_id, folded=new.name.casefold())
    if found is None:
        return None
    row = _Known(found[0], found[1], schema.as_given(found[2]), found[3])
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


def _insert(work: Work, new: Publication, project_id: int, run_key: int | None, at: float) -> VersionRecord:
    """Insert the version under the number that its collection gives out."""
    conn = work.conn
    metadata = dumps(new.metadata)
    numbered = _NUMBER.row(
        conn,
        project_id=project_id,
        name=new.name,
        folded=new.name.casefold(),
        type=new.type,
        live_size=new.size,
        created_at=at,
        updated_at=at,
    )
    collection_id, following = numbered or (0, 0)
    _INSERT.run(
        conn,
        id=work.revision,
        collection_id=collection_id,
        number=following - 1,
        digest=new.digest,
        root=new.root,
        files=new.files,
        size=new.size,
        metadata=metadata,
        description=new.description,
        run_key=run_key,
        commit_id=new.commit_id,
        history_step=new.history_step,
        ttl=new.ttl,
        created_at=at,
        updated_at=at,
        live=1,
    )
    aliases.add_tags(conn, work.revision, new.tags)
    return VersionRecord(
        id=work.revision,
        collection_id=collection_id,
        project=new.project,
        name=new.name,
        type=new.type,
        number=following - 1,
        digest=new.digest,
        root=new.root,
        files=new.files,
        size=new.size,
        metadata=loads_object(metadata),
        description=new.description,
        aliases=rows.sort_aliases({*new.aliases, LATEST}),
        tags=tuple(sorted(set(new.tags))),
        run_id=new.run_id,
        history_step=new.history_step,
        created_at=at,
        updated_at=at,
        ttl=new.ttl,
    )
