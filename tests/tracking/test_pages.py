from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jupyter_artifacts as ja
from jupyter_artifacts.store.records import Page, Query
from jupyter_artifacts.tracking.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
        return Pages(numbers(count), Query(), str, key=int, keep=keep, per_page=per_page)

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
    pages = Pages(numbers(100, asked), Query(), str, key=int, per_page=10)
    assert (pages[5], asked) == ("5", [0])
    assert (pages[15], asked) == ("15", [0, 9])
    assert (len(pages), asked) == (100, [0, 9])
    assert pages.cursor == "20"


ROWS = st.sets(st.integers(0, 60), max_size=40)


@given(rows=ROWS, lost=st.lists(ROWS, max_size=8), added=st.lists(ROWS, max_size=8), per_page=st.integers(1, 7))
def test_rows_that_go_meanwhile_hide_none_that_stay(
    rows: set[int], lost: list[set[int]], added: list[set[int]], per_page: int
) -> None:
    here, stayed = set(rows), set(rows)
    going, coming = iter(lost), iter(added)

    def fetch(query: Query) -> Page[int]:
        page = Page(tuple(sorted(here)[query.offset : query.offset + query.limit]), len(here), 0)
        gone = next(going, set())
        stayed.difference_update(gone)
        here.difference_update(gone)
        here.update(next(coming, set()))
        return page

    pages = Pages(fetch, Query(), int, key=int, per_page=per_page)
    listed = list(pages)
    assert len(listed) == len(set(listed)) == len(pages)
    assert stayed <= set(listed)
    assert pages.cursor is None


@given(rows=ROWS, per_page=st.integers(1, 7))
def test_whoever_deletes_what_is_listed_meets_all_of_it(rows: set[int], per_page: int) -> None:
    here = set(rows)

    def fetch(query: Query) -> Page[int]:
        return Page(tuple(sorted(here)[query.offset : query.offset + query.limit]), len(here), 0)

    for row in Pages(fetch, Query(), int, key=int, per_page=per_page):
        here.remove(row)
    assert not here


def test_deleting_all_versions_and_runs_of_a_listing(tmp_path: Path) -> None:
    for number in range(7):
        with ja.init(project="p", store=str(tmp_path / "store")) as run:
            artifact = ja.Artifact("data", "dataset", metadata={"number": number})
            with artifact.new_file("number.txt") as out:
                out.write(str(number))
            run.log_artifact(artifact).wait()
    api = ja.Api(store=tmp_path / "store")
    for version in api.artifacts("dataset", "p/data", per_page=2):
        if "latest" not in version.aliases:
            version.delete()
    assert [version.name for version in api.artifacts("dataset", "p/data")] == ["data:v6"]
    for listed in api.runs("p", per_page=2):
        listed.delete()
    assert not list(api.runs("p"))
