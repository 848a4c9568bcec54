"""What every catalog must keep about lineage."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.store.records import CellOrigin, RunChanges
from jupyter_artifacts.testing.publications import publication, run

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import VersionRecord


class EdgesContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    def test_edges(self, catalog: Catalog) -> None:
        """Who used, who made, in order, once each."""
        for number in (1, 2):
            catalog.runs.start(run(f"r{number}"))
        raw = catalog.versions.publish(publication("raw", run_id="r1")).version
        more = catalog.versions.publish(publication("more", name="more")).version
        catalog.edges.use("r2", more.id)
        catalog.edges.use("r2", raw.id, "training")
        catalog.edges.use("r2", raw.id, "again")
        made = catalog.versions.publish(publication("net", name="net", run_id="r2")).version
        assert [v.id for v in catalog.edges.inputs("r2")] == [more.id, raw.id]
        assert [v.id for v in catalog.edges.outputs("r2")] == [made.id]
        assert [r.id for r in catalog.edges.makers(raw.id)] == ["r1"]
        assert [r.id for r in catalog.edges.users(raw.id)] == ["r2"]
        with pytest.raises(NotFoundError):
            catalog.edges.use("r2", 10_000)
        with pytest.raises(NotFoundError):
            catalog.edges.use("r9", raw.id)

    def chain(self, catalog: Catalog, length: int) -> list[VersionRecord]:
        """Make data0 -> run -> data1 -> run -> ..."""
        made: list[VersionRecord] = []
        for number in range(length):
            catalog.runs.start(run(f"r{number}"))
            if made:
                catalog.edges.use(f"r{number}", made[-1].id)
            made.append(
                catalog.versions.publish(publication(f"c{number}", name=f"d{number}", run_id=f"r{number}")).version
            )
        return made

    def test_lineage_slices(self, catalog: Catalog) -> None:
        """Hops count edges; the whole is every slice's frame."""
        made = self.chain(catalog, 5)
        whole = catalog.edges.lineage("p")
        assert len(whole.nodes) == 10
        assert len(whole.edges) == 9
        assert whole.nodes == tuple(sorted(whole.nodes, key=lambda node: node.sequence))
        middle = f"artifact:{made[2].id}"
        for up, down in [(0, 0), (1, 0), (2, 2), (0, 3), (None, 0), (None, None)]:
            part = catalog.edges.lineage(focus=middle, up=up, down=down)
            expected = whole.slice(middle, up, down)
            assert {node.id for node in part.nodes} == {node.id for node in expected.nodes}, (up, down)
            assert set(part.edges) == set(expected.edges), (up, down)
        by_run = catalog.edges.lineage(focus="run:r2", up=1, down=1)
        assert [node.label for node in by_run.nodes] == ["d1:v0", "quiet-sea-3", "d2:v0"]
        facts = whole.node("d2:v0").facts
        assert (facts["size"], facts["files"]) == (2, 1)
        assert ":" in str(facts["digest"])

    def test_lineage_refuses(self, catalog: Catalog) -> None:
        """A focus must exist, and look like one."""
        self.chain(catalog, 1)
        for focus in ("artifact:99", "run:zz"):
            with pytest.raises(NotFoundError):
                catalog.edges.lineage(focus=focus)
        for focus in ("d0:v0", "artifact:", "artifact:1e5", "artifact:-1", "artifact:" + "9" * 30, ""):
            with pytest.raises(InvalidValueError):
                catalog.edges.lineage(focus=focus)
        with pytest.raises(InvalidValueError):
            catalog.edges.lineage(focus="run:r0", up=-1)
        assert catalog.edges.lineage("nothing here").nodes == ()

    def test_ancestry(self, catalog: Catalog) -> None:
        """All that a version was made from, and nothing made from it; the same as the graph's upstream part."""
        made = self.chain(catalog, 6)
        ids = [version.id for version in made]
        assert list(catalog.edges.ancestry(ids[3])) == sorted(ids[:4])
        graph = catalog.edges.lineage(focus=f"artifact:{ids[5]}", up=None, down=0)
        upstream = [node.sequence for node in graph.nodes if node.kind == "artifact"]
        assert sorted(upstream) == list(catalog.edges.ancestry(ids[5]))
        with pytest.raises(NotFoundError, match="999999"):
            catalog.edges.ancestry(999_999)

    def test_stale(self, catalog: Catalog) -> None:
        """A newer input makes all that was made from it stale, also from outside the slice."""
        made = self.chain(catalog, 4)
        assert all(node.stale == "" for node in catalog.edges.lineage("p").nodes)
        catalog.versions.publish(publication("new", name="d0"))
        part = catalog.edges.lineage(focus=f"artifact:{made[3].id}", up=0, down=0)
        assert part.nodes[0].stale == "made from d2:v0, which is itself out of date"
        whole = {node.label: node.stale for node in catalog.edges.lineage("p").nodes}
        assert whole["d1:v0"] == "made from d0:v0; d0:v1 is newer"
        assert whole["d0:v0"] == whole["d0:v1"] == ""
        assert catalog.edges.stale([made[3].id, made[0].id]) == {made[3].id: part.nodes[0].stale}
        assert set(catalog.edges.stale_of("p")) == {made[1].id, made[2].id, made[3].id}
        assert catalog.edges.stale_of("elsewhere") == {}
        catalog.runs.start(run("redo"))
        catalog.edges.use("redo", catalog.versions.resolve("p", "d0", "latest").id)
        catalog.versions.publish(publication("c1", name="d1", run_id="redo"))
        assert all(node.stale == "" for node in catalog.edges.lineage("p").nodes if node.label != "d0:v0")

    def test_stale_by_a_changed_cell(self, catalog: Catalog) -> None:
        """A cell run again with another source makes its newest version, and what was made from it, stale."""
        cell = CellOrigin("nb.ipynb", "c1", 1, "%%log_artifact raw\nx = 1")
        elsewhere = CellOrigin("other.ipynb", "c1", 1, "x = 2")
        catalog.runs.start(run("r1", origin=cell))
        raw = catalog.versions.publish(publication("raw", name="raw", run_id="r1")).version
        catalog.runs.start(run("r2"))
        catalog.edges.use("r2", raw.id)
        catalog.versions.publish(publication("net", name="net", run_id="r2"))

        def stale() -> dict[str, str]:
            return {node.label: node.stale for node in catalog.edges.lineage("p").nodes if node.kind == "artifact"}

        same = replace(cell, source="%%log_artifact  raw\n\nx = 1  # as it was\n")
        for number, origin in enumerate((elsewhere, same, replace(cell, source=""), CellOrigin(source="x = 3"))):
            catalog.runs.start(run(f"other{number}", origin=origin))
            catalog.runs.change(f"other{number}", RunChanges(state="finished"))
        assert set(stale().values()) == {""}
        catalog.runs.start(run("r3", origin=replace(cell, source="%%log_artifact raw\nx = 1 / 0"), name="again"))
        assert set(stale().values()) == {""}, "it is still running"
        catalog.runs.change("r3", RunChanges(state="failed"))
        assert stale() == {
            "raw:v0": "its cell has changed since, and was run as again (failed)",
            "net:v0": "made from raw:v0, which is itself out of date",
        }
        catalog.runs.start(run("r4", origin=replace(cell, source="%%log_artifact raw\nx = 2")))
        catalog.versions.publish(publication("more", name="raw", run_id="r4"))
        catalog.runs.change("r4", RunChanges(state="finished"))
        assert stale() == {"raw:v0": "", "raw:v1": "", "net:v0": "made from raw:v0; raw:v1 is newer"}

    def test_training_on_is_not_stale(self, catalog: Catalog) -> None:
        """A version made from the one before it, of the same name, is up to date."""
        first = catalog.versions.publish(publication("epoch 1", name="net")).version
        catalog.runs.start(run())
        catalog.edges.use("r1", first.id)
        catalog.versions.publish(publication("epoch 2", name="net", run_id="r1"))
        assert [node.stale for node in catalog.edges.lineage("p").nodes] == ["", "", ""]
