"""The short way to the newest versions gives what the long way gives."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.catalog import newest
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.publications import publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store


@pytest.fixture
def catalog(store: Store) -> Catalog:
    """Return a catalog of three names in two projects, each with a version that was deleted."""
    for n in range(24):
        project, name = (("p", "one"), ("p", "two"), ("q", "one"))[n % 3]
        type_ = "model" if name == "two" else "dataset"
        made = store.catalog.versions.publish(publication(f"c{n}", name=name, project=project, type=type_)).version
        if n in {3, 7, 20, 23}:
            store.catalog.versions.delete(made.id)
    return store.catalog


def queries() -> Iterator[Query]:
    """Yield plain queries of every kind."""
    filters = [
        Query(),
        Query(project="p"),
        Query(project="q"),
        Query(name="one"),
        Query(project="p", name="one"),
        Query(type="model"),
        Query(text="ON"),
        Query(project="nobody"),
        Query(name="one", type="model"),
    ]
    for query, offset, limit, descending in itertools.product(filters, (0, 3, 100), (0, 4, 100), (True, False)):
        yield replace(query, offset=offset, limit=limit, descending=descending)


@pytest.mark.parametrize(("few", "deep"), [(64, 1000), (0, 1000), (64, 5)])
def test_every_way_gives_the_same(catalog: Catalog, monkeypatch: pytest.MonkeyPatch, few: int, deep: int) -> None:
    def answer(query: Query) -> tuple[tuple[VersionRecord, ...], int]:
        page = catalog.versions.page(query)
        return page.rows, page.total

    with monkeypatch.context() as patch:
        patch.setattr(newest, "applies", lambda _: False)
        long_way = {query: answer(query) for query in queries()}
    assert any(rows for rows, _ in long_way.values())
    monkeypatch.setattr(newest, "_FEW", few)
    monkeypatch.setattr(newest, "_DEEP", deep)
    for query, expected in long_way.items():
        assert answer(query) == expected, query
