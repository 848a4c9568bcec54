"""What every catalog must keep about filters, orders and pages."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidValueError, UsageError
from jupyter_artifacts.store.records import (
    Query,
    RunChanges,
)
from jupyter_artifacts.testing.publications import publication, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import SortKey, VersionRecord


class PagesContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    def labels(self, catalog: Catalog, query: Query) -> list[str]:
        """Return the labels of a page of versions, checking its total against the whole."""
        page = catalog.versions.page(query)
        assert page.revision == catalog.revision()
        whole = catalog.versions.page(replace(query, offset=0, limit=1000))
        assert page.total == len(whole.rows)
        return [version.label for version in page.rows]

    @pytest.fixture
    def some(self, catalog: Catalog) -> list[VersionRecord]:
        """Publish a few versions by two runs."""
        catalog.runs.start(run("r1", slug="b-run", job_type="train"))
        catalog.runs.start(run("r2", slug="a-run", job_type="load", project="q"))
        catalog.runs.change("r1", RunChanges(state="failed"))
        news = [
            publication("a", name="raw", run_id="r2", metadata={"acc": 0.1}, tags=("t",), files=9, created_at=10.0),
            publication("bb", name="raw", metadata={"acc": 0.9}, created_at=20.0),
            publication("ccc", name="Net_1%", type="model", run_id="r1", aliases=("best",), created_at=30.0),
            publication("dddd", name="raw", project="q", created_at=40.0),
        ]
        return [catalog.versions.publish(new).version for new in news]

    def test_filters(self, catalog: Catalog, some: list[VersionRecord]) -> None:
        """Each field filters, and they add up."""
        assert len(some) == 4
        for query, expected in {
            Query(): ["raw:v0", "Net_1%:v0", "raw:v1", "raw:v0"],
            Query(project="p"): ["Net_1%:v0", "raw:v1", "raw:v0"],
            Query(project="q"): ["raw:v0"],
            Query(project=""): [],
            Query(name="raw", project="p"): ["raw:v1", "raw:v0"],
            Query(type="model"): ["Net_1%:v0"],
            Query(without_types=("model", "run_table")): ["raw:v0", "raw:v1", "raw:v0"],
            Query(without_types=("dataset",), project="p"): ["Net_1%:v0"],
            Query(alias="best"): ["Net_1%:v0"],
            Query(alias="latest", project="p"): ["Net_1%:v0", "raw:v1"],
            Query(tag="t"): ["raw:v0"],
            Query(run_id="r2"): ["raw:v0"],
            Query(job_type="train"): ["Net_1%:v0"],
            Query(state="failed"): ["Net_1%:v0"],
            Query(text="NET_"): ["Net_1%:v0"],
            Query(text="1%"): ["Net_1%:v0"],
            Query(text="%"): ["Net_1%:v0"],
            Query(since=30.0): ["raw:v0", "Net_1%:v0"],
            Query(metadata=(("acc", ">", 0.5),)): ["raw:v1"],
            Query(metadata=(("acc", ">", 0.5),), tag="t"): [],
            Query(limit=2): ["raw:v0", "Net_1%:v0"],
            Query(limit=2, offset=3): ["raw:v0"],
            Query(limit=0): [],
        }.items():
            assert self.labels(catalog, query) == expected, query

    def test_orders(self, catalog: Catalog, some: list[VersionRecord]) -> None:
        """Each key sorts both ways; ties go by the order of making."""
        ids = [version.id for version in some]
        orders: dict[SortKey, list[int]] = {
            "created": [0, 1, 2, 3],
            "name": [2, 0, 1, 3],
            "version": [0, 2, 3, 1],
            "type": [0, 1, 3, 2],
            "size": [0, 1, 2, 3],
            "files": [1, 2, 3, 0],
        }
        for key, order in orders.items():
            up = catalog.versions.page(Query(sort=key, descending=False)).rows
            assert [version.id for version in up] == [ids[n] for n in order], key
            down = catalog.versions.page(Query(sort=key)).rows
            assert [version.id for version in down] == [ids[n] for n in reversed(order)], key
        by_run = catalog.versions.page(Query(sort="run", descending=True)).rows
        assert [version.run_id for version in by_run][:2] == ["r1", "r2"]

    @pytest.mark.parametrize("key", ["acc", 'a "quoted" key', "a.b", "日本 $[0]"])
    def test_order_by_metadata(self, catalog: Catalog, key: str) -> None:
        """Numbers come before text, and what lacks the key last, in either order."""
        values: list[JsonObject] = [{key: 3}, {key: "b"}, {}, {key: 0.5}, {key: "a"}, {key: None}, {key: -10}]
        ids = [
            catalog.versions.publish(publication(f"{n}", metadata=value, created_at=1.0)).version.id
            for n, value in enumerate(values)
        ]
        up = catalog.versions.page(Query(sort_metadata=key, descending=False)).rows
        assert [ids.index(version.id) for version in up] == [6, 3, 0, 4, 1, 2, 5]
        down = catalog.versions.page(Query(sort_metadata=key)).rows
        assert [ids.index(version.id) for version in down][:5] == [1, 4, 0, 3, 6]
        assert {ids.index(version.id) for version in down[5:]} == {2, 5}
        page = catalog.versions.page(Query(sort_metadata=key, descending=False, offset=1, limit=2))
        assert [ids.index(version.id) for version in page.rows] == [3, 0]
        assert page.total == len(values)
        with pytest.raises(UsageError):
            catalog.versions.collections(Query(sort_metadata=key))

    @pytest.mark.parametrize(
        "query",
        [
            Query(offset=-1),
            Query(limit=-1),
            Query(limit=10**9),
            Query(metadata=(("k", "like", 1.0),)),
            Query(metadata=(("k", "=", None),)),  # type: ignore[arg-type]  # what a page may send
        ],
    )
    def test_bad_queries(self, catalog: Catalog, query: Query) -> None:
        """A query that cannot be right is refused."""
        with pytest.raises(InvalidValueError):
            catalog.versions.page(query)

    def test_bad_sort(self, catalog: Catalog) -> None:
        """An order that does not exist is refused, also where it exists for other rows."""
        with pytest.raises(UsageError):
            catalog.versions.page(Query(sort="; drop table version"))  # type: ignore[arg-type]  # what a page may send
        with pytest.raises(UsageError):
            catalog.versions.collections(Query(sort="files"))
        with pytest.raises(UsageError):
            catalog.runs.page(Query(alias="best"))

    @pytest.mark.parametrize(
        ("metadata", "match", "miss"),
        [
            ({"a.b": 1}, ("a.b", "=", 1.0), ("b", "=", 1.0)),
            ({"a": {"b": 1}}, ("a", "!=", 1.0), ("a.b", "=", 1.0)),
            ({"q\"uo'te": "x"}, ("q\"uo'te", "=", "x"), ("quote", "=", "x")),
            ({"$ja": 3}, ("$ja", "=", 3.0), ("$ja", "=", 4.0)),
            ({"a\0": 3, "b": 4}, ("a\0", "=", 3.0), ("a", "=", 3.0)),
            ({"a\0": 3, "b": 4}, ("b", ">=", 4.0), ("b", "<", 4.0)),
            ({"x": math.inf}, ("x", ">", 1e308), ("x", "<", 1e308)),
            ({"x": -math.inf}, ("x", "<", -1e308), ("x", ">", 0.0)),
            ({"x": math.nan}, ("x", "!=", 1.0), ("x", "=", math.nan)),
            ({"x": -0.0}, ("x", "=", 0.0), ("x", "<", 0.0)),
            ({"x": 2**70}, ("x", ">", 1e20), ("x", "<", 1e20)),
            ({"x": True}, ("x", "=", 1.0), ("x", "=", 0.0)),
            ({"x": None}, ("x", "!=", 1.0), ("x", "=", 0.0)),
            ({"x": "10"}, ("x", "=", "10"), ("x", "=", 10.0)),
            ({"x": 10}, ("x", "=", 10.0), ("x", "=", "10")),
            ({"x": "abc"}, ("x", ">", "abb"), ("x", ">", "abc")),
            ({"x": "a\0b"}, ("x", "=", "a\0b"), ("x", "=", "a")),
            ({"x": [1]}, ("x", "!=", 1.0), ("x", "=", 1.0)),
            ({"x": "1"}, ("x", "!=", "2"), ("y", "!=", "2")),
        ],
    )
    def test_metadata(
        self,
        catalog: Catalog,
        metadata: JsonObject,
        match: tuple[str, str, str | float],
        miss: tuple[str, str, str | float],
    ) -> None:
        """Any top-level key and value can be compared with; a missing key matches nothing."""
        catalog.versions.publish(publication("one", metadata=metadata))
        assert self.labels(catalog, Query(metadata=(match,))) == ["data:v0"]
        assert self.labels(catalog, Query(metadata=(miss,))) == []

    def test_collections(self, catalog: Catalog, some: list[VersionRecord]) -> None:
        """Names with their counts, sizes and aliases."""
        page = catalog.versions.collections(Query(sort="name", descending=False))
        assert page.total == 3
        assert [(c.project, c.name, c.versions, c.newest, c.size) for c in page.rows] == [
            ("p", "Net_1%", 1, 0, 3),
            ("p", "raw", 2, 1, 3),
            ("q", "raw", 1, 0, 4),
        ]
        assert page.rows[0].aliases == ("latest", "best")
        catalog.versions.delete(some[1].id)
        (raw,) = catalog.versions.collections(Query(project="p", type="dataset", text="RA")).rows
        assert (raw.versions, raw.newest, raw.size) == (1, 0, 1)
        assert [c.name for c in catalog.versions.collections(Query(alias="best")).rows] == ["Net_1%"]
        assert list(catalog.versions.projects()) == ["p", "q"]

    def test_revision_grows(self, catalog: Catalog) -> None:
        """Every write is seen in it, every read leaves it."""
        steps: list[Callable[[], object]] = [
            lambda: catalog.runs.start(run()),
            lambda: catalog.versions.publish(publication("one")),
            lambda: catalog.runs.change("r1", RunChanges(state="finished")),
            lambda: catalog.versions.delete(catalog.versions.resolve("p", "data", "v0").id),
        ]
        for step in steps:
            before = catalog.revision()
            step()
            assert catalog.revision() > before
        before = catalog.revision()
        catalog.versions.page(Query())
        assert catalog.revision() == before
