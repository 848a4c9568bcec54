"""A `Query` as SQL: values are always parameters, never text."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import operator
from array import array
from typing import TYPE_CHECKING

from sqlalchemy import exists, false, func, literal, not_, select

from jupyter_artifacts.errors import InvalidValueError, UsageError
from jupyter_artifacts.store.catalog import jsonmatch, jsonmatch_postgres, metadata_order, rows, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from sqlalchemy import Column, ColumnElement, Connection, Exists, Select, Table

    from jupyter_artifacts.store.records import Query

MAX_LIMIT = 10_000

_v, _c, _p, _r = schema.version.c, schema.collection.c, schema.project.c, schema.run.c

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_VERSION_ORDER: Mapping[str, Column[object]] = {
    "created": _v.id,
    "name": _c.name,
    "version": _v.number,
    "type": _c.type,
    "size": _v.size,
    "files": _v.files,
    "run": _r.name,
}
_RUN_ORDER: Mapping[str, Column[object]] = {"created": _r.key, "name": _r.name, "run": _r.name, "type": _r.job_type}
_COLLECTION_ORDER: Mapping[str, Column[object]] = {
    "created": _c.id,
    "name": _c.name,
    "version": _c.next_version,
    "type": _c.type,
    "size": _c.live_size,
}


def versions(conn: Connection, query: Query) -> tuple[list[int], int]:
    """Return the ids of one page of live versions, and how many there are in all.

    Ids alone are put in order: whole rows of a million versions would not fit where a database sorts.
    """
    # A server knows by its statistics that they are few.
    scattered = conn.dialect.name == "sqlite" and bool(query.alias or query.tag or query.run_id)
    words = rows.select_versions(scattered=scattered).where(_v.live == 1).with_only_columns(_v.id)
    words = _of_versions(conn, words, query)
    paged = _cut(_ordered_versions(conn, words, query), query)
    if query.metadata:
        # Looking into metadata is what takes time: once for the page and the count.
        found = array("q", conn.execute(paged.limit(None).offset(None)).scalars())
        return list(found[query.offset : query.offset + query.limit]), len(found)
    total = count_live(conn, query) if is_plain(query) else _count(conn, words)
    return list(conn.execute(paged).scalars()), total


def _ordered_versions(conn: Connection, words: Select[Any], query: Query) -> Select[Any]:
    if query.sort_metadata is None:
        return _paged(words, query, _VERSION_ORDER, _v.id, "versions")
    check_page(query)
    first = metadata_order.clauses(conn, _v.metadata, query.sort_metadata, descending=query.descending)
    return words.order_by(*first, _v.id.desc() if query.descending else _v.id.asc())


def runs(conn: Connection, query: Query) -> tuple[Select[Any], int]:
    """Return the SELECT of one page of runs, and how many there are in all."""
    _refuse(query, "runs", "type", "alias", "run_id", "sort_metadata", "without_types")
    words = rows.select_runs().where(_r.state != "deleted")
    if query.project is not None:
        words = words.where(_p.name == query.project)
    if query.name:
        words = words.where(_r.name == query.name)
    if query.job_type:
        words = words.where(_r.job_type == query.job_type)
    if query.state:
        words = words.where(_r.state == query.state)
    if query.text:
        words = words.where(_contains(_r.name, query.text))
    if query.since is not None:
        words = words.where(_r.started_at >= query.since)
    if query.tag:
        words = words.where(_has(schema.run_tag, "run_key", _r.key, "tag", query.tag))
    words = words.where(*_metadata(conn, _r.config, query))
    return _paged(words, query, _RUN_ORDER, _r.key, "runs"), _count(conn, words)


def collections(conn: Connection, query: Query) -> tuple[Select[Any], int]:
    """Return the SELECT of one page of collections with live versions, and how many there are in all."""
    _refuse(query, "collections", "tag", "run_id", "job_type", "state", "metadata", "sort_metadata")
    words = _of_collections(rows.select_collections().where(_c.live > 0), query)
    if query.since is not None:
        words = words.where(_c.updated_at >= query.since)
    if query.alias:
        words = words.where(_has(schema.alias, "collection_id", _c.id, "alias", query.alias))
    return _paged(words, query, _COLLECTION_ORDER, _c.id, "collections"), _count(conn, words)


def _of_collections(words: Select[Any], query: Query) -> Select[Any]:
    if query.project is not None:
        words = words.where(_p.name == query.project)
    if query.name:
        words = words.where(_c.name == query.name)
    if query.type:
        words = words.where(_c.type == query.type)
    if query.without_types:
        words = words.where(_c.type.not_in(query.without_types))
    if query.text:
        words = words.where(_contains(_c.name, query.text))
    return words


def _of_versions(conn: Connection, words: Select[Any], query: Query) -> Select[Any]:
    words = _of_collections(words, query)
    if query.alias:
        own = schema.alias.c.collection_id == _v.collection_id
        words = words.where(_has(schema.alias, "version_id", _v.id, "alias", query.alias).where(own))
        # The same once more, and wider: there are few of one alias, and to begin with them spares reading all versions.
        words = words.where(_v.id.in_(select(schema.alias.c.version_id).where(schema.alias.c.alias == query.alias)))
    if query.tag:
        words = words.where(_has(schema.tag, "version_id", _v.id, "tag", query.tag))
    if query.run_id:
        maker = select(_r.key).where(_r.id == query.run_id).scalar_subquery()
        made = _has(schema.edge, "version_id", _v.id, "run_key", maker).where(schema.edge.c.direction == "out")
        words = words.where(made)
    if query.job_type:
        words = words.where(_r.job_type == query.job_type)
    if query.state:
        words = words.where(_r.state == query.state)
    if query.since is not None:
        words = words.where(_v.created_at >= query.since)
    return words.where(*_metadata(conn, _v.metadata, query))


def _has(table: Table, key: str, of: Column[Any], column: str, value: object) -> Exists:
    """Tell whether a row of another table belongs to this one and has the value."""
    return exists().where(table.c[key] == of, table.c[column] == value)


def _contains(column: Column[object], text: str) -> ColumnElement[bool]:
    if schema.is_odd(text):
        return false()
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return func.lower(column).like(f"%{escaped}%", escape="\\")


def _metadata(conn: Connection, column: Column[object], query: Query) -> list[ColumnElement[bool]]:
    words = jsonmatch_postgres if conn.dialect.name == "postgresql" else jsonmatch
    clauses: list[ColumnElement[bool]] = []
    for key, sign, value in query.metadata:
        compare = _COMPARE.get(sign)
        if compare is None:
            raise InvalidValueError(
                f"metadata filter {key!r}: {sign!r} is no comparison; use one of {' '.join(_COMPARE)}"
            )
        if not isinstance(value, (int, float, str)):
            raise InvalidValueError(f"metadata filter {key!r}: compare with a number or text, not {value!r}")
        if sign == "!=":
            clauses.append(words.has(column, key))
            clauses.append(not_(words.matches(column, key, operator.eq, value)))
        else:
            clauses.append(words.matches(column, key, compare, value))
    return clauses


def _refuse(query: Query, what: str, *fields: str) -> None:
    for name in fields:
        if getattr(query, name):
            raise UsageError(f"{what} cannot be filtered by {name}")


def is_plain(query: Query) -> bool:
    """Tell whether only collections decide, so that their counts can be added up."""
    return not (
        query.alias
        or query.tag
        or query.run_id
        or query.job_type
        or query.state
        or query.since is not None
        or query.metadata
    )


def live_collections(conn: Connection, query: Query) -> tuple[list[int], int]:
    """Return the collections that a plain query is about, and how many live versions they have together."""
    words = select(_c.id, _c.live).join(schema.project, _p.id == _c.project_id).where(_c.live > 0)
    found = conn.execute(_of_collections(words, query)).all()
    return [row[0] for row in found], sum(row[1] for row in found)


def check_page(query: Query) -> None:
    """Refuse a page that cannot be: raises InvalidValueError."""
    if query.offset < 0 or not 0 <= query.limit <= MAX_LIMIT:
        raise InvalidValueError(f"offset {query.offset} and limit {query.limit}: at least 0, limit at most {MAX_LIMIT}")


def count_live(conn: Connection, query: Query) -> int:
    """Return how many live versions a plain query is about."""
    words = select(func.coalesce(func.sum(_c.live), 0)).join(schema.project, _p.id == _c.project_id)
    words = words.where(_c.portfolio == 0)  # a portfolio counts its links
    return int(conn.execute(_of_collections(words, query)).scalar_one())


def _count(conn: Connection, words: Select[Any]) -> int:
    return int(conn.execute(words.with_only_columns(func.count())).scalar_one())


def _paged(
    words: Select[Any], query: Query, order: Mapping[str, Column[object]], last: Column[object], what: str
) -> Select[Any]:
    column = order.get(query.sort)
    if column is None:
        raise UsageError(f"{what} cannot be sorted by {query.sort!r}; use one of {', '.join(order)}")
    check_page(query)
    columns = [column] if column is last else [column, last]
    # Versions without a run come last in one order and first in the other, on PostgreSQL too.
    ordered = [
        (c.desc().nulls_last() if query.descending else c.asc().nulls_first())
        if c is _r.name
        else (c.desc() if query.descending else c.asc())
        for c in columns
    ]
    return _cut(words.order_by(*ordered), query)


def _cut(words: Select[Any], query: Query) -> Select[Any]:
    return words.limit(literal(query.limit)).offset(literal(query.offset))
