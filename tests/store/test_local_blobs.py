"""Blobs on a disk: what the contract cannot say without one."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
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
from jupyter_artifacts.store import locks, packs, sessions
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.packs import read_index
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.testing.memory import MemoryIndex
from jupyter_artifacts.testing.rot import cut
from jupyter_artifacts.testing.stores import log_files

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return Path(store.blobs.path(blob))


BIG = b"x" * 2_000_000


def test_a_big_blob_is_read_only_and_named_by_its_digest(store: Store) -> None:
    blob = put(store, BIG)
    path = file_of(store, blob)
    assert path.parent.name == blob.digest.hex()[:2]
    assert path.name.startswith(blob.digest.hex() + ".")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_small_blobs_share_a_read_only_pack(store: Store) -> None:
    session = store.session()
    digests = [session.put_bytes(b"%d" % number).digest for number in range(100)]
    sealed = session.seal()
    session.close()
    assert [blob.digest for blob in sealed] == digests
    (path,) = {file_of(store, blob) for blob in sealed}
    assert path.parent.name == "packs"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert [line.digest for line in read_index(str(path), store.algorithm)] == digests
    assert [store.blobs.read(blob) for blob in sealed] == [b"%d" % number for number in range(100)]


def test_one_small_object_costs_two_flushes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack and its folder."""
    calls: list[int] = []
    for name in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, name, calls.append)
    session = store.session()
    session.put_bytes(b"x" * 1000)
    session.seal()
    session.close()
    assert len(calls) == 2


@pytest.mark.parametrize(
    "place",
    [
        "",
        "../../../etc/passwd",
        "/etc/passwd",
        "a" * 19,
        "A" * 20,
        "a" * 20 + "\n",
        "a" * 41,
        "../x@8",
        "a" * 20 + "@x",
    ],
)
def test_a_place_that_was_never_given_out_opens_nothing(store: Store, place: str, tmp_path: Path) -> None:
    blob = put(store, b"x")
    forged = Stored(blob.digest, blob.size, Place(place))
    with pytest.raises(CorruptError, match="none of this store's"):
        store.blobs.read(forged)
    with pytest.raises(CorruptError):
        store.blobs.copy_to(forged, tmp_path / "out")
    assert "none of this store's" in store.blobs.check(forged)


@pytest.mark.parametrize("data", [b"secret", BIG], ids=["packed", "loose"])
def test_a_link_in_a_blobs_place_is_not_followed(store: Store, tmp_path: Path, data: bytes) -> None:
    blob = put(store, data)
    path = file_of(store, blob)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CorruptError, match="cannot be read"):
        store.blobs.read(blob)
    session = store.session()
    assert session.reuse([blob.digest]) == {}
    session.close()


@pytest.mark.parametrize("offset", [0, 8, 9, 10**17])
def test_a_place_outside_its_pack_gives_nothing(store: Store, offset: int) -> None:
    """A hostile catalog gets neither other bytes nor gigabytes of memory."""
    blob = put(store, b"x" * 100)
    pack = blob.place.partition("@")[0]
    for size in (100, 99, 10**15, -1):
        if (offset, size) != (8, 100):
            forged = Stored(blob.digest, size, packs.place_of(pack, offset))
            with pytest.raises(CorruptError):
                store.blobs.read(forged)
            assert store.blobs.check(forged) != ""


def test_a_glance_at_a_pack(store: Store) -> None:
    assert isinstance(store.blobs, LocalBlobs)
    blob = put(store, b"x" * 100)
    assert store.blobs.glance(blob) == ""
    cut(store, blob.digest)
    assert "past the end of its pack" in store.blobs.glance(blob)
    file_of(store, blob).unlink()
    assert "is missing" in store.blobs.glance(blob)


def test_a_pack_that_was_moved_is_found_anew(store: Store) -> None:
    """Whoever has it open sees that it was removed, so that a reader asks where its blobs are now."""
    blob = put(store, b"x" * 100)
    assert store.blobs.read(blob) == b"x" * 100
    path = file_of(store, blob)
    (path.parent / ("f" * 30 + ".pack")).write_bytes(path.read_bytes())
    path.unlink()
    with pytest.raises(CorruptError, match="missing"):
        store.blobs.read(blob)
    store.catalog.blobs.replace([Stored(blob.digest, blob.size, packs.place_of("f" * 30, 8))])
    assert store.read(blob.digest, "it") == b"x" * 100


def test_few_packs_stay_open(store: Store) -> None:
    blobs = [put(store, b"%d" % number) for number in range(40)]
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert [store.blobs.read(blob) for blob in blobs] == [b"%d" % number for number in range(40)]
    assert 1 <= len(list(Path("/proc/self/fd").iterdir())) - before <= 16
    store.blobs.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    assert store.blobs.read(blobs[0]) == b"0"


def test_threads_read_more_packs_than_stay_open(store: Store) -> None:
    """A pack that one thread lets go is not closed under another."""
    blobs = [put(store, b"%d" % number * 1000) for number in range(24)]

    def read(first: int) -> bool:
        return all(
            store.blobs.read(blobs[number % 24]) == b"%d" % (number % 24) * 1000 for number in range(first, first + 240)
        )

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(read, range(0, 24, 4)))


def test_a_forked_child_reads_packs(store: Store) -> None:
    blob = put(store, b"x" * 100)
    assert store.blobs.read(blob) == b"x" * 100
    child = os.fork()
    if child == 0:
        os._exit(0 if store.blobs.read(blob) == b"x" * 100 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


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
    *((name, 1, errno.ENOSPC, StoreFullError) for name in ("write", "fdatasync", "rename", "fsync")),
    *((name, 3, errno.ENOSPC, StoreFullError) for name in ("write", "fdatasync", "rename", "fsync")),
    *((name, nth, errno.EIO, StoreError) for name in ("write", "fdatasync", "rename", "fsync") for nth in (1, 2)),
    ("write", 1, errno.EDQUOT, StoreFullError),
    ("write", 2, errno.EROFS, ReadOnlyStoreError),
    ("rename", 1, errno.EACCES, ReadOnlyStoreError),
]


NEW = {"a": b"new", "big": b"1" * 2_000_000, "bigger": b"2" * 2_100_000}
"""Written: a pack and two files; flushed: these three; renamed and their folders flushed: likewise."""


@pytest.mark.parametrize(("name", "nth", "code", "error"), FAULTS)
def test_each_failing_call_is_told_and_loses_nothing(
    store: Store, name: str, nth: int, code: int, error: type[Exception]
) -> None:
    before = log_files(store, "data", {"a": b"old"}).version
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, name, code, lambda call: call == nth)
        with pytest.raises(error) as caught:
            log_files(store, "data", NEW)
    if isinstance(caught.value, OSError):
        assert caught.value.errno == code
    assert store.root in str(caught.value)
    assert store.catalog.versions.resolve("p", "data", "latest") == before
    assert store.verify(data=True) == []
    assert log_files(store, "data", NEW).version.number == 1
    assert store.verify(data=True) == []


def test_a_full_disk_says_how_much_is_free_and_needed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = store.session()
    session.put_bytes(b"first")
    failing(monkeypatch, "write", errno.ENOSPC, lambda _: True)
    with pytest.raises(StoreFullError, match=r"full: .* free, 5\.0 MB needed; nothing was logged"):
        session.put_bytes(b"x" * 5_000_000)
    session.close()


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
        session.put_bytes(b"%d" % number * 2_000_000)
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
