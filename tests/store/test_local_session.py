"""A session's work in the large: batches, checkpoints, logs that are cut short and begun again."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import FileChangedError, MissingFileError, SpecialFileError, StoreError, UsageError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import copying, filling, intake, local_session, packs, staging
from jupyter_artifacts.store.packing import pack_files
from jupyter_artifacts.store.sources import look
from tests.store.session_files import begin, finish, make_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Taken
    from jupyter_artifacts.store.store import Store

FEW_MB = 4 << 20


class TestBatches:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Turn the limits down, so that a few files pass them all."""
        monkeypatch.setattr(filling, "BUFFER", 40_000)
        monkeypatch.setattr(filling, "SMALL", 10_000)
        monkeypatch.setattr(intake, "SMALL", 10_000)
        monkeypatch.setattr(packs, "FULL", 150_000)
        monkeypatch.setattr(local_session, "PACKED_BYTES", 20_000)

    def test_many_files_fill_several_packs(self, store: Store, tmp_path: Path) -> None:
        sources = make_files(tmp_path / "s", 200, 3000)
        session = begin(store)
        taken = session.put_files(sources)
        sealed = {blob.digest: blob for blob in session.seal()}
        session.close()
        assert len({blob.place.partition("@")[0] for blob in sealed.values()}) == 4
        for source, one in zip(sources, taken, strict=True):
            assert store.blobs.read(sealed[one.digest]) == Path(source.path).read_bytes()
            assert one.size == 3000
        for pack in Path(store.root, "packs").iterdir():
            assert packs.check_pack(str(pack), store.algorithm)[1] == []

    def test_only_unknown_bytes_are_written(self, store: Store, tmp_path: Path) -> None:
        """Every other file of a buffer is known: the rest is written in many short stretches."""
        sources = make_files(tmp_path / "s", 60, 3000)
        session = begin(store)
        session.put_files(sources[::2])
        assert finish(store, session) == 30 * 3000
        session = begin(store)
        taken = session.put_files(sources)
        assert finish(store, session) == 30 * 3000
        assert len(session_packs(store)) == 2
        for source, one in zip(sources, taken, strict=True):
            assert store.read(one.digest, "it") == Path(source.path).read_bytes()

    def test_bytes_files_and_folders_mixed(self, store: Store, tmp_path: Path) -> None:
        """Whatever comes in whatever order, every blob is readable at once and after sealing."""
        chance = random.Random(7)  # noqa: S311  as above
        session = begin(store)
        put: dict[Digest, bytes] = {}
        for number in range(120):
            data = chance.randbytes(chance.choice([0, 1, 900, 9_999, 10_000, 10_001, 19_999, 25_000, 39_999]))
            if chance.random() < 0.2 and put:
                data = chance.choice(list(put.values()))
            path = tmp_path / f"{number}"
            path.write_bytes(data)
            how = chance.choice(["bytes", "file", "files", "owned", "seal", "checkpoint"])
            if how == "files":
                digest = session.put_files([look(str(path))])[0].digest
            elif how == "owned":
                owned = session.scratch() / "f"
                owned.write_bytes(data)
                digest = session.put_file(owned, owned=True).digest
            elif how == "file":
                digest = session.put_file(path).digest
            else:
                digest = session.put_bytes(data).digest
            put[digest] = data
            if how == "seal":
                session.seal()
            if how == "checkpoint":
                session.checkpoint()
            with session.open(chance.choice(list(put))) as file:
                assert file.read() in put.values()
        finish(store, session)
        assert {digest: store.read(digest, "it") for digest in put} == put
        assert all(digest_of(data, store.algorithm) == digest for digest, data in put.items())


def session_packs(store: Store) -> list[Path]:
    """Return the files of all packs."""
    return sorted(Path(store.root, "packs").iterdir())


def test_a_file_that_cannot_be_taken_is_named_and_the_session_goes_on(store: Store, tmp_path: Path) -> None:
    sources = make_files(tmp_path / "s", 10, 100)
    session = begin(store)
    Path(sources[4].path).unlink()
    with pytest.raises(MissingFileError, match="00004"):
        session.put_files(sources)
    os.mkfifo(sources[4].path)
    with pytest.raises(SpecialFileError, match="00004"):
        session.put_files(sources)
    taken = session.put_files(sources[:4] + sources[5:])
    assert finish(store, session) == 900
    assert [store.read(one.digest, "it") for one in taken[:2]] == [
        Path(source.path).read_bytes() for source in sources[:2]
    ]


def test_a_file_that_keeps_changing_is_refused_by_name_in_a_batch(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = make_files(tmp_path / "s", 5, 1000)
    real = os.readv

    def readv(fd: int, rooms: tuple[memoryview]) -> int:
        count = real(fd, rooms)
        if Path(f"/proc/self/fd/{fd}").readlink().name == "00003":
            Path(sources[3].path).write_bytes(os.urandom(1000))
            time.sleep(copying.TICK_NS / 1e9)
        return count

    monkeypatch.setattr(os, "readv", readv)
    session = begin(store)
    with pytest.raises(FileChangedError, match="00003"):
        session.put_files(sources)
    session.close()


def test_young_files_cost_no_waiting(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written a moment ago are read twice; sleeping for each would take 11 ms a file."""
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("slept"))
    (tmp_path / "s").mkdir()
    contents = [b"%d" % number * 100 for number in range(50)]
    session = begin(store)
    for number, content in enumerate(contents):
        path = tmp_path / "s" / str(number)
        path.write_bytes(content)
        (taken,) = session.put_files([look(str(path))])
        assert taken.digest == digest_of(content, store.algorithm)
    finish(store, session)


class TestBigFiles:
    def copies(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Count the bytes that are copied in."""
        copied: list[int] = []
        real = copying.write_all

        def write_all(fd: int, data: bytes | memoryview) -> None:
            copied.append(len(data))
            real(fd, data)

        monkeypatch.setattr(staging, "write_all", write_all)
        return copied

    def test_what_is_probably_known_is_hashed_before_it_is_copied(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copied = self.copies(monkeypatch)
        (source,) = make_files(tmp_path / "s", 1, 3_000_000)
        session = begin(store)
        session.put_file(source.path)
        session.put_file(source.path)
        session.seal()
        time.sleep(0.02)
        assert finish(store, session) == sum(copied) == 3_000_000
        session = begin(store)
        session.put_file(source.path)
        digest = session.put_files([source])[0].digest
        assert session.reused == (digest,)
        assert finish(store, session) == 0
        assert sum(copied) == 3_000_000

    def test_another_file_of_a_known_size_is_stored(self, store: Store, tmp_path: Path) -> None:
        for seed in (1, 2):
            (source,) = make_files(tmp_path / "s", 1, 3_000_000, seed)
            session = begin(store)
            digest = session.put_file(source.path).digest
            assert finish(store, session) == 3_000_000
            assert store.read(digest, "it") == Path(source.path).read_bytes()

    def test_a_clone_is_hashed_where_there_are_clones(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copied = self.copies(monkeypatch)

        def clone(fd: int, target: int) -> bool:
            os.pwrite(target, os.pread(fd, 1 << 30, 0), 0)
            return True

        monkeypatch.setattr(staging, "clone", clone)
        (source,) = make_files(tmp_path / "s", 1, 3_000_000)
        session = begin(store)
        digest = session.put_file(source.path).digest
        assert finish(store, session) == 3_000_000
        assert copied == []
        assert store.read(digest, "it") == Path(source.path).read_bytes()

    def test_a_part_of_a_refused_file_is_removed(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (source,) = make_files(tmp_path / "s", 1, 3_000_000)
        moments = itertools.count(1)
        real = staging.Staging.copy

        def copy(here: staging.Staging, name: str, fd: int, path: str, size: int) -> Taken:
            taken = real(here, name, fd, path, size)
            os.utime(path, ns=(0, next(moments)))
            return taken

        monkeypatch.setattr(staging.Staging, "copy", copy)
        session = begin(store)
        with pytest.raises(FileChangedError):
            session.put_file(source.path)
        assert next(moments) == 3
        assert list(Path(store.root, "tmp", session.id).glob("*.part")) == []
        session.close()


class TestCheckpoints:
    def test_work_is_entered_as_it_goes_on(self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(local_session, "CHECKPOINT_BYTES", FEW_MB)
        sources = make_files(tmp_path / "s", 60, 200_000)
        session = begin(store)
        session.put_files(sources)
        entered = sum(blob.size for blob in store.catalog.blobs.all())
        assert 60 * 200_000 - 2 * FEW_MB - filling.BUFFER <= entered < 60 * 200_000
        assert finish(store, session) == 60 * 200_000 - entered
        assert len(session.reused) == entered // 200_000

    def test_slow_work_is_entered_after_some_seconds(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Time that passes between two cells is no work."""
        now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: now)
        sources = make_files(tmp_path / "s", 4, 400_000)
        session = begin(store)
        real = store.catalog.blobs.find

        def find(digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
            nonlocal now
            now += 6
            return real(digests)

        session.put_file(sources[0].path)
        now += 60
        session.put_file(sources[1].path)
        assert list(store.catalog.blobs.all()) == []
        with monkeypatch.context() as patch:
            patch.setattr(store.catalog.blobs, "find", find)
            patch.setattr(intake, "_HELD_PARTS", 1)
            session.put_file(sources[2].path)
        assert len(list(store.catalog.blobs.all())) == 3
        session.put_file(sources[3].path)
        assert len(list(store.catalog.blobs.all())) == 3
        session.close()

    def test_a_checkpoint_that_fails_ends_the_session(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        session = begin(store)
        session.put_bytes(b"x")
        with monkeypatch.context() as patch:
            patch.setattr(store.catalog.blobs, "replace", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                session.checkpoint()
        with pytest.raises(StoreError, match="ZeroDivisionError"):
            session.put_bytes(b"y")
        session.close()


LOGGER = """
import sys
from pathlib import Path
from jupyter_artifacts.store import local_session
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.sources import look
local_session.CHECKPOINT_BYTES = 4 << 20
sources = [look(str(path)) for path in sorted(Path(sys.argv[2]).rglob("*")) if path.is_file()]
session = open_store(sys.argv[1]).session()
for first in range(0, len(sources), 10):
    session.put_files(sources[first : first + 10])
    print(first + 10, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("size", [30_000, 600_000], ids=["small", "big"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_log_that_was_cut_short_goes_on_where_it_was(
    store: Store, tmp_path: Path, size: int, how: signal.Signals
) -> None:
    """Killed at 60 % of 60 MB, begun again: about 40 % is written."""
    total = 60_000_000
    sources = make_files(tmp_path / "s", total // size, size)
    child = subprocess.Popen(
        [sys.executable, "-c", LOGGER, store.root, str(tmp_path / "s")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    while int(child.stdout.readline()) < 0.6 * len(sources):
        pass
    child.send_signal(how)
    child.wait(60)  # before its input ends: it would end well by that
    child.communicate()
    assert child.returncode != 0
    before = bytes_written()
    session = begin(store)
    taken = session.put_files(sources)
    new = finish(store, session)
    assert new <= total * 0.55
    assert bytes_written() - before <= total * 0.6
    assert {one.digest for one in taken} <= {blob.digest for blob in store.catalog.blobs.all()}
    assert store.verify(data=True) == []


def bytes_written() -> int:
    """Return how many bytes this process has given to write calls."""
    facts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(facts["wchar"])


class TestAdopting:
    def test_what_is_known_is_not_kept_twice(self, store: Store, tmp_path: Path) -> None:
        sources = [*make_files(tmp_path / "s", 10, 1000), *make_files(tmp_path / "b", 2, 400_000, 5)]
        session = begin(store)
        session.adopt(pack_files(session.job(), sources))
        assert finish(store, session) == 10 * 1000 + 2 * 400_000
        packed, loose = len(session_packs(store)), len(list(Path(store.root, "blobs").glob("*/*")))
        session = begin(store)
        taken = session.adopt(pack_files(session.job(), sources))
        assert len(taken) == 12
        assert finish(store, session) == 0
        assert len(session_packs(store)) == packed
        assert len(list(Path(store.root, "blobs").glob("*/*"))) == loose

    def test_another_sessions_work_is_refused(self, store: Store, tmp_path: Path) -> None:
        first, second = begin(store), begin(store)
        packing = pack_files(first.job(), make_files(tmp_path / "s", 1, 10))
        with pytest.raises(UsageError, match="another session"):
            second.adopt(packing)
        first.close()
        second.close()

    def test_jobs_never_share_a_name(self, store: Store, tmp_path: Path) -> None:
        session = begin(store)
        sources = make_files(tmp_path / "s", 40, 1000)
        jobs = [session.job() for _ in range(20)]
        for number, job in enumerate(jobs):
            session.adopt(pack_files(job, sources[2 * number : 2 * number + 2]))
        session.put_bytes(b"own")
        assert finish(store, session) == 40_003
        assert len(session_packs(store)) == 21

    def test_a_worker_names_the_file_it_cannot_take(self, store: Store, tmp_path: Path) -> None:
        session = begin(store)
        sources = make_files(tmp_path / "s", 3, 10)
        Path(sources[1].path).unlink()
        with pytest.raises(MissingFileError, match="00001"):
            pack_files(session.job(), sources)
        session.close()
        assert list(Path(store.root, "tmp").iterdir()) == []


def test_the_end_frees_the_memory_and_the_descriptors(store: Store, tmp_path: Path) -> None:
    sources = make_files(tmp_path / "s", 10, 1000)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for end in range(3):
        session = begin(store)
        session.put_files(sources)
        if end == 0:
            session.seal()
        if end < 2:
            session.close()
        else:
            session._intake.settle()
            del session
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 3, "a cache, and nothing else"
    assert list(Path(store.root, "tmp").iterdir()) == []


def test_a_seal_that_was_interrupted_in_a_batch_gives_the_session_up(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two files of a batch may have lost track of one: nothing is published from there."""
    sources = make_files(tmp_path / "s", 10, 1000)
    real: Callable[[int], os.stat_result] = os.fstat
    calls = 0

    def fstat(fd: int) -> os.stat_result:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        return real(fd)

    session = begin(store)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", fstat)
        with pytest.raises(KeyboardInterrupt):
            session.put_files(sources)
    with pytest.raises(StoreError, match="KeyboardInterrupt"):
        session.seal()
    session.close()
    session = begin(store)
    session.put_files(sources)
    assert finish(store, session) == 10_000
