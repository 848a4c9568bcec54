"""Comparing one top-level key of stored JSON inside the database (SQLite's ``json_each``).

Keys are compared as values, so any key works, with dots and quotes too. What
`jsonable` had to tag is understood: infinities, -0.0, NaN (equal to nothing),
text with NUL or lone surrogates (compared for equality only), and objects with
keys that JSON columns cannot hold.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, case, cast, exists, false, func, literal, or_, select, true

from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.store.catalog.schema import is_odd

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sqlalchemy import Column, ColumnElement

_TAG = '$."$ja"'
_INFINITY = 9e999


def has(document: Column[object], key: str) -> ColumnElement[bool]:
    """Tell whether the object in `document` has the key."""
    return _some(document, key, lambda _value, _type: true())


def matches(
    document: Column[object], key: str, compare: Callable[[Any, Any], Any], value: float | str
) -> ColumnElement[bool]:
    """Tell whether the object in `document` has the key with a value that compares so."""
    if isinstance(value, str):
        return _some(document, key, lambda found, kind: _text(found, kind, compare, value))
    return _some(document, key, lambda found, kind: _number(found, kind, compare, value))


def _some(document: Column[object], key: str, test: Callable[[Any, Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    plain = func.json_each(document).table_valued("key", "value", "type", name="plain")
    item = func.json_each(document, "$.items").table_valued("value", name="item")
    tagged_object = func.json_extract(document, _TAG) == "object"
    item_key = func.json_extract(item.c.value, "$[0]")
    item_value = func.json_extract(item.c.value, "$[1]")
    item_type = func.json_type(item.c.value, "$[1]")
    as_plain: ColumnElement[bool] = exists(
        select(literal(1)).select_from(plain).where(plain.c.key == key, test(plain.c.value, plain.c.type))
    )
    stored_key = key if dumps(key).startswith('"') else dumps(key)
    as_item = exists(select(literal(1)).select_from(item).where(item_key == stored_key, test(item_value, item_type)))
    if is_simple(key):
        # The document is parsed once for all of this, and again for each json_each.
        path = literal(simple_path(key))
        as_plain = func.coalesce(test(func.json_extract(document, path), func.json_type(document, path)), false())
        as_plain = and_(func.json_type(document, path).is_not(None), as_plain)
    return case((func.coalesce(tagged_object, false()), as_item), else_=as_plain)


def is_simple(key: str) -> bool:
    """Tell whether a path of SQLite's can name the key."""
    return not ('"' in key or "\\" in key or is_odd(key))


def simple_path(key: str) -> str:
    """Return the path of a top-level key that :func:`is_simple`."""
    return f'$."{key}"'


def _number(
    found: ColumnElement[Any], kind: ColumnElement[str], compare: Callable[[Any, Any], Any], value: float
) -> ColumnElement[bool]:
    if math.isnan(value):
        return false()
    wanted = literal(float(value)) if abs(value) >= 2**63 else literal(value)
    # CASE, because the text of a string is no JSON and must not be looked into.
    tag = case((kind == "object", func.json_extract(found, _TAG)), else_=None)
    special = case(
        (tag == "inf", literal(_INFINITY)),
        (tag == "-inf", literal(-_INFINITY)),
        (tag == "-0", literal(0.0)),
        else_=None,
    )
    return or_(
        and_(kind.in_(("integer", "real", "true", "false")), compare(_as_number(found, kind), wanted)),
        and_(kind == "object", compare(special, wanted)),
    )


def _as_number(found: ColumnElement[Any], kind: ColumnElement[str]) -> ColumnElement[Any]:
    return case((kind == "true", literal(1)), (kind == "false", literal(0)), else_=found)


def _text(
    found: ColumnElement[Any], kind: ColumnElement[str], compare: Callable[[Any, Any], Any], value: str
) -> ColumnElement[bool]:
    stored = dumps(value)
    if stored.startswith('"'):
        return and_(kind == "text", compare(cast(found, Text), value))
    if compare is operator.eq:
        return and_(kind == "object", found == stored)
    return false()
