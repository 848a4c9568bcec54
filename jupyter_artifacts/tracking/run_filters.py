"""Filters and orders on runs: the part of MongoDB's language that W&B's queries use."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, nearest
from jupyter_artifacts.tracking.liveness import apparent_state

if TYPE_CHECKING:
    from typing import Any

    from jupyter_artifacts.store.records import RunRecord

Test = Callable[["RunRecord"], bool]
Judge = Callable[[object], bool]

_FACTS: dict[str, Callable[[RunRecord], object]] = {
    "state": apparent_state,
    "name": lambda record: record.id,
    "id": lambda record: record.id,
    "display_name": lambda record: record.name,
    "job_type": lambda record: record.job_type,
    "group": lambda record: record.group,
    "notes": lambda record: record.notes,
    "entity": lambda record: record.entity,
    "username": lambda record: record.entity,
    "host": lambda record: record.host,
    "tags": lambda record: record.tags,
    "created_at": lambda record: record.started_at,
    "heartbeat_at": lambda record: record.heartbeat_at,
    "duration": lambda record: (record.ended_at or record.heartbeat_at) - record.started_at,
}
_OTHER_NAMES = {
    "displayName": "display_name",
    "jobType": "job_type",
    "description": "notes",
    "user": "username",
    "createdAt": "created_at",
    "heartbeatAt": "heartbeat_at",
}
_TIMES = frozenset(["created_at", "heartbeat_at"])
_TREES = ("config", "summary_metrics", "summary")
_COMPARE: dict[str, Callable[[Any, Any], object]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
_FIELD_WORDS = ("$eq", "$ne", *_COMPARE, "$in", "$nin", "$regex", "$exists", "$not", "$options")


class _Missing:
    """Stands for a key that a run does not have; equal to None, as in MongoDB."""


_MISSING = _Missing()


def run_test(filters: Mapping[str, object] | None) -> Test | None:
    """Return the test that `filters` describes, None when there is nothing to test.

    Parameters
    ----------
    filters : mapping
        ``{"state": "finished", "config.lr": {"$gt": 0.01}, "$or": [{...}, {...}]}``.
        Fields are a run's facts, ``tags``, ``config.KEY`` and ``summary_metrics.KEY``;
        operators ``$and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $regex $exists``.

    Raises
    ------
    InvalidValueError
        A field or operator that is not known.
    InvalidTypeError
        An operand of the wrong shape.
    """
    return _all_of(filters) if filters else None


def run_key(order: str) -> tuple[Callable[[RunRecord], tuple[int, float, str]], bool]:
    """Return what runs are sorted by for an order such as ``"-summary_metrics.loss"``, and whether downward.

    Runs without the value come last, either way.
    """
    sign, field = (order[0], order[1:]) if order[:1] in {"+", "-"} else ("+", order)
    read, down = _reader(field), sign == "-"

    def key(record: RunRecord) -> tuple[int, float, str]:
        value = read(record)
        if isinstance(value, (bool, int, float)) and value == value:  # noqa: PLR0124  NaN is not equal to itself
            return (1 if down else 0, float(value), "")
        if isinstance(value, str):
            return (1 if down else 0, 0.0, value)
        return (0 if down else 1, 0.0, "")

    return key, down


def _all_of(filters: object) -> Test:
    if not isinstance(filters, Mapping):
        raise InvalidTypeError(f"runs(filters=...) must be a dict, not {type(filters).__name__} ({filters!r})")
    tests = [_test(key, value) for key, value in filters.items()]
    return lambda record: all(test(record) for test in tests)


def _test(key: object, value: object) -> Test:
    if not isinstance(key, str):
        raise InvalidTypeError(f"filters must have str keys, not {key!r}")
    if not key.startswith("$"):
        read, judge = _reader(key), _judge(key, value)
        return lambda record: judge(read(record))
    if key == "$not":
        refused = _all_of(value)
        return lambda record: not refused(record)
    if key not in {"$and", "$or", "$nor"}:
        raise InvalidValueError(f"filters: the operator {key} is unknown here{nearest(key, ['$and', '$or', '$not'])}")
    if not isinstance(value, (list, tuple)):
        raise InvalidTypeError(f"filters: {key} takes a list of filters, not {type(value).__name__}")
    parts = [_all_of(part) for part in value]
    if key == "$and":
        return lambda record: all(part(record) for part in parts)
    if key == "$or":
        return lambda record: any(part(record) for part in parts)
    return lambda record: not any(part(record) for part in parts)


def _reader(key: str) -> Callable[[RunRecord], object]:
    name = _OTHER_NAMES.get(key, key)
    if name in _FACTS:
        return _FACTS[name]
    head, dot, rest = name.partition(".")
    if head not in _TREES or not dot or not rest:
        known = [*_FACTS, *_OTHER_NAMES, "config.KEY", "summary_metrics.KEY"]
        raise InvalidValueError(f"runs have no field {key!r}{nearest(key, known)}; known: {', '.join(known)}")
    parts = rest.split(".")
    plain = [part for part in parts if part != "value"] or parts

    def read(record: RunRecord) -> object:
        tree = record.config if head == "config" else record.summary
        found = _find(tree, parts)
        return _find(tree, plain) if found is _MISSING else found

    return read


def _find(tree: object, parts: list[str]) -> object:
    """Return the value at a dotted path; a key may hold dots itself."""
    if not parts:
        return tree
    for length in range(len(parts), 0, -1):
        key = ".".join(parts[:length])
        if isinstance(tree, Mapping) and key in tree:
            found = _find(tree[key], parts[length:])
            if found is not _MISSING:
                return found
    return _MISSING


def _judge(key: str, wanted: object) -> Judge:
    """Return the test of one field's value."""
    if not (isinstance(wanted, Mapping) and any(str(word).startswith("$") for word in wanted)):
        return _equal(key, wanted)
    judges = [_operator(key, str(word), operand, wanted) for word, operand in wanted.items() if word != "$options"]
    return lambda value: all(judge(value) for judge in judges)


def _operator(key: str, word: str, operand: object, beside: Mapping[str, object]) -> Judge:
    if word == "$eq":
        return _equal(key, operand)
    if word == "$ne":
        equal = _equal(key, operand)
        return lambda value: not equal(value)
    if word in {"$in", "$nin"}:
        if not isinstance(operand, (list, tuple, set, frozenset)):
            raise InvalidTypeError(f"filters: {key!r}: {word} takes a list, not {type(operand).__name__}")
        choices = [_equal(key, choice) for choice in operand]
        found = word == "$in"
        return lambda value: any(choice(value) for choice in choices) is found
    if word in _COMPARE:
        return _compare(key, word, operand)
    if word == "$exists":
        return lambda value: (value is not _MISSING) is bool(operand)
    if word == "$not":
        refused = _judge(key, operand)
        return lambda value: not refused(value)
    if word == "$regex":
        return _regex(key, operand, str(beside.get("$options", "")))
    raise InvalidValueError(f"filters: {key!r}: the operator {word} is unknown here{nearest(word, _FIELD_WORDS)}")


def _equal(key: str, wanted: object) -> Judge:
    target = _seconds(key, wanted)

    def judge(value: object) -> bool:
        if value is _MISSING:
            return target is None
        if isinstance(value, tuple):  # tags: one of them, or all in their order
            return target in value or (isinstance(target, (list, tuple)) and tuple(target) == value)
        return type(value) is type(target) and value == target if isinstance(target, bool) else value == target

    return judge


def _compare(key: str, word: str, operand: object) -> Judge:
    target, compare = _seconds(key, operand), _COMPARE[word]
    if isinstance(target, bool) or not isinstance(target, (int, float, str)):
        raise InvalidTypeError(f"filters: {key!r}: {word} compares with a number or text, not {operand!r}")
    kind = str if isinstance(target, str) else (int, float)
    return lambda value: isinstance(value, kind) and not isinstance(value, bool) and bool(compare(value, target))


def _regex(key: str, pattern: object, options: str) -> Judge:
    if not isinstance(pattern, str):
        raise InvalidTypeError(f"filters: {key!r}: $regex takes a text, not {type(pattern).__name__}")
    try:
        compiled = re.compile(pattern, re.IGNORECASE if "i" in options else 0)
    except re.error as error:
        raise InvalidValueError(f"filters: {key!r}: $regex {pattern!r} is no regular expression: {error}") from error
    return lambda value: any(
        isinstance(item, str) and compiled.search(item) is not None
        for item in (value if isinstance(value, tuple) else (value,))
    )


def _seconds(key: str, value: object) -> object:
    """Return a moment given as ISO text or datetime as seconds since 1970, where the field is a moment."""
    if _OTHER_NAMES.get(key, key) not in _TIMES or not isinstance(value, (str, dt.datetime)):
        return value
    try:
        moment = dt.datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value
    except ValueError as error:
        raise InvalidValueError(f"filters: {key!r}: {value!r} is no moment such as '2024-05-01T12:00:00'") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.timezone.utc)).timestamp()
