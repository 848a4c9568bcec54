"""The seam that magics and panels stand on, and runs that meet threads and a failing store."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import StoreFullError
from jupyter_artifacts.store.records import CellOrigin
from jupyter_artifacts.tracking.session import active_run, begin_cell_run, end_all, is_cell_run


def test_a_cells_run_knows_where_it_began_and_gives_way_to_the_run_before() -> None:
    outer = ja.init(project="p")
    origin = CellOrigin("nb.ipynb", "cell-1", 7, "x = 1")
    cell = begin_cell_run(job_type="load", config={"a": 1}, tags=["t"], origin=origin)
    assert (active_run(), is_cell_run(cell), is_cell_run(outer)) == (cell, True, False)
    cell.end("finished")
    assert active_run() is outer
    kept = ja.Api().run(cell.id)
    assert (kept.record.origin, kept.job_type, kept.config, kept.tags) == (origin, "load", {"a": 1}, ["t"])


def test_a_cells_run_without_another_uses_the_project_given() -> None:
    cell = begin_cell_run("q")
    cell.end("interrupted", "KeyboardInterrupt (line 3)")
    assert active_run() is None
    kept = ja.Api().run(cell.id)
    assert (kept.project, kept.state, kept.error) == ("q", "interrupted", "KeyboardInterrupt (line 3)")


def test_a_use_is_recorded_by_record_or_artifact() -> None:
    Path("f").write_text("x")
    with ja.init(project="p") as run:
        made = run.log_artifact("f", name="data", type="dataset")
    cell = begin_cell_run("p")
    cell.record_use(made)
    event_version = cell.store.catalog.versions.resolve("p", "data", "v0")
    cell.record_use(event_version)
    cell.end("finished")
    assert [a.name for a in ja.Api().run(cell.id).used_artifacts()] == ["data:v0"]


def test_end_all_ends_runs_that_are_not_active_too() -> None:
    first = ja.init(project="p")
    second = ja.init(project="p", reinit="create_new")
    end_all(ValueError("no"))
    states = {ja.Api().run(run.id).state for run in (first, second)}
    assert (states, active_run()) == ({"crashed"}, None)


def test_finish_can_be_called_again_when_the_disk_was_full(monkeypatch: pytest.MonkeyPatch) -> None:
    run = ja.init(project="p")
    run.log({"a": 1})
    with monkeypatch.context() as patched:
        patched.setattr(run.store.catalog.runs, "append_history", _full)
        patched.setattr(run.store.catalog.runs, "change", _full)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the thread may tell of it too
            with pytest.raises(StoreFullError):
                run.finish()
            assert active_run() is run
    run.finish()
    kept = ja.Api().run(run.id)
    assert (kept.state, kept.summary["a"], len(list(kept.scan_history()))) == ("finished", 1, 1)


def test_the_users_error_is_not_hidden_by_a_store_that_fails_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    run = ja.init(project="p")
    monkeypatch.setattr(run.store.catalog.runs, "change", _full)
    with pytest.warns(UserWarning, match="could not be finished"), pytest.raises(ZeroDivisionError), run:
        raise ZeroDivisionError
    assert active_run() is None


def _full(*_: object) -> None:
    raise StoreFullError("the disk is full")


def test_rows_and_versions_from_many_threads() -> None:
    with ja.init(project="p") as run:

        def work(number: int) -> None:
            for i in range(50):
                run.log({f"t{number}": i})
            for i in range(3):
                draft = ja.Artifact("data", type="dataset")
                with draft.new_file("f") as file:
                    file.write(f"{number} {i}")
                run.log_artifact(draft)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rows = list(ja.Api().run(run.id).scan_history())
    assert [row["_step"] for row in rows] == list(range(200))
    assert sorted(str(version.version) for version in ja.Api().artifacts("dataset", "p/data")) == sorted(
        f"v{i}" for i in range(12)
    )


def test_a_refused_log_leaves_the_draft_to_be_logged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with ja.init(project="p") as run:
        draft = ja.Artifact("data", type="dataset")
        with draft.new_file("a") as file:
            file.write("x")
        with monkeypatch.context() as patched:
            patched.setattr(run.store.catalog.versions, "publish", _full)
            with pytest.raises(StoreFullError):
                run.log_artifact(draft)
        assert draft.is_draft()
        with draft.new_file("b") as file:
            file.write("y")
        assert run.log_artifact(draft).file_count == 2
    assert ja.verify(data=True) == []
