"""What can be wrong with the catalog itself, asked of the catalog alone."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.database import revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from jupyter_artifacts.store.catalog.database import Database

_v, _c, _p, _r, _a, _e, _b, _l = (
    schema.version.c,
    schema.collection.c,
    schema.project.c,
    schema.run.c,
    schema.alias.c,
    schema.edge.c,
    schema.blob.c,
    schema.link.c,
)


def problems(db: Database) -> list[str]:
    """Return what is wrong, in words; empty when the catalog is sound."""
    found = db.integrity()
    if found:
        return found
    with db.read() as conn:
        return [
            *_numbers(conn),
            *_links(conn),
            *_aliases(conn),
            *_latest(conn),
            *_roots(conn),
            *_runs(conn),
            *_revision(conn),
        ]


def _numbers(conn: Connection) -> Iterator[str]:
    live = func.sum(_v.live)
    size = func.sum(case((_v.live == 1, _v.size), else_=0))
    words = (
        select(
            _c.name,
            _c.next_version,
            _c.live,
            _c.live_size,
            func.count(_v.id),
            func.min(_v.number),
            func.max(_v.number),
            live,
            size,
        )
        .select_from(schema.collection)
        .outerjoin(schema.version, _v.collection_id == _c.id)
        .where(_c.portfolio == 0)
        .group_by(_c.id)
    )
    for name, following, said_live, said_size, count, first, last, real_live, real_size in conn.execute(words):
        if count == 0 or first != 0 or last != count - 1 or following != count:
            numbered = f"{count} from v{first} to v{last}, the next would be v{following}"
            yield f"{name}: versions are not numbered from v0 without gaps ({numbered})"
        if said_live != real_live or said_size != real_size:
            yield f"{name}: counts {said_live} live versions of {said_size} bytes; found {real_live} of {real_size}"


def _links(conn: Connection) -> Iterator[str]:
    words = (
        select(_c.name, _c.next_version, _c.live, func.count(_l.version_id), func.max(_l.number), func.min(_v.live))
        .select_from(schema.collection)
        .outerjoin(schema.link, _l.collection_id == _c.id)
        .outerjoin(schema.version, _v.id == _l.version_id)
        .where(_c.portfolio == 1)
        .group_by(_c.id)
    )
    for name, following, said, count, last, all_live in conn.execute(words):
        if said != count or (count and last >= following):
            yield f"{name}: counts {said} links, the next would be v{following}; found {count}, the last is v{last}"
        if all_live == 0:
            yield f"{name}: links to a version that is deleted"


def _aliases(conn: Connection) -> Iterator[str]:
    linked = and_(_l.collection_id == _a.collection_id, _l.version_id == _a.version_id)
    strange = and_(_v.collection_id != _a.collection_id, _l.version_id.is_(None))
    words = (
        select(_c.name, _a.alias)
        .select_from(schema.alias)
        .join(schema.collection, _c.id == _a.collection_id)
        .join(schema.version, _v.id == _a.version_id)
        .outerjoin(schema.link, linked)
        .where((_v.live == 0) | strange)
    )
    for name, alias in conn.execute(words):
        yield f"{name}: the alias {alias!r} is held by a version that is deleted or of another artifact"


def _latest(conn: Connection) -> Iterator[str]:
    holder = and_(_a.collection_id == _c.id, _a.alias == LATEST)
    words = (
        select(_c.name)
        .select_from(schema.collection)
        .outerjoin(schema.alias, holder)
        .where(_c.live > 0, _a.version_id.is_(None))
    )
    for (name,) in conn.execute(words):
        yield f"{name}: no version carries 'latest'"


def _roots(conn: Connection) -> Iterator[str]:
    words = (
        select(_c.name, _v.number)
        .select_from(schema.version)
        .join(schema.collection, _c.id == _v.collection_id)
        .outerjoin(schema.blob, _b.digest == _v.root)
    )
    for name, number in conn.execute(words.where(_b.digest.is_(None))):
        yield f"{name}:v{number}: its manifest is not among the blobs"


def _runs(conn: Connection) -> Iterator[str]:
    words = select(_p.name, _p.next_run, func.count(_r.key), func.max(_r.number)).select_from(schema.project)
    for name, following, count, last in conn.execute(
        words.outerjoin(schema.run, _r.project_id == _p.id).group_by(_p.id)
    ):
        if following != count + 1 or (last or 0) != count:
            yield f"project {name}: runs are not numbered 1 to {following - 1} without gaps ({count} runs)"


def _revision(conn: Connection) -> Iterator[str]:
    last = revision(conn)
    for table, column in (("runs", _r.key), ("versions", _v.id)):
        newest = conn.execute(select(func.max(column))).scalar_one()
        if newest is not None and newest > last:
            yield f"the counter stands at {last}, but there are {table} up to {newest}"
