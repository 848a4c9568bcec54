"""Publishing: the one transaction that makes a version, or finds the live one of equal content."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal_column, select

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError
from jupyter_artifacts.model.jsonable import dumps, loads_object
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import aliases, blob_index, blob_sessions, condemned, edges, ids, rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared, together
from jupyter_artifacts.store.records import VersionRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sqlalchemy import Connection, Select, Table
    from sqlalchemy.dialects.postgresql import Insert
    from sqlalchemy.sql.dml import ReturningInsert

    from jupyter_artifacts.store.catalog.database import Database, Work
    from jupyter_artifacts.store.records import Publication

_v, _c, _p, _r = schema.version.c, schema.collection.c, schema.project.c, schema.run.c


def _situation(_: object) -> Select[Any]:
    """Return the SELECT of all that decides what a publication becomes: one statement, one row."""
    base = select(literal_column("1").label("one")).subquery("base")
    equal = (
        select(_v.id)
        .where(_v.digest == bindparam("digest"), rows.collection_of_version == _c.id, _v.live == 1)
        .order_by(_v.id.desc())
        .limit(1)
        .correlate(schema.collection)
    )
    return select(
        select(_v.id).where(_v.commit_id == bindparam("commit_id")).scalar_subquery().label("own"),
        select(_r.key).where(_r.id == bindparam("run_id")).scalar_subquery().label("run_key"),
        blob_sessions.any_revoked().label("fenced"),
        condemned.any_condemned().label("condemned"),
        condemned.seq_now().label("seq"),
        _p.id.label("project_id"),
        _c.id.label("collection_id"),
        *(_c.name, _c.type, _c.portfolio, _c.next_version),
        equal.scalar_subquery().label("equal"),
    ).select_from(
        base.outerjoin(schema.project, _p.name == bindparam("project")).outerjoin(
            schema.collection, (_c.project_id == _p.id) & (_c.folded == bindparam("folded"))
        )
    )


def _begin(insert: Callable[[Table], Insert]) -> ReturningInsert[Any]:
    given = ("project_id", "name", "folded", "type", "live_size", "created_at", "updated_at")
    words = insert(schema.collection).values({name: bindparam(name) for name in given})
    return words.values(next_version=1, live=1, portfolio=0).returning(_c.id)


_SITUATION = Prepared(_situation)
_BEGIN = Prepared(_begin)
_COUNT = Prepared(
    lambda _: (
        schema.collection.update()
        .where(_c.id == bindparam("known"))
        .values(
            next_version=_c.next_version + 1,
            live=_c.live + 1,
            live_size=_c.live_size + bindparam("more", type_=schema.Whole),
            updated_at=bindparam("at"),
        )
    )
)
_TOUCH = Prepared(
    lambda _: schema.collection.update().where(_c.id == bindparam("known")).values(updated_at=bindparam("at"))
)
_INSERT = Prepared(
    lambda insert: insert(schema.version).values({column.name: bindparam(column.name) for column in schema.version.c})
)


def publish(db: Database, work: Work, new: Publication) -> tuple[VersionRecord, bool]:
    """Return the version, and whether this publication made it, now or before."""
    conn = work.conn
    at = new.created_at or time.time()
    (known,) = _SITUATION.records(
        conn,
        commit_id=new.commit_id,
        run_id=new.run_id,
        digest=new.digest,
        project=new.project,
        folded=new.name.casefold(),
    )
    if known.own is not None:
        return ids.version(conn, int(known.own)), True
    run_key = known.run_key if known.run_key or new.run_id is None else ids.run_key(conn, new.run_id)
    if known.fenced:
        blob_sessions.fence(conn, new.blobs)
    if known.collection_id is not None:
        _require_fit(known, new)
    project_id = known.project_id or ids.ensure_project(conn, new.project, at)
    doubtful = known.equal is None and (known.condemned or (new.reused and known.seq != new.condemn_seq))
    if doubtful:
        blob_index.enter(conn, new.blobs)
        condemned.recheck(db, conn, new.reused, new.blobs, new.condemn_seq)
    made = None
    with together(conn):
        if not doubtful:
            blob_index.enter(conn, new.blobs)
        if known.equal is None:
            number = known.next_version or 0
            collection_id = known.collection_id or _first(conn, new, project_id, at)
            if known.collection_id is not None:
                _COUNT.run(conn, known=collection_id, more=new.size, at=at)
            made = _insert(work, new, collection_id, number, run_key, at)
            version_id = made.id
        else:
            version_id, collection_id = int(known.equal), known.collection_id
            _TOUCH.run(conn, known=collection_id, at=at)
        aliases.move(conn, collection_id, version_id, [*new.aliases, LATEST], at)
        if run_key is not None:
            edges.add(conn, run_key, version_id, "out", "", at)
    return (ids.version(conn, version_id), False) if made is None else (made, True)


def _require_fit(row: Any, new: Publication) -> None:  # noqa: ANN401  a row of the statement above
    """Refuse another type or another case of the collection's name, and a collection of links."""
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


def _first(conn: Connection, new: Publication, project_id: int, at: float) -> int:
    """Make a collection that is about to get its first version; return its id."""
    made = _BEGIN.row(
        conn,
        project_id=project_id,
        name=new.name,
        folded=new.name.casefold(),
        type=new.type,
        live_size=new.size,
        created_at=at,
        updated_at=at,
    )
    return int((made or ())[0])


def _insert(
    work: Work, new: Publication, collection_id: int, number: int, run_key: int | None, at: float
) -> VersionRecord:
    """Insert the version under the number that its collection gives out."""
    conn = work.conn
    metadata = dumps(new.metadata)
    _INSERT.run(
        conn,
        id=work.revision,
        collection_id=collection_id,
        number=number,
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
        number=number,
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
