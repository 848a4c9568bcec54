"""Listing everything, page by page, while rows go and come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jupyter_artifacts as ja
from jupyter_artifacts.store import verify
from jupyter_artifacts.store.bundle import exporting
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Page, Query
from jupyter_artifacts.tracking import staleness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = st.sets(st.integers(0, 60), max_size=40)


@given(rows=ROWS, lost=st.lists(ROWS, max_size=8), added=st.lists(ROWS, max_size=8), limit=st.integers(2, 7))
def test_what_stays_is_listed_once_and_in_order(
    rows: set[int], lost: list[set[int]], added: list[set[int]], limit: int
) -> None:
    here = set(rows)
    stayed = set(rows)
    going, coming = iter(lost), iter(added)

    def fetch(query: Query) -> Page[int]:
        found = sorted(here)[query.offset : query.offset + query.limit]
        page = Page(tuple(found), len(here), 0)
        gone = next(going, set())
        stayed.difference_update(gone)
        here.difference_update(gone)
        here.update(next(coming, set()))
        return page

    listed = list(every(fetch, Query(limit=limit), int))
    assert listed == sorted(set(listed))
    assert stayed <= set(listed)


NAMES = [f"data-{number}" for number in range(9)]


@pytest.fixture
def store(tmp_path: Path) -> str:
    where = str(tmp_path / "store")
    with ja.init(project="p", store=where) as run:
        for name in NAMES:
            run.log_artifact(ja.Artifact(name, "dataset", metadata={"of": name})).wait()
    return where


@pytest.mark.parametrize("room", ["verify", "export", "stale"])
def test_deletions_between_pages_hide_nothing(room: str, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verify, exporting, staleness):
        monkeypatch.setattr(module, "_PAGE", 3)
    opened = open_store(store)
    listed: dict[str, Callable[[], list[str]]] = {
        "verify": lambda: [version.name for version in verify.versions(opened.catalog)],
        "export": lambda: [chosen.name for chosen in exporting._all(opened)],
        "stale": lambda: [opened.catalog.versions.get(one).name for one in staleness._newest(opened, "p")],
    }
    table = type(opened.catalog.versions)
    verb = "collections" if room == "export" else "page"
    really = getattr(table, verb)
    asked: list[int] = []

    def paged(self: object, query: Query) -> object:
        page = really(self, query)
        asked.append(query.offset)
        if len(asked) == 1:
            gone = NAMES[-2:] if room == "stale" else NAMES[:2]  # what stands on the page that was just read
            for name in gone:
                ja.Api(store=store).artifact(f"p/{name}:v0").delete(delete_aliases=True)
        return page

    monkeypatch.setattr(table, verb, paged)
    found = listed[room]()
    assert sorted(found) == NAMES
    assert len(asked) > 3
