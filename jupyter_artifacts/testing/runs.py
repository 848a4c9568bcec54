"""What every catalog must keep about runs, their history and their files."""
# ruff: noqa: S101  a test suite: it asserts

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError, UsageError
from jupyter_artifacts.store.records import (
    CellOrigin,
    HistoryChunk,
    Query,
    RunChanges,
    RunFile,
)
from jupyter_artifacts.testing.publications import blob, publication, run

if TYPE_CHECKING:
    from jupyter_artifacts.store.protocols import Catalog


class RunsContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    def test_runs(self, catalog: Catalog) -> None:
        """A run comes back as it began; numbers count per project."""
        origin = CellOrigin("nb.ipynb", "c1", 3, "x = '\ud800'")
        begun = catalog.runs.start(
            run(
                config={"lr": 0.1},
                tags=("b", "a", "b"),
                origin=origin,
                host="h",
                pid=7,
                group="g",
                notes="n\0",
                entity="e",
            )
        )
        assert (begun.id, begun.number, begun.name, begun.state) == ("r1", 1, "quiet-sea-1", "running")
        assert (begun.config, begun.summary, begun.tags, begun.origin) == ({"lr": 0.1}, {}, ("b", "a", "b"), origin)
        assert (begun.host, begun.pid, begun.group, begun.notes, begun.entity) == ("h", 7, "g", "n\0", "e")
        assert (begun.started_at, begun.ended_at, begun.exit_code) == (1_700_000_000.0, None, None)
        assert catalog.runs.get("r1") == begun
        assert catalog.runs.start(run("r2", name="mine")).name == "mine"
        assert catalog.runs.start(run("r3")).name == "quiet-sea-3"
        assert catalog.runs.start(run("r4", project="q")).name == "quiet-sea-1"
        with pytest.raises(UsageError, match="r1"):
            catalog.runs.start(run("r1"))
        with pytest.raises(NotFoundError, match="did you mean"):
            catalog.runs.get("r")

    def test_run_changes(self, catalog: Catalog) -> None:
        """None leaves a field; everything else is written."""
        catalog.runs.start(run(tags=("a",), config={"lr": 0.1}))
        changes = RunChanges(summary={"acc": math.nan}, state="finished", exit_code=0, ended_at=5.0, tags=())
        changed = catalog.runs.change("r1", changes)
        assert math.isnan(float(str(changed.summary["acc"])))
        assert (changed.state, changed.exit_code, changed.ended_at, changed.tags) == ("finished", 0, 5.0, ())
        assert (changed.config, changed.name) == ({"lr": 0.1}, "quiet-sea-1")
        assert catalog.runs.change("r1", RunChanges()) == changed
        with pytest.raises(NotFoundError):
            catalog.runs.change("r9", RunChanges(state="failed"))

    def test_runs_are_found_by_name(self, catalog: Catalog) -> None:
        """The newest of a name; a project's own."""
        catalog.runs.start(run("r1", name="twice"))
        catalog.runs.start(run("r2", name="twice"))
        assert catalog.runs.find("p", "twice").id == "r2"
        with pytest.raises(NotFoundError, match="did you mean 'twice'"):
            catalog.runs.find("p", "twise")
        with pytest.raises(NotFoundError):
            catalog.runs.find("q", "twice")

    def test_cached(self, catalog: Catalog) -> None:
        """Only a run that finished well answers for a key; the newest; a project's own."""
        for number in (1, 2, 3):
            begun = catalog.runs.start(run(f"r{number}", cache_key="k"))
            assert begun.cache_key == "k"
        assert catalog.runs.cached("p", "k") is None
        catalog.runs.change("r3", RunChanges(state="failed"))
        for name in ("r1", "r2"):
            catalog.runs.change(name, RunChanges(state="finished"))
        found = catalog.runs.cached("p", "k")
        assert found is not None
        assert found.id == "r2"
        assert catalog.runs.cached("q", "k") is None
        assert catalog.runs.cached("p", "other") is None
        assert catalog.runs.start(run("r4")).cache_key is None

    def test_pages_of_runs(self, catalog: Catalog) -> None:
        """Newest first, filtered."""
        for number in range(5):
            catalog.runs.start(run(f"r{number}", job_type="even" if number % 2 == 0 else "odd", tags=(f"t{number}",)))
        catalog.runs.change("r3", RunChanges(state="failed"))
        page = catalog.runs.page(Query(limit=2))
        assert ([r.id for r in page.rows], page.total) == (["r4", "r3"], 5)
        assert page.revision == catalog.revision()
        assert [r.id for r in catalog.runs.page(Query(job_type="odd")).rows] == ["r3", "r1"]
        assert [r.id for r in catalog.runs.page(Query(state="failed")).rows] == ["r3"]
        assert [r.id for r in catalog.runs.page(Query(tag="t1")).rows] == ["r1"]
        assert [r.id for r in catalog.runs.page(Query(text="SEA-2")).rows] == ["r1"]

    def test_history(self, catalog: Catalog) -> None:
        """Chunks come back in order, and twice appended is once there."""
        catalog.runs.start(run())
        chunks = [HistoryChunk(n, 2, f'[{{"_step":{2 * n}}},{{"_step":{2 * n + 1}}}]') for n in range(150)]
        for chunk in (*chunks, chunks[3]):
            catalog.runs.append_history("r1", chunk)
        assert list(catalog.runs.history("r1")) == chunks
        catalog.runs.rewind("r1", chunks[:1])
        catalog.runs.append_history("r1", chunks[1])
        assert list(catalog.runs.history("r1")) == chunks[:2]
        catalog.runs.rewind("r1", [])
        assert list(catalog.runs.history("r1")) == []
        with pytest.raises(NotFoundError):
            catalog.runs.append_history("r9", chunks[0])
        with pytest.raises(NotFoundError):
            catalog.runs.rewind("r9", [])
        with pytest.raises(NotFoundError):
            catalog.runs.history("r9")

    def test_run_files(self, catalog: Catalog) -> None:
        """Files by path; the newest of a path stays."""
        catalog.runs.start(run())
        one, two, three = blob("one"), blob("two"), blob("three")
        catalog.runs.add_files("r1", [RunFile("b", one.digest, 3), RunFile("a", two.digest, 3)], [one, two])
        catalog.runs.add_files("r1", [RunFile("b", three.digest, 5)], [three])
        assert catalog.runs.files("r1") == (RunFile("a", two.digest, 3), RunFile("b", three.digest, 5))
        assert set(catalog.blobs.find([one.digest, three.digest])) == {one.digest, three.digest}

    def test_deleting_a_run(self, catalog: Catalog) -> None:
        """It is gone with its history and edges; what it made stays, its id and number are not used again."""
        for run_id in ("r1", "r2"):
            catalog.runs.start(run(run_id, tags=("t",)))
        catalog.runs.append_history("r1", HistoryChunk(0, 1, "[{}]"))
        made = catalog.versions.publish(publication("one", run_id="r1")).version
        catalog.edges.use("r1", made.id)
        catalog.runs.delete("r1")
        with pytest.raises(NotFoundError, match="deleted"):
            catalog.runs.get("r1")
        with pytest.raises(NotFoundError):
            catalog.runs.delete("r1")
        with pytest.raises(UsageError):
            catalog.runs.start(run("r1"))
        assert [found.id for found in catalog.runs.page(Query()).rows] == ["r2"]
        assert catalog.versions.get(made.id).run_id is None
        assert catalog.edges.makers(made.id) == catalog.edges.users(made.id) == ()
        assert catalog.runs.start(run("r3")).number == len(("r1", "r2", "r3"))
