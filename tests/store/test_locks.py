"""The queue of writers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store import locks
from jupyter_artifacts.store.locks import FileLock, NeverCameError, holders, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys, time
from jupyter_artifacts.store.locks import FileLock
with FileLock(sys.argv[1]).held(10, lambda: None):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "lock")


def holding(path: str, seconds: float) -> subprocess.Popen[str]:
    """Start a process that holds the lock; returns once it does."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, path, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process, if it lives, and wait for its end."""
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def other(path: str) -> Iterator[subprocess.Popen[str]]:
    process = holding(path, 60)
    yield process
    end(process)


def test_a_lock_is_free_again_after_use(path: str) -> None:
    lock = FileLock(path)
    for _ in range(3):
        with lock.held(0, pytest.fail) as left:
            assert left == 0


def test_threads_take_turns(path: str) -> None:
    lock, inside, most = FileLock(path), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with lock.held(30, lambda: None):
                inside += 1
                most = max(most, inside)
                time.sleep(0.0005)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


def test_waiting_for_another_process_ends_when_it_ends(path: str) -> None:
    process = holding(path, 0.3)
    begun = time.monotonic()
    with FileLock(path).held(30, pytest.fail):
        assert time.monotonic() - begun > 0.1
    end(process)


@pytest.mark.usefixtures("other")
def test_waiting_is_told_once_and_given_up(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "NOTICE_AFTER", 0.2)
    notices: list[float] = []
    lock = FileLock(path)
    for _ in range(2):
        notices.clear()
        begun = time.monotonic()
        with pytest.raises(NeverCameError), lock.held(0.6, lambda: notices.append(time.monotonic())):
            pytest.fail("somebody else holds it")
        assert len(notices) == 1
        assert 0.2 <= notices[0] - begun < 0.6 <= time.monotonic() - begun


def test_a_turn_that_was_given_up_does_not_block_those_after_it(path: str, other: subprocess.Popen[str]) -> None:
    lock = FileLock(path)
    with pytest.raises(NeverCameError), lock.held(0.1, lambda: None):
        pytest.fail("somebody else holds it")
    end(other)
    for _ in range(3):
        with FileLock(path).held(5, lambda: None):
            pass


@pytest.mark.usefixtures("other")
def test_an_interrupt_while_waiting_leaves_nothing_held(path: str) -> None:
    lock = FileLock(path)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "NOTICE_AFTER", 0.05)
        with pytest.raises(KeyboardInterrupt), lock.held(10, interrupt):
            pytest.fail("somebody else holds it")
    acquired = lock._queue.acquire(blocking=False)
    assert acquired
    lock._queue.release()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_forked_meanwhile_does_not_keep_it(path: str) -> None:
    """A DataLoader's worker, forked while another thread writes, lives on with a copy of the descriptor."""
    lock = FileLock(path)
    reader, writer = os.pipe()
    with lock.held(1, lambda: None):
        child = os.fork()
        if child == 0:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
    process = subprocess.run([sys.executable, "-c", HOLD, path, "0"], timeout=30, check=True, capture_output=True)
    assert process.stdout == b"held\n"
    os.close(writer)
    os.waitpid(child, 0)
    os.close(reader)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_forked_while_a_thread_holds_it_has_its_own_queue(path: str) -> None:
    lock = FileLock(path)
    lock._queue.acquire()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with lock.held(2, lambda: None):
                code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    lock._queue.release()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lists who holds a lock")
def test_the_holder_is_named(path: str, other: subprocess.Popen[str]) -> None:
    assert holders(path) == [other.pid]
    assert told([other.pid]).startswith(f"process {other.pid} (")
    assert holders(path + ".none") == []
    assert told([]) == "another program"


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    lock = FileLock(str(tmp_path / "nowhere" / "lock"))
    with pytest.raises(FileNotFoundError), lock.held(0, pytest.fail):
        pytest.fail("there is no such folder")
