"""What reaches the store when it fails now and then, and how late."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreFullError
from jupyter_artifacts.model.jsonable import loads
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import NewRun, RunChanges
from jupyter_artifacts.tracking import writer as module
from jupyter_artifacts.tracking.writer import RunWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.store.store import Store


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(open_store()) as store:
        store.catalog.runs.start(NewRun("one", "p", "some-name", started_at=1.0))
        yield store


@pytest.fixture
def writer(store: Store) -> RunWriter:
    return RunWriter(store, "one", lambda: RunChanges(summary={"x": 1}))


def rows(store: Store) -> list[object]:
    found: list[object] = []
    for chunk in store.catalog.runs.history("one"):
        part = loads(chunk.rows)
        assert isinstance(part, list)
        assert len(part) == chunk.count
        found += part
    return found


def failing(times: int, honest: Callable[..., object]) -> Callable[..., object]:
    """Return a call that finds the disk full some times, then works."""
    left = [times]

    def call(*arguments: object) -> object:
        if left[0]:
            left[0] -= 1
            raise StoreFullError("the disk is full")
        return honest(*arguments)

    return call


def test_rows_that_could_not_be_written_go_with_the_next_flush_in_order(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.catalog.runs, "append_history", failing(2, store.catalog.runs.append_history))
    for i in range(3):
        writer.add({"i": i})
        if i < 2:
            with pytest.raises(StoreFullError):
                writer.flush()
    writer.flush()
    assert rows(store) == [{"i": 0}, {"i": 1}, {"i": 2}]


def test_a_chunk_whose_answer_was_lost_is_not_written_twice(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = store.catalog.runs.append_history

    def lost(*arguments: object) -> None:
        honest(*arguments)  # type: ignore[arg-type]  # passed on as they came
        raise StoreFullError("written, but nobody heard")

    with monkeypatch.context() as patched:
        patched.setattr(store.catalog.runs, "append_history", lost)
        writer.add({"i": 0})
        with pytest.raises(StoreFullError):
            writer.flush()
    writer.add({"i": 1})
    writer.flush()
    assert rows(store) == [{"i": 0}, {"i": 1}]


def test_pictures_that_could_not_be_written_are_kept(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(store.catalog.runs, "add_files", failing(1, store.catalog.runs.add_files))
        writer.put("a.png", b"a")
        with pytest.raises(StoreFullError):
            writer.flush()
        writer.put("b.png", b"b")
        writer.flush()
    assert [(file.path, store.read(file.digest, file.path)) for file in store.catalog.runs.files("one")] == [
        ("a.png", b"a"),
        ("b.png", b"b"),
    ]


def test_changes_that_could_not_be_written_are_tried_again(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.catalog.runs, "change", failing(1, store.catalog.runs.change))
    writer.touch()
    with pytest.raises(StoreFullError):
        writer.flush()
    writer.flush()
    assert store.catalog.runs.get("one").summary == {"x": 1}


def test_many_pictures_at_once_do_not_wait_in_memory(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 10)
    writer.put("a", b"x" * 8)
    assert store.catalog.runs.files("one") == ()
    writer.put("b", b"y" * 8)
    assert [file.path for file in store.catalog.runs.files("one")] == ["a", "b"]


def test_long_histories_are_cut_into_chunks(store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 4)
    for i in range(10):
        writer.add({"i": i})
    writer.flush()
    assert [chunk.count for chunk in store.catalog.runs.history("one")] == [4, 4, 2]
    assert rows(store) == [{"i": i} for i in range(10)]


def test_the_thread_brings_rows_within_a_moment_and_beats(
    store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LATENESS", 0.05)
    monkeypatch.setattr(module, "HEARTBEAT", 0.2)
    writer.start()
    writer.add({"i": 0})
    wait_for(lambda: bool(rows(store)))
    wait_for(lambda: store.catalog.runs.get("one").heartbeat_at > 1.0)
    writer.stop()
    assert rows(store) == [{"i": 0}]


@pytest.mark.filterwarnings("ignore:run one cannot be written for now:UserWarning")
def test_the_thread_outlives_a_failure(store: Store, writer: RunWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LATENESS", 0.05)
    monkeypatch.setattr(store.catalog.runs, "append_history", failing(1, store.catalog.runs.append_history))
    writer.start()
    writer.add({"i": 0})
    time.sleep(0.3)
    writer.add({"i": 1})
    wait_for(lambda: len(rows(store)) == 2)
    writer.stop()
    assert rows(store) == [{"i": 0}, {"i": 1}]


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
