"""Comparing one top-level key of stored JSON on PostgreSQL; what `jsonmatch` does on SQLite, value for value."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, exists, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.catalog.schema import is_odd

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sqlalchemy import Column, ColumnElement

_TAG = "$ja"


def has(document: Column[object], key: str) -> ColumnElement[bool]:
    """Tell whether the object in `document` has the key."""
    return _some(document, key, lambda _value: true())


def matches(
    document: Column[object], key: str, compare: Callable[[Any, Any], Any], value: float | str
) -> ColumnElement[bool]:
    """Tell whether the object in `document` has the key with a value that compares so."""
    if isinstance(value, str):
        return _some(document, key, lambda found: _text(found, compare, value))
    return _some(document, key, lambda found: _number(found, compare, value))


def _some(document: Column[object], key: str, test: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    tree: Any = cast(document, JSONB)
    plain: Any = func.jsonb_each(tree).table_valued("key", "value", name="plain")
    found = func.jsonb_array_elements(tree.op("->")("items")).table_valued("value", name="item")
    item: Any = cast(found.c.value, JSONB)
    is_plain_key = false() if is_odd(key) else plain.c.key == key
    as_plain = exists(select(literal(1)).select_from(plain).where(is_plain_key, test(cast(plain.c.value, JSONB))))
    is_key = item.op("->")(0) == _json(dumps(key))
    as_item = exists(select(literal(1)).select_from(found).where(is_key, test(cast(item.op("->")(1), JSONB))))
    tagged = func.coalesce(tree.op("->>")(_TAG) == "object", false())
    return case((tagged, as_item), else_=as_plain)


def _number(found: Any, compare: Callable[[Any, Any], Any], value: float) -> ColumnElement[bool]:  # noqa: ANN401  SQLAlchemy's operators on JSON have no type
    if math.isnan(value):
        return false()
    kind = func.jsonb_typeof(found)
    # CASE, because a cast that does not fit is an error also where its answer is not asked for.
    plain = case((kind == "number", cast(cast(found, Text), Numeric)), else_=None)
    truth = case((kind == "boolean", cast(cast(found, Text) == "true", Integer)), else_=None)
    tag = found.op("->>")(_TAG)
    special = case(
        (and_(kind == "object", tag == "inf"), _numeric(math.inf)),
        (and_(kind == "object", tag == "-inf"), _numeric(-math.inf)),
        (and_(kind == "object", tag == "-0"), _numeric(0)),
        else_=None,
    )
    wanted = _numeric(value)
    return func.coalesce(or_(compare(plain, wanted), compare(truth, wanted), compare(special, wanted)), false())


def _text(found: Any, compare: Callable[[Any, Any], Any], value: str) -> ColumnElement[bool]:  # noqa: ANN401  as above
    stored = dumps(value)
    if stored.startswith('"'):
        plain = cast(func.jsonb_build_array(found).op("->>")(0), Text).collate("C")
        return and_(func.jsonb_typeof(found) == "string", compare(plain, value))
    if compare is operator.eq:
        return and_(func.jsonb_typeof(found) == "object", found == _json(stored))
    return false()


def _json(text: str) -> ColumnElement[Any]:
    return cast(literal(text, Text), JSONB)


def _numeric(value: float) -> ColumnElement[Any]:
    return cast(literal(repr(value if type(value) is int else float(value)), Text), Numeric)
