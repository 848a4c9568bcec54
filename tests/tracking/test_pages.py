from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.store.records import Page, Query
from jupyter_artifacts.tracking.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Callable


def numbers(count: int, asked: list[int] | None = None) -> Callable[[Query], Page[int]]:
    def fetch(query: Query) -> Page[int]:
        if asked is not None:
            asked.append(query.offset)
        rows = tuple(range(count))[query.offset : query.offset + query.limit]
        return Page(rows, count, 1)

    return fetch


@given(
    st.integers(0, 30),
    st.integers(1, 10),
    st.integers(-35, 35),
    st.integers(-35, 35) | st.none(),
    st.booleans(),
)
def test_it_is_the_same_as_a_list(count: int, per_page: int, start: int, stop: int | None, filtered: bool) -> None:
    keep = (lambda row: row % 3 == 0) if filtered else None
    expected = [str(row) for row in range(count) if keep is None or keep(row)]

    def pages() -> Pages[int, str]:
        return Pages(numbers(count), Query(), str, keep=keep, per_page=per_page)

    assert list(pages()) == expected
    assert len(pages()) == len(expected)
    assert pages()[start:stop] == expected[start:stop]
    assert list(reversed(pages())) == expected[::-1]
    if -len(expected) <= start < len(expected):
        assert pages()[start] == expected[start]
    else:
        with pytest.raises(IndexError):
            pages()[start]


def test_only_what_is_walked_is_fetched() -> None:
    asked: list[int] = []
    pages = Pages(numbers(100, asked), Query(), str, per_page=10)
    assert (pages[5], asked) == ("5", [0])
    assert (pages[15], asked) == ("15", [0, 10])
    assert (len(pages), asked) == (100, [0, 10])
    assert pages.cursor == "20"
