"""The table's filter line: ``type:model acc>0.9 alias:best since:7d cnn``."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast, get_args

from jupyter_artifacts.errors import InvalidValueError, nearest
from jupyter_artifacts.store.records import Query, SortKey

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 1000
MAX_COMPARISONS = 20

SORT_KEYS: tuple[str, ...] = get_args(SortKey)
METADATA = "metadata."
"""Before a metadata key, where a column is named."""

FILTERS = ("type", "name", "alias", "tag", "run", "job", "state")
_SINCE = "since"
_SPANS = {"h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}

_PART = re.compile(r'(?:"[^"]*"|[^\s"])+|"')
_FILTER = re.compile(r"([A-Za-z_]+):(.*)", re.DOTALL)
_COMPARISON = re.compile(r'("[^"]+"|[^\s"<>=!:]+)(==|!=|<=|>=|=|<|>)(.*)', re.DOTALL)
_SPAN = re.compile(r"(\d{1,6})([hdw])")


@dataclass(slots=True)
class _Parts:
    filters: dict[str, str] = field(default_factory=dict)
    comparisons: list[tuple[str, str, str | float]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    since: float | None = None


def parse(text: str, *, now: Callable[[], float]) -> Query:
    """Return the query that a filter line asks for; an empty line asks for everything.

    Parameters
    ----------
    text : str
        Parts between spaces, all of which must hold: ``key:value`` with a key of type, name,
        alias, tag, run, job, state, since (``since:2026-11-21``, ``since:7d``, ``12h``, ``4w``);
        a comparison on a metadata key (``acc>=0.9``, ``"learning rate"=0.1``), and words that
        are looked for in names. Double quotes hold spaces.
    now : callable
        The time that ``since:7d`` counts from, in seconds since 1970.

    Raises
    ------
    InvalidValueError
        In one line, which part is not understood and what there is.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidValueError(f"the filter has {len(text):,} characters; at most {MAX_LENGTH:,} are read")
    parts = _Parts()
    for part in _PART.findall(text):
        _take(part, parts, now)
    get = parts.filters.get
    return Query(
        name=get("name", ""),
        type=get("type", ""),
        alias=get("alias", ""),
        tag=get("tag", ""),
        run_id=get("run", ""),
        job_type=get("job", ""),
        state=get("state", ""),
        since=parts.since,
        metadata=tuple(parts.comparisons),
        text=" ".join(parts.words),
    )


def ordered(query: Query, *, sort: str, descending: bool, offset: int, limit: int) -> Query:
    """Return the query with an order and a page; ``metadata.KEY`` orders by a metadata key.

    Raises
    ------
    InvalidValueError
        There is no column of that name to sort by.
    """
    query = replace(query, descending=descending, offset=offset, limit=limit)
    if sort.startswith(METADATA) and sort != METADATA:
        return replace(query, sort_metadata=sort.removeprefix(METADATA))
    if sort not in SORT_KEYS:
        raise InvalidValueError(
            f"cannot sort by {sort[:40]!r}{nearest(sort, SORT_KEYS)}; there are {', '.join(SORT_KEYS)}"
            f" and {METADATA}KEY"
        )
    return replace(query, sort=cast("SortKey", sort))


def _take(part: str, parts: _Parts, now: Callable[[], float]) -> None:
    if part == '"':
        raise InvalidValueError('the filter has a quote (") that is not closed')
    if found := _FILTER.fullmatch(part):
        _filter(found.group(1).lower(), _unquoted(found.group(2)), parts, now)
    elif found := _COMPARISON.fullmatch(part):
        key, operator, value = _unquoted(found.group(1)), found.group(2), found.group(3)
        if not value:
            raise InvalidValueError(f"the comparison {part!r} lacks its right side; write for instance acc>0.9")
        if len(parts.comparisons) == MAX_COMPARISONS:
            raise InvalidValueError(f"the filter has more than {MAX_COMPARISONS} comparisons")
        parts.comparisons.append((key, "=" if operator == "==" else operator, _value(value)))
    else:
        parts.words.append(_unquoted(part))


def _filter(key: str, value: str, parts: _Parts, now: Callable[[], float]) -> None:
    if not value:
        raise InvalidValueError(f"'{key}:' lacks its value; write for instance {key}:model")
    if key == _SINCE:
        parts.since = _since(value, now)
    elif key not in FILTERS:
        known = [*FILTERS, _SINCE]
        raise InvalidValueError(
            f"'{key}:' is no filter{nearest(key, known)}; there are {', '.join(known)}, and comparisons such as acc>0.9"
        )
    elif key in parts.filters:
        raise InvalidValueError(f"'{key}:' is given twice; a version has one {key} at a time to filter by")
    else:
        parts.filters[key] = value


def _since(value: str, now: Callable[[], float]) -> float:
    if found := _SPAN.fullmatch(value):
        return now() - int(found.group(1)) * _SPANS[found.group(2)]
    try:
        when = dt.datetime.fromisoformat(value)
        return (when if when.tzinfo else when.replace(tzinfo=dt.timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        raise InvalidValueError(
            f"since:{value[:40]} is no date; write since:2026-11-21, since:7d or since:12h"
        ) from None


def _unquoted(text: str) -> str:
    return text.replace('"', "")


def _value(text: str) -> str | float:
    """Return a number where it is one; quotes keep it text."""
    try:
        number = float(text)
    except ValueError:
        return _unquoted(text)
    return number if number == number and abs(number) != float("inf") else text  # noqa: PLR0124  NaN is not itself
