"""Rows of the catalog as a sequence that is read as it is walked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from jupyter_artifacts.store.records import Page, Query

Row = TypeVar("Row")
Item = TypeVar("Item")

MAX_PER_PAGE = 1000


class Pages(Sequence[Item], Generic[Row, Item]):
    """A lazy sequence: pages are fetched when their items are asked for, and kept.

    Whoever deletes what is listed, as it is walked, still meets all of it: each page is
    asked for with the last row that is known in front, and where that row went, or rows
    before it, earlier pages are asked for again.

    Parameters
    ----------
    fetch : callable
        Returns one page of rows.
    query : Query
        Which rows; its offset and limit are set here.
    wrap : callable
        Makes an item of a row.
    key : callable
        What a row is known by, however much of it changes.
    keep : callable, optional
        Leaves out rows that the catalog cannot judge.
    per_page : int, default 50
    start : str, optional
        The `cursor` of an earlier listing, to go on where it had stopped.
    """

    def __init__(
        self,
        fetch: Callable[[Query], Page[Row]],
        query: Query,
        wrap: Callable[[Row], Item],
        *,
        key: Callable[[Row], Hashable],
        keep: Callable[[Row], bool] | None = None,
        per_page: int | None = 50,
        start: str | int | None = None,
    ) -> None:
        size: object = 50 if per_page is None else per_page
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise InvalidValueError(f"per_page must be an int of 1 or more, not {per_page!r}")
        self._fetch = fetch
        first = query.offset + _place(start)
        self._query = replace(query, offset=first, limit=min(size, MAX_PER_PAGE))
        self._wrap = wrap
        self._key = key
        self._keep = keep
        self._items: list[Item] = []
        self._known: set[Hashable] = set()
        self._offset = first
        self._ahead: int | None = None
        self._walked = 0

    def __len__(self) -> int:
        """Return how many there are; with a filter of ours, all are read for it."""
        if self._keep is not None:
            while self._read():
                pass
            return len(self._items)
        if self._ahead is None:
            self._read()
        return len(self._known) + (self._ahead or 0)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        last = _last(index)
        while (last is None or len(self._items) <= last) and self._read():
            pass
        return self._items[index]

    def __iter__(self) -> Iterator[Item]:
        position = 0
        while position < len(self._items) or self._read():
            while position < len(self._items):
                yield self._items[position]
                position += 1

    def __next__(self) -> Item:
        """Return the next item of a walk of its own; ``iter()`` and ``for`` begin anew each time."""
        if self._walked >= len(self._items) and not self._fill():
            raise StopIteration
        item = self._items[self._walked]
        self._walked += 1
        return item

    def next(self) -> Item:
        """Return the same as ``next(...)``, under W&B's earlier name."""
        return next(self)

    def __repr__(self) -> str:
        return f"<{len(self)} items>" if self._keep is None else f"<at least {len(self._items)} items>"

    @property
    def cursor(self) -> str | None:
        """Where the next page begins, None when all is read."""
        return None if self._ahead == 0 else str(self._offset)

    def _fill(self) -> bool:
        """Read until one more item is there; tell whether there is."""
        known = len(self._items)
        while len(self._items) == known:
            if not self._read():
                return False
        return True

    def _read(self) -> bool:
        """Fetch one more page; tell whether there may be more after it or it held anything."""
        if self._ahead == 0:
            return False
        page = self._page()
        self._offset += len(page.rows)
        self._ahead = max(page.total - self._offset, 0) if page.rows else 0
        for row in page.rows:
            if self._key(row) not in self._known:
                self._known.add(self._key(row))
                if self._keep is None or self._keep(row):
                    self._items.append(self._wrap(row))
        return bool(page.rows)

    def _page(self) -> Page[Row]:
        """Return the page at `_offset`, moved back to where it joins what is known."""
        first, size = self._query.offset, self._query.limit
        joint = 1 if self._known else 0
        self._offset = max(first, self._offset - joint)
        while True:
            page = self._fetch(replace(self._query, offset=self._offset, limit=size + joint))
            if self._offset == first or (page.rows and self._key(page.rows[0]) in self._known):
                return page
            self._offset = max(first, self._offset - size)


def _place(start: str | int | None) -> int:
    text = "0" if start is None else str(start)
    if not text.isascii() or not text.isdigit():
        raise InvalidValueError(f"start={start!r} is no place in a listing; pass the .cursor of an earlier one")
    return int(text)


def _last(index: int | slice) -> int | None:
    """Return the greatest position that an index needs; None when it needs all, counting from the end."""
    if isinstance(index, int):
        return None if index < 0 else index
    start, stop = index.start, index.stop
    if not isinstance(stop, int) or stop < 0 or (isinstance(start, int) and start < 0):
        return None
    return stop
