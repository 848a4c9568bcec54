"""What every catalog must keep when versions, runs and edges come from another one."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.records import Edge, HistoryChunk, Linked, RunChanges, RunFile
from jupyter_artifacts.testing.publications import publication, run

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Catalog


class TransfersContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    def test_versions_are_listed_with_their_commit_ids(self, catalog: Catalog) -> None:
        """Deleted ones as well, by number; and found again by commit id."""
        first, second, third = (catalog.versions.publish(publication(text)).version for text in ("a", "b", "c"))
        catalog.versions.delete(second.id)
        listed = catalog.transfers.versions("p", "data")
        assert [(record.number, record.live) for record, _ in listed] == [(0, True), (1, False), (2, True)]
        found = catalog.transfers.committed([commit for _, commit in listed] + ["nobody's"])
        assert {record.id for record in found.values()} == {first.id, second.id, third.id}
        assert catalog.transfers.versions("p", "other") == ()

    def test_a_buried_version_takes_its_number(self, catalog: Catalog) -> None:
        """It is deleted from the first and holds no alias; doing it again changes nothing."""
        catalog.versions.publish(publication("a"))
        dead = publication("b")
        gone = catalog.transfers.bury(dead)
        assert gone is not None
        assert (gone.number, gone.live, gone.aliases) == (1, False, ())
        assert catalog.versions.resolve("p", "data", "latest").number == 0
        assert catalog.versions.publish(publication("c")).version.number == 2
        assert catalog.transfers.bury(dead) is None
        assert catalog.transfers.bury(replace(publication("c"), commit_id="another")) is None
        assert len(catalog.transfers.versions("p", "data")) == 3
        assert catalog.check() == []

    def test_a_run_is_entered_as_it_was(self, catalog: Catalog) -> None:
        """With its name, history and files, under the next number; a run that is there stays."""
        catalog.runs.start(run("here"))
        there = catalog.runs.start(run("r1"))
        there = catalog.runs.change("r1", RunChanges(state="finished", summary={"acc": 1}, tags=("x", "a", "x")))
        blob = publication("f").blobs[0]
        file = RunFile("media/a.png", blob.digest, blob.size)
        moved = replace(there, id="r2", name="as it was", ended_at=5.0)
        chunk = HistoryChunk(0, 1, '[{"_step":0}]')
        assert catalog.transfers.add_run(moved, [chunk], [file], [blob])
        assert not catalog.transfers.add_run(replace(moved, name="another"), [], [], [])
        entered = catalog.runs.get("r2")
        assert entered == replace(moved, sequence=entered.sequence, number=3)
        assert list(catalog.runs.history("r2")) == [chunk]
        assert list(catalog.runs.files("r2")) == [file]
        assert catalog.check() == []

    def test_edges_keep_their_time_and_order(self, catalog: Catalog) -> None:
        """An edge that is there stays as it is."""
        for name in ("maker", "user"):
            catalog.runs.start(run(name))
        version = catalog.versions.publish(publication("a", run_id="maker", created_at=7.0)).version
        edge = Edge("user", version.id, "in", "training", 9.5)
        for _ in range(2):
            catalog.transfers.add_edge(edge)
        assert catalog.transfers.edges([version.id]) == (Edge("maker", version.id, "out", "", 7.0), edge)
        assert [record.id for record in catalog.edges.inputs("user")] == [version.id]

    def test_links_are_listed_by_the_numbers_they_have_there(self, catalog: Catalog) -> None:
        """With their aliases; versions that are linked nowhere have none."""
        first, second, third = (catalog.versions.publish(publication(text)).version.id for text in ("a", "b", "c"))
        catalog.links.link(second, "registry", "Best Models", ("good",))
        catalog.links.link(first, "registry", "Best Models")
        assert catalog.transfers.links([first, second, third]) == (
            Linked(second, "registry", "Best Models", 0, ("good",)),
            Linked(first, "registry", "Best Models", 1, ("latest",)),
        )
        assert catalog.transfers.links([third]) == ()
