"""From rows to records, and the columns that records need."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import BigInteger, func, literal_column, select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.jsonable import loads_object
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared, among
from jupyter_artifacts.store.records import CellOrigin, CollectionRecord, RunRecord, VersionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Column, ColumnElement, Connection, Row, Select

    from jupyter_artifacts.store.records import RunState

T = TypeVar("T")

CHUNK = 500
"""Values in one IN list."""


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield the values in lists that one statement takes."""
    whole = list(values)
    for first in range(0, len(whole), CHUNK):
        yield whole[first : first + CHUNK]


collection_of_version: ColumnElement[int] = literal_column("+version.collection_id", BigInteger)
"""A version's collection, where another column is to be looked up: the plus keeps databases from reading the
collection's versions one by one, which they do, to save themselves the sorting of a single row."""

_v, _c, _p, _r, _l = schema.version.c, schema.collection.c, schema.project.c, schema.run.c, schema.link.c


@cache
def select_versions(*, scattered: bool = False) -> Select[Any]:
    """Return the SELECT of all versions, with collection, project and maker joined.

    `scattered` ones are few and found by something else: no collection is to be read through for them.
    """
    return (
        select(
            schema.version,
            _c.name,
            _c.type,
            _p.name.label("project"),
            _r.id.label("run_id"),
        )
        .select_from(schema.version)
        .join(schema.collection, _c.id == (collection_of_version if scattered else _v.collection_id))
        .join(schema.project, _p.id == _c.project_id)
        .outerjoin(schema.run, _r.key == _v.run_key)
    )


@cache
def select_runs() -> Select[Any]:
    """Return the SELECT of all runs, with their project joined."""
    return (
        select(schema.run, _p.name.label("project"))
        .select_from(schema.run)
        .join(schema.project, _p.id == _r.project_id)
    )


@cache
def select_collections() -> Select[Any]:
    """Return the SELECT of all collections, with their project joined."""
    words = select(schema.collection, _p.name.label("project")).select_from(schema.collection)
    return words.join(schema.project, _p.id == _c.project_id)


_BY_IDS = Prepared(lambda _: select_versions().where(among(_v.id, "ids")))
_OWN_ALIASES = Prepared(
    lambda _: (
        select(_v.id, schema.alias.c.alias)
        .join(
            schema.alias,
            (schema.alias.c.version_id == _v.id) & (schema.alias.c.collection_id == _v.collection_id),
        )
        .where(among(_v.id, "ids"))
    )
)
_TAGS = Prepared(
    lambda _: select(schema.tag.c.version_id, schema.tag.c.tag).where(among(schema.tag.c.version_id, "ids"))
)


def _newest(_: object) -> Select[Any]:
    number = select(_v.number).where(_v.collection_id == _c.id, _v.live == 1).order_by(_v.number.desc()).limit(1)
    return select(_c.id, number.correlate(schema.collection).scalar_subquery()).where(among(_c.id, "ids"))


_NEWEST = Prepared(_newest)


def by_ids(conn: Connection, ids: Sequence[int]) -> tuple[VersionRecord, ...]:
    """Return the versions of these ids that are there, in their order."""
    found = {row.id: row for row in _BY_IDS.records(conn, ids=ids)}
    return versions(conn, [found[version_id] for version_id in ids if version_id in found])


def versions(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[VersionRecord, ...]:
    """Return the records of rows of :func:`select_versions`, in their order."""
    ids = [row.id for row in rows]
    aliases = own_aliases(conn, ids)
    tags = _grouped(_TAGS.records(conn, ids=ids))
    return tuple(
        VersionRecord(
            id=row.id,
            collection_id=row.collection_id,
            project=row.project,
            name=row.name,
            type=row.type,
            number=row.number,
            digest=Digest(row.digest),
            root=Digest(row.root),
            files=row.files,
            size=row.size,
            metadata=loads_object(row.metadata),
            description=row.description,
            aliases=sort_aliases(aliases.get(row.id, ())),
            tags=tuple(sorted(tags.get(row.id, ()))),
            run_id=row.run_id,
            history_step=row.history_step,
            created_at=row.created_at,
            updated_at=row.updated_at,
            live=bool(row.live),
            ttl=row.ttl,
        )
        for row in rows
    )


def runs(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[RunRecord, ...]:
    """Return the records of rows of :func:`select_runs`, in their order."""
    position = schema.run_tag.c.position
    tags = listed(conn, schema.run_tag.c.run_key, schema.run_tag.c.tag, [row.key for row in rows], position)
    return tuple(
        RunRecord(
            id=row.id,
            sequence=row.key,
            project=row.project,
            number=row.number,
            name=row.name,
            entity=row.entity,
            job_type=row.job_type,
            group=row.group_name,
            notes=row.notes,
            tags=tuple(tags.get(row.key, ())),
            config=loads_object(row.config),
            summary=loads_object(row.summary),
            state=cast("RunState", row.state),
            error=row.error,
            exit_code=row.exit_code,
            origin=CellOrigin(row.notebook, row.cell_id, row.execution_count, row.source),
            host=row.host,
            pid=row.pid,
            started_at=row.started_at,
            ended_at=row.ended_at,
            heartbeat_at=row.heartbeat_at,
            cache_key=row.cache_key,
        )
        for row in rows
    )


def collections(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[CollectionRecord, ...]:
    """Return the records of rows of :func:`select_collections`, in their order."""
    ids = [row.id for row in rows]
    aliases = listed(conn, schema.alias.c.collection_id, schema.alias.c.alias, ids)
    newest = newest_numbers(conn, ids)
    tags = listed(conn, schema.collection_tag.c.collection_id, schema.collection_tag.c.tag, ids)
    return tuple(
        CollectionRecord(
            id=row.id,
            project=row.project,
            name=row.name,
            type=row.type,
            description=row.description,
            aliases=sort_aliases(aliases.get(row.id, ())),
            versions=row.live,
            newest=newest.get(row.id, -1),
            size=row.live_size,
            created_at=row.created_at,
            updated_at=row.updated_at,
            portfolio=bool(row.portfolio),
            tags=tuple(sorted(tags.get(row.id, ()))),
        )
        for row in rows
    )


def newest_numbers(conn: Connection, collection_ids: Sequence[int]) -> Mapping[int, int]:
    """Return the number of each collection's newest live version, or newest link."""
    found = {row[0]: row[1] for row in _NEWEST.rows(conn, ids=list(collection_ids)) if row[1] is not None}
    for part in chunks(collection_ids):
        words = (
            select(_l.collection_id, func.max(_l.number)).where(_l.collection_id.in_(part)).group_by(_l.collection_id)
        )
        found.update((row[0], row[1]) for row in conn.execute(words))
    return found


def sort_aliases(aliases: Iterable[str]) -> tuple[str, ...]:
    """Return aliases by name, ``latest`` first."""
    return tuple(sorted(aliases, key=lambda alias: (alias != LATEST, alias)))


def own_aliases(conn: Connection, version_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """Return the aliases that versions have in their own collections; those of links are left out."""
    return _grouped(_OWN_ALIASES.records(conn, ids=list(version_ids)))


def _grouped(rows: Iterable[tuple[int, str]]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def listed(
    conn: Connection, key: Column[Any], value: Column[Any], ids: Iterable[int], order: Column[Any] | None = None
) -> Mapping[int, list[str]]:
    """Return the values of `value` in the rows of each id, ordered where an order is given."""
    found: dict[int, list[str]] = defaultdict(list)
    for part in chunks(ids):
        words = select(key, value).where(key.in_(part))
        for row in conn.execute(words if order is None else words.order_by(key, order)):
            found[row[0]].append(row[1])
    return found
