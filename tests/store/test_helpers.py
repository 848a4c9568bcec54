"""Threads that cannot start, or die before their first step: every place that wants one goes on without."""

from __future__ import annotations

import _thread
import errno
import os
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import flushing
from jupyter_artifacts.store.helpers import begin
from jupyter_artifacts.store.locks import FileLock, NeverCameError
from jupyter_artifacts.store.records import NewRun, RunChanges
from jupyter_artifacts.tracking import writer as writing
from jupyter_artifacts.tracking.writer import RunWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


def refused(*_: object) -> int:
    """Do as the system does that has no room for a thread's stack."""
    raise RuntimeError("can't start new thread")


def stillborn(*_: object) -> int:
    """Do as a thread that finds no memory for its first step: it lets go of what it was given."""
    return 4711


@pytest.fixture(params=[refused, stillborn])
def no_threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no thread come up, in either of the two ways."""
    monkeypatch.setattr(_thread, "start_new_thread", request.param)


def test_a_helper_lives_until_its_work_is_done() -> None:
    go, seen = threading.Event(), list[int]()

    def work() -> None:
        go.wait(20)
        seen.append(threading.get_ident())

    helper = begin(work)
    assert helper is not None
    assert (helper.alive, helper.wait(0.01)) == (True, False)
    go.set()
    assert helper.wait(20)
    assert (seen, helper.alive) == ([helper.ident], False)


@pytest.mark.usefixtures("no_threads")
def test_without_threads_all_files_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / str(number) for number in range(20)]
    for path in paths:
        path.write_bytes(b"x")
    flushed: list[int] = []
    monkeypatch.setattr(os, "fdatasync", lambda fd: flushed.append(os.fstat(fd).st_ino))
    flushing.flush_files(str(path) for path in paths)
    assert sorted(flushed) == sorted(path.stat().st_ino for path in paths)


def test_a_thread_that_dies_while_it_flushes_fails_the_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had begun counts as not flushed, even if it can say nothing any more."""
    main = threading.get_ident()
    begun = threading.Event()

    def act(_: str) -> None:
        if threading.get_ident() == main:
            assert begun.wait(20)
        else:
            begun.set()
            _thread.exit()

    def no_word(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(flushing, "_AT_ONCE", 2)
    monkeypatch.setattr(flushing._Crew, "_note", no_word)
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    with pytest.raises(OSError, match="a thread ended while it flushed") as told:
        flushing._side_by_side(act, list("abcdef"))
    assert told.value.errno == errno.EIO


@pytest.mark.usefixtures("no_threads")
def test_without_threads_a_busy_lock_is_still_waited_for_and_given_up(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with FileLock(path).held(1, pytest.fail):
        began = time.monotonic()
        with pytest.raises(NeverCameError), FileLock(path).held(0.5, lambda: None):
            pytest.fail("another holds it")
        assert 0.5 <= time.monotonic() - began < 5
    with FileLock(path).held(1, pytest.fail):
        pass


@pytest.mark.usefixtures("no_threads")
def test_without_threads_a_busy_lock_comes_when_it_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    first = FileLock(path)
    with first.held(1, pytest.fail):
        until = time.monotonic() + 0.3
        turns: list[bool] = []

        def let_go() -> None:
            if time.monotonic() > until and not turns:
                turns.append(True)
                (tmp_path / "lock").rename(path + ".old")  # another file is another lock

        with FileLock(path).held(20, lambda: None, let_go):
            assert turns == [True]


@pytest.mark.usefixtures("no_threads")
def test_without_threads_rows_are_stored_while_they_come_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LATENESS", 0.05)
    store.catalog.runs.start(NewRun("one", "p", "some-name", started_at=1.0))
    writer = RunWriter(store, "one", lambda: RunChanges(summary={"x": 1}))
    writer.start()
    for number in range(3):
        time.sleep(0.06)
        writer.add({"i": number})
    assert [chunk.count for chunk in store.catalog.runs.history("one")] == [1, 1, 1]
    writer.stop()
    assert writer._helper is None or not writer._helper.alive


@pytest.mark.usefixtures("no_threads")
def test_without_threads_many_big_files_are_logged(store: Store) -> None:
    with closing(store.session()) as session:
        digests = [session.put_bytes(b"%d" % number * 1_500_000).digest for number in range(6)]
        store.catalog.blobs.replace(session.seal())
    assert [store.read(digest, "it")[:1] for digest in digests] == [b"%d" % number for number in range(6)]
    assert store.verify(data=True) == []


def failing(times: int) -> Callable[[int], None]:
    """Return an fdatasync that fails a few times."""
    left = [times]

    def fdatasync(_: int) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(errno.EIO, "I/O error")

    return fdatasync


@pytest.mark.usefixtures("no_threads")
def test_without_threads_a_failed_flush_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(store.session()) as session:
        for number in range(6):
            session.put_bytes(b"%d" % number * 1_500_000)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", failing(1))
            with pytest.raises(StoreError, match="I/O error"):
                session.seal()
    assert store.verify() == []
