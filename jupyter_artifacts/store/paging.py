"""All rows of a listing, page by page, while others add and delete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.store.records import Page, Query

T = TypeVar("T")


def every(fetch: Callable[[Query], Page[T]], query: Query, place: Callable[[T], int]) -> Iterator[T]:
    """Yield each row of a query once; no row that stays is left out, whatever goes meanwhile.

    A deletion moves all later rows forward, and the page that comes next would begin
    behind some of them. So each page begins with a row that is known; where it does
    not, earlier pages are asked for again.

    Parameters
    ----------
    fetch : callable
        A catalog's `page`.
    query : Query
        Its `limit`, at least 2, is the size of a page.
    place : callable
        Grows along the order of the rows; no two rows share one.
    """
    last: int | None = None
    offset = 0
    while True:
        rows = fetch(replace(query, offset=offset)).rows
        if last is not None and offset and (not rows or place(rows[0]) > last):
            offset = max(0, offset - query.limit)
            continue
        for row in rows:
            if last is None or place(row) > last:
                last = place(row)
                yield row
        if len(rows) < query.limit:
            return
        offset += len(rows) - 1
