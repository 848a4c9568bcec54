"""Pages of the table: which rows a filter line finds, and what their columns hold."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.panels import query as filters
from jupyter_artifacts.panels.facts import collection_row, version_rows
from jupyter_artifacts.panels.protocol import ColumnFacts, ColumnsPage, RowsPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.panels.protocol import RowsParams
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import Query, VersionRecord

OWN_TYPES = ("run_table", "code")
"""Types of what the package makes itself beside what it was told to log; hidden until they are asked for."""

SAMPLE = 5000
"""What columns hold is told of so many of the newest rows."""

MOST_COLUMNS = 60
BINS = 20


def rows_page(shelf: Shelf, asked: RowsParams, now: Callable[[], float] = time.time) -> RowsPage:
    """Return a page of the table.

    Raises
    ------
    InvalidValueError
        The filter line is not understood, or there is no such column.
    """
    whole = _query(shelf, asked["query"], now)
    whole = filters.ordered(
        whole,
        sort=asked["sort"],
        descending=asked["descending"],
        offset=asked["offset"],
        limit=asked["limit"],
    )
    wanted = whole if asked["all_types"] else without_own_types(shelf, whole)
    versions = shelf.catalog.versions
    none = replace(whole, limit=0, offset=0)
    if asked["level"] == "collections":
        found = versions.collections(wanted)
        total, rows = found.total, []
        collections = [collection_row(collection) for collection in found.rows]
        revision = found.revision
        hidden = versions.collections(none).total - total if wanted is not whole else 0
    else:
        page = versions.page(wanted)
        total, rows, collections = page.total, version_rows(shelf, page.rows, asked["columns"]), []
        revision = page.revision
        hidden = versions.page(none).total - total if wanted is not whole else 0
    return RowsPage(
        level=asked["level"],
        rows=rows,
        collections=collections,
        offset=asked["offset"],
        total=total,
        hidden=hidden,
        revision=revision,
    )


def without_own_types(shelf: Shelf, query: Query) -> Query:
    """Return the query without the package's own types, or as it is where it names a type or there are none."""
    if query.type:
        return query
    versions = shelf.catalog.versions
    there = [
        kind for kind in OWN_TYPES if versions.collections(replace(_EVERYTHING, project=query.project, type=kind)).total
    ]
    return replace(query, without_types=tuple(there)) if there else query


_EVERYTHING = replace(filters.parse("", now=time.time), limit=0)


def columns_page(shelf: Shelf, query: str, *, all_types: bool, now: Callable[[], float] = time.time) -> ColumnsPage:
    """Return what the columns of the newest rows hold: which metadata keys there are, and the spread of numbers.

    Raises
    ------
    InvalidValueError
        The filter line is not understood.
    """
    wanted = replace(_query(shelf, query, now), limit=SAMPLE)
    page = shelf.catalog.versions.page(wanted if all_types else without_own_types(shelf, wanted))
    rows = page.rows
    own = [
        _facts("size", len(rows), [float(row.size) for row in rows]),
        _facts("files", len(rows), [float(row.files) for row in rows]),
    ]
    return ColumnsPage(columns=own + _metadata(rows), rows=len(rows), total=page.total)


def _metadata(rows: Sequence[VersionRecord]) -> list[ColumnFacts]:
    counts: Counter[str] = Counter()
    numbers: dict[str, list[float]] = {}
    for row in rows:
        for key, value in row.metadata.items():
            if isinstance(value, (dict, list)):
                continue
            counts[key] += 1
            if isinstance(value, (int, float)) and not isinstance(value, bool) and _is_plain(value):
                numbers.setdefault(key, []).append(float(value))
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_COLUMNS]
    return [_facts(filters.METADATA + key[:200], count, numbers.get(key, [])) for key, count in common]


def _is_plain(value: float) -> bool:
    return abs(value) < 1e300 and not math.isnan(value)  # noqa: PLR2004  larger ones have no spread to draw


def _facts(name: str, rows: int, numbers: list[float]) -> ColumnFacts:
    if not numbers:
        return ColumnFacts(name=name, rows=rows, numbers=0, low=None, high=None, bins=[])
    low, high = min(numbers), max(numbers)
    bins = [0] * BINS
    for number in numbers if high > low else ():
        bins[min(BINS - 1, int((number - low) / (high - low) * BINS))] += 1
    return ColumnFacts(name=name, rows=rows, numbers=len(numbers), low=low, high=high, bins=bins if high > low else [])


def _query(shelf: Shelf, text: str, now: Callable[[], float]) -> Query:
    """Return what a filter line asks for in this project; a run's name is replaced by its id, as people type names."""
    found = replace(filters.parse(text, now=now), project=shelf.project)
    if not found.run_id:
        return found
    try:
        return replace(found, run_id=shelf.catalog.runs.find(shelf.project, found.run_id).id)
    except NotFoundError:
        return found
