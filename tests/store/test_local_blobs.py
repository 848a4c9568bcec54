"""Blobs on a disk: what the contract cannot say without one."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    CorruptError,
    ForkedStoreError,
    ReadOnlyStoreError,
    StoreError,
    StoreFullError,
    StoreGoneError,
    UnreadableFileError,
)
from jupyter_artifacts.store import locks, sessions
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.testing.memory import MemoryIndex
from jupyter_artifacts.testing.stores import log_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


def put(store: Store, data: bytes) -> Stored:
    """Log one blob; return it."""
    session = store.session()
    digest = session.put_bytes(data).digest
    store.catalog.blobs.replace(session.seal())
    session.close()
    return store.catalog.blobs.find([digest])[digest]


def file_of(store: Store, blob: Stored) -> Path:
    """Return a blob's file."""
    assert isinstance(store.blobs, LocalBlobs)
    from pathlib import Path

    return Path(store.blobs.path(blob))


def test_a_blob_is_read_only_and_named_by_its_digest(store: Store) -> None:
    blob = put(store, b"x" * 100)
    path = file_of(store, blob)
    assert path.parent.name == blob.digest.hex()[:2]
    assert path.name.startswith(blob.digest.hex() + ".")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize(
    "place", ["", "../../../etc/passwd", "/etc/passwd", "a" * 19, "A" * 20, "a" * 20 + "\n", "a" * 41]
)
def test_a_place_that_was_never_given_out_opens_nothing(store: Store, place: str, tmp_path: Path) -> None:
    blob = put(store, b"x")
    forged = Stored(blob.digest, blob.size, Place(place))
    with pytest.raises(CorruptError, match="none of this store's"):
        store.blobs.read(forged)
    with pytest.raises(CorruptError):
        store.blobs.copy_to(forged, tmp_path / "out")
    assert "none of this store's" in store.blobs.check(forged)


def test_a_link_in_a_blobs_place_is_not_followed(store: Store, tmp_path: Path) -> None:
    blob = put(store, b"secret")
    (tmp_path / "elsewhere").write_bytes(b"secret")
    path = file_of(store, blob)
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CorruptError, match="cannot be read"):
        store.blobs.read(blob)
    assert "bytes instead of 6" in LocalBlobs(store.root, store.algorithm).glance(blob)


def test_copying_replaces_a_link_and_never_writes_through_it(store: Store, tmp_path: Path) -> None:
    blob = put(store, b"new")
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    target = tmp_path / "target"
    target.symlink_to(victim)
    store.blobs.copy_to(blob, target)
    assert victim.read_bytes() == b"mine"
    assert not target.is_symlink()
    assert target.read_bytes() == b"new"


def test_copying_to_the_longest_name(store: Store, tmp_path: Path) -> None:
    store.blobs.copy_to(put(store, b"x"), tmp_path / ("n" * 255))
    assert (tmp_path / ("n" * 255)).read_bytes() == b"x"


def test_copying_into_a_folders_place_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "target" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="target"):
        store.blobs.copy_to(put(store, b"x"), tmp_path / "target")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "target"]


def failing(monkeypatch: pytest.MonkeyPatch, name: str, code: int, when: Callable[[int], bool]) -> None:
    """Let chosen calls of an os function fail as the system would."""
    real = getattr(os, name)
    calls = 0

    def call(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if when(calls):
            raise OSError(code, os.strerror(code))
        return real(*args, **more)

    monkeypatch.setattr(os, name, call)


FAULTS = [
    *(
        (name, nth, errno.ENOSPC, StoreFullError)
        for name in ("write", "fdatasync", "rename", "fsync")
        for nth in (1, 3)
    ),
    *((name, nth, errno.EIO, StoreError) for name in ("write", "fdatasync", "rename", "fsync") for nth in (1, 2)),
    ("write", 1, errno.EDQUOT, StoreFullError),
    ("write", 2, errno.EROFS, ReadOnlyStoreError),
    ("rename", 1, errno.EACCES, ReadOnlyStoreError),
]


@pytest.mark.parametrize(("name", "nth", "code", "error"), FAULTS)
def test_each_failing_call_is_told_and_loses_nothing(
    store: Store, name: str, nth: int, code: int, error: type[Exception]
) -> None:
    before = log_files(store, "data", {"a": b"old"}).version
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, name, code, lambda call: call == nth)
        with pytest.raises(error) as caught:
            log_files(store, "data", {"a": b"new", "b": b"b"})
    if isinstance(caught.value, OSError):
        assert caught.value.errno == code
    assert store.root in str(caught.value)
    assert store.catalog.versions.resolve("p", "data", "latest") == before
    assert store.verify(data=True) == []
    assert log_files(store, "data", {"a": b"new", "b": b"b"}).version.number == 1
    assert store.verify(data=True) == []


def test_a_full_disk_says_how_much_is_free_and_needed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "write", errno.ENOSPC, lambda _: True)
    with pytest.raises(StoreFullError, match=r"full: .* free, 5\.0 MB needed; nothing was logged"):
        put(store, b"x" * 5_000_000)


def test_a_full_disk_while_copying_out_names_the_targets_folder(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = put(store, b"x" * 2_000_000)
    (tmp_path / "out").mkdir()
    failing(monkeypatch, "write", errno.ENOSPC, lambda _: True)
    with pytest.raises(StoreFullError, match=r"out is full: .* free, 2\.0 MB needed") as caught:
        store.blobs.copy_to(blob, tmp_path / "out" / "f")
    assert caught.value.errno == errno.ENOSPC
    assert list((tmp_path / "out").iterdir()) == []


def test_a_session_whose_flush_failed_is_not_tried_again(store: Store) -> None:
    session = store.session()
    session.put_bytes(b"x")
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "fdatasync", errno.EIO, lambda _: True)
        with pytest.raises(StoreError):
            session.seal()
    with pytest.raises(StoreError, match="failed before"):
        session.seal()
    with pytest.raises(StoreError, match="log again"):
        session.put_bytes(b"y")
    session.close()


def test_a_file_that_failed_leaves_the_session_usable(store: Store, tmp_path: Path) -> None:
    session = store.session()
    (tmp_path / "big").write_bytes(b"x" * 1_000_000)
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "write", errno.ENOSPC, lambda _: True)
        with pytest.raises(StoreFullError):
            session.put_file(tmp_path / "big")
    session.put_file(tmp_path / "big")
    assert len(session.seal()) == 1
    session.close()


def test_an_interrupt_while_sealing_seals_nothing_half(store: Store) -> None:
    session = store.session()
    for number in range(5):
        session.put_bytes(b"%d" % number)
    real = os.rename
    with pytest.MonkeyPatch.context() as patch:
        calls: list[object] = []

        def rename(*args: str) -> None:
            calls.append(args)
            if len(calls) == 3:
                raise KeyboardInterrupt
            real(*args)

        patch.setattr(os, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            session.seal()
    with pytest.raises(StoreError, match="KeyboardInterrupt"):
        session.seal()
    session.close()


def test_a_store_that_went_away_under_a_session(store: Store, tmp_path: Path) -> None:
    session = store.session()
    session.put_bytes(b"x" * 1000)
    (tmp_path / "store").rename(tmp_path / "moved")
    with pytest.raises(StoreGoneError):
        session.seal()
    assert not (tmp_path / "store").exists()
    (tmp_path / "moved").rename(tmp_path / "store")
    session.close()


def test_a_missing_blob_in_a_missing_store(store: Store, tmp_path: Path) -> None:
    blob = put(store, b"x")
    (tmp_path / "store").rename(tmp_path / "moved")
    with pytest.raises(StoreGoneError, match="deleted, moved"):
        store.blobs.read(blob)
    (tmp_path / "moved").rename(tmp_path / "store")


def test_a_blob_that_may_not_be_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = put(store, b"x")
    failing(monkeypatch, "open", errno.EACCES, lambda _: True)
    with pytest.raises(UnreadableFileError, match="Permission denied"):
        store.blobs.read(blob)


def test_a_session_does_not_outlive_a_fork(store: Store) -> None:
    session = store.session()
    session.put_bytes(b"parent")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            session.put_bytes(b"child")
        except ForkedStoreError:
            session.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(session.seal()) == 1, "the child's close must not have taken the parent's files"
    session.close()


class TestSweeping:
    def dead(self, store: Store) -> str:
        """Leave a session's folder behind as a killed process does."""
        child = os.fork()
        if child == 0:
            session = store.blobs.session(MemoryIndex())
            session.put_bytes(b"x" * 9_000_000)
            (session.scratch() / "f").write_bytes(b"x")
            os._exit(0)
        os.waitpid(child, 0)
        (name,) = os.listdir(os.path.join(store.root, "tmp"))  # noqa: PTH118, PTH208  what is compared with
        return name

    def test_a_dead_session_is_swept_at_the_next_opening(self, store: Store) -> None:
        self.dead(store)
        LocalBlobs(store.root, store.algorithm)
        assert os.listdir(os.path.join(store.root, "tmp")) == []  # noqa: PTH118, PTH208  as above

    def test_a_living_session_is_left_alone(self, store: Store) -> None:
        session = store.session()
        session.put_bytes(b"x")
        LocalBlobs(store.root, store.algorithm)
        assert len(session.seal()) == 1
        session.close()

    def test_what_is_no_session_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "notes").mkdir()
        assert sessions.sweep(str(tmp_path)) == 0
        assert sessions.sweep(str(tmp_path / "nowhere")) == 0

    def test_a_sweeper_between_making_and_locking(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """The folder goes away under its maker, who then takes another."""
        tmp = os.path.join(store.root, "tmp")  # noqa: PTH118  what is passed on
        real = locks.open_lock
        opened: list[str] = []

        def open_lock(path: str) -> int:
            opened.append(path)
            if len(opened) == 1:
                monkeypatch.setattr(sessions, "open_lock", real)
                assert sessions.sweep(tmp) == 1
            return real(path)

        monkeypatch.setattr(sessions, "open_lock", open_lock)
        session = store.session()
        session.put_bytes(b"x")
        assert len(session.seal()) == 1
        session.close()
        assert len(opened) == 1


def test_big_known_files_leave_no_copy(store: Store, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 1_000_000)
    counts = []
    for _ in range(2):
        session = store.session()
        session.put_file(tmp_path / "big")
        session.put_file(tmp_path / "big")
        sealed = session.seal()
        counts.append(len(sealed))
        store.catalog.blobs.replace(sealed)
        session.close()
    assert counts == [1, 0]
    assert len(list((tmp_path / "store" / "blobs").glob("*/*"))) == 1
