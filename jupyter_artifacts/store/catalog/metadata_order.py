"""Ordering by a top-level metadata key: numbers first, then text; rows without the key come last both ways."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Numeric, Text, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import JSONB

from jupyter_artifacts.store.catalog import jsonmatch
from jupyter_artifacts.store.catalog.schema import is_odd

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Column, ColumnElement, Connection


def clauses(conn: Connection, document: Column[object], key: str, *, descending: bool) -> list[ColumnElement[Any]]:
    """Return what to order by for the key of the object in `document`."""
    columns = _postgres(document, key) if conn.dialect.name == "postgresql" else _sqlite(document, key)
    return [(column.desc() if descending else column.asc()).nulls_last() for column in columns]


def _sqlite(document: Column[object], key: str) -> list[ColumnElement[Any]]:
    if not jsonmatch.is_simple(key):
        each = func.json_each(document).table_valued("key", "value", name="each")
        return [select(each.c.value).where(each.c.key == key).limit(1).scalar_subquery()]
    # SQLite's own order of values: numbers by size, then text.
    return [func.json_extract(document, literal(jsonmatch.simple_path(key)))]


def _postgres(document: Column[object], key: str) -> list[ColumnElement[Any]]:
    if is_odd(key):
        return [null()]
    found: Any = cast(document, JSONB).op("->")(literal(key, Text))
    kind = func.jsonb_typeof(found)
    text = cast(document, JSONB).op("->>")(literal(key, Text))
    # CASE, because a cast that does not fit is an error also where its answer is not asked for.
    number = case(
        (kind == "number", cast(text, Numeric)), (kind == "boolean", case((text == "true", 1), else_=0)), else_=None
    )
    words = case((kind.in_(("string", "array", "object")), cast(text, Text(collation="C"))), else_=None)
    rank = case((kind.in_(("number", "boolean")), 0), (kind.in_(("string", "array", "object")), 1), else_=None)
    return [rank, number, words]
