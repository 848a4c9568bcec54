"""The newest versions, found the short way: by their ids, which tell the order in which all of them came.

A database that is left to choose sorts a million rows to show fifty. Here the way
is chosen by what is known: a few names are asked one by one for their newest; where
there are many, the newest of all are read until enough of them fit.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from jupyter_artifacts.store.catalog import queries, rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared, among

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from sqlalchemy import Connection, Select

    from jupyter_artifacts.store.records import Query

_FEW = 64
_DEEP = 1000
_v = schema.version.c


def applies(query: Query) -> bool:
    """Tell whether a query asks for versions in the order they came, and filters nothing but their collections."""
    return query.sort == "created" and query.sort_metadata is None and queries.is_plain(query)


def page(conn: Connection, query: Query) -> tuple[list[int], int]:
    """Return the ids of one page of live versions, and how many there are in all."""
    queries.check_page(query)
    if query.project is None and not (query.name or query.type or query.text or query.without_types):
        whole = _ALL[query.descending].rows(conn, limit=query.limit, offset=query.offset)
        return _ids(whole), queries.count_live(conn, query)
    collections, total = queries.live_collections(conn, query)
    if total == 0 or query.limit == 0:
        return [], total
    deep = query.offset + query.limit
    if len(collections) > _FEW or deep > _DEEP:
        scan = _SCAN[query.descending]
        return _ids(scan.rows(conn, ids=collections, limit=query.limit, offset=query.offset)), total
    found: list[int] = []
    for collection_id in collections:
        found += _ids(_ONE[query.descending].rows(conn, collection_id=collection_id, limit=deep))
    found.sort(reverse=query.descending)
    return found[query.offset : deep], total


def _ids(found: Sequence[tuple[Any, ...]]) -> list[int]:
    return [int(row[0]) for row in found]


def _both(build: Callable[[bool], Select[Any]]) -> dict[bool, Prepared]:
    def ordered(*, descending: bool) -> Prepared:
        return Prepared(lambda _: build(descending))

    return {True: ordered(descending=True), False: ordered(descending=False)}


def _all(descending: bool) -> Select[Any]:
    words = select(_v.id).where(_v.live == 1).order_by(_v.id.desc() if descending else _v.id)
    return words.limit(bindparam("limit")).offset(bindparam("offset"))


def _scan(descending: bool) -> Select[Any]:
    return _all(descending).where(among(rows.collection_of_version, "ids"))


def _one(descending: bool) -> Select[Any]:
    words = select(_v.id).where(_v.collection_id == bindparam("collection_id"), _v.live == 1)
    return words.order_by(_v.number.desc() if descending else _v.number).limit(bindparam("limit"))


_ALL, _SCAN, _ONE = _both(_all), _both(_scan), _both(_one)
