"""Bytes on their way to the disk."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import flushing
from jupyter_artifacts.store.flushing import EarlyWriting, flush_files, sync_folders

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


@pytest.mark.parametrize("count", [1, 3, 40])
def test_each_file_is_flushed_once_and_read_only(tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / str(number) for number in range(count)]
    for path in paths:
        path.write_bytes(b"x")
    flushed: list[int] = []
    threads: set[int] = set()

    def fdatasync(fd: int) -> None:
        flushed.append(os.fstat(fd).st_ino)
        threads.add(threading.get_ident())

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    flush_files(str(path) for path in paths)
    assert sorted(flushed) == sorted(path.stat().st_ino for path in paths)
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o444}
    assert threads <= {threading.get_ident()} or count > 3


def test_folders_are_synced_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr(flushing, "sync_folder", synced.append)
    sync_folders(["b", "a", "b", "c", "a", "d", "e"])
    assert sorted(synced) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("nth", [1, 6, 9])
def test_one_failed_flush_among_many_fails_the_seal(store: Store, nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when other threads have flushed theirs well."""
    session = store.session()
    for number in range(8):
        session.put_bytes(b"%d" % number * 1_500_000)
    session.put_bytes(b"small")
    calls = 0
    guard = threading.Lock()

    def fdatasync(_: int) -> None:
        nonlocal calls
        with guard:
            calls += 1
            if calls == nth:
                raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    with pytest.raises(StoreError, match="I/O error"):
        session.seal()
    with pytest.raises(StoreError, match="failed before"):
        session.seal()
    session.close()


def test_writing_begins_early_for_all_there_is_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "posix_fadvise", lambda _fd, offset, length, _advice: asked.append((offset, length)))
    early = EarlyWriting()
    for size in range(0, 50 << 20, 1 << 20):
        early.advance(7, size)
    assert asked == [(0, mib << 20) for mib in range(8, 50, 8)]
