"""How much is asked of the bucket, and what the read cache keeps."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.errors import ForkedStoreError
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.remote.fetching import GAP, runs
from jupyter_artifacts.store.remote.near import Near, limit_of
from jupyter_artifacts.testing.memory import MemoryIndex

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from tests.servers.faulty import Faulty


def folder_of(folder: Path, count: int) -> Path:
    """Make a folder of small files and a big one."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}").write_bytes(number.to_bytes(4, "big") * 500)
    (folder / "big").write_bytes(os.urandom(3_000_000))
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of some files."""
    return folder_of(tmp_path / "data", 30)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder of many files."""
    return folder_of(tmp_path / "many", 3000)


def log(store: Store, data: Path) -> Artifact:
    """Log a folder through the public API."""
    with wandb.init(project="p", store=store.location) as run:
        artifact = wandb.Artifact("data", "dataset")
        artifact.add_dir(str(data))
        return run.log_artifact(artifact)


def cache_of(store: Store) -> Path:
    return Path(store.root, "read")


def drop_cache(store: Store) -> None:
    """Delete the read cache."""
    for path in cache_of(store).rglob("*"):
        if path.is_file():
            path.unlink()


def test_what_is_unchanged_is_not_uploaded_again(proxy: Faulty, store: Store, many: Path) -> None:
    """Two objects for 3001 files; then a look at each of them; then, on another machine, the same."""
    time.sleep(2.1)  # the stat cache believes only what had come to rest
    log(store, many)
    assert len([path for method, path in proxy.requests if method in {"PUT", "POST"} and "store.json" not in path]) == 2
    for _ in range(2):
        proxy.requests.clear()
        assert log(store, many).version == "v0"
        assert proxy.counts.keys() == {"HEAD"}
        assert proxy.counts["HEAD"] <= 5
    (many / "0007").write_bytes(b"other")
    proxy.requests.clear()
    assert log(store, many).version == "v1"
    assert proxy.counts["PUT"] == 1
    assert proxy.counts["POST"] == proxy.counts["GET"] == 0
    for path in Path(store.root).glob("cache.db*"):
        path.unlink()
    drop_cache(store)
    proxy.requests.clear()
    assert log(store, many).version == "v1"
    assert proxy.counts.keys() == {"HEAD"}, "without marks, as on a new machine: looked at, not fetched"


def test_a_download_asks_for_whole_packs(proxy: Faulty, store: Store, many: Path, tmp_path: Path) -> None:
    artifact = log(store, many)
    drop_cache(store)
    proxy.requests.clear()
    folder = Path(artifact.download(str(tmp_path / "out")))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in many.iterdir()
    }
    assert proxy.counts["GET"] <= 5
    proxy.requests.clear()
    artifact.download(str(tmp_path / "again"))
    assert proxy.requests == [], "from the cache"


def test_one_file_costs_one_request_and_its_neighbours_none(proxy: Faulty, store: Store, many: Path) -> None:
    artifact = log(store, many)
    drop_cache(store)
    with artifact.open("0000") as file:  # also reads the manifest
        file.read()
    proxy.requests.clear()
    version = store.catalog.versions.resolve("p", "data", "latest")
    names = {blob_entry.digest: blob_entry.path for blob_entry in store.manifest(version)}
    packed = sorted((int(b.place.split("@")[1]), b.digest) for b in store.catalog.blobs.all() if "@" in b.place)
    for _, digest in packed[1000:1200]:
        with artifact.open(names[digest]) as file:
            assert file.read() == (many / names[digest]).read_bytes()
    assert proxy.counts["GET"] <= 2


@pytest.mark.parametrize("what", ["deleted", "rotten", "cut", "a folder"])
def test_the_cache_is_never_believed(store: Store, data: Path, what: str) -> None:
    artifact = log(store, data)
    for path in list(cache_of(store).rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            path.unlink()
            if what == "rotten":
                path.write_bytes(bytes(len(content)))
            elif what == "cut":
                path.write_bytes(content[: len(content) // 2])
            elif what == "a folder":
                path.mkdir()
    for name in ("0000", "0029", "big"):
        with artifact.open(name) as file:
            assert file.read() == (data / name).read_bytes()
    assert Path(artifact.download()).joinpath("big").read_bytes() == (data / "big").read_bytes()


def test_the_cache_stays_below_its_limit(tmp_path: Path) -> None:
    near = Near(str(tmp_path / "read"), "blake3", 1_000_000)
    assert near.keeps(250_000)
    assert not near.keeps(250_001)
    for number in range(30):
        near.keep(f"{number:020}", 0, memoryview(os.urandom(100_000)))
        os.utime(tmp_path / "read" / "packs" / f"{number:020}.pack", (number, number))
    near.trim()
    left = sorted(path.name for path in (tmp_path / "read" / "packs").iterdir())
    assert len(left) <= 10
    assert left[-1] == f"{29:020}.pack", "what was used last stays"
    assert [limit_of(text) for text in (None, "", "12", "much")] == [10 << 30, 10 << 30, 12, 10 << 30]


def test_a_full_disk_only_costs_the_cache(store: Store, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = log(store, data)
    drop_cache(store)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Near, "part", full)
    monkeypatch.setattr("jupyter_artifacts.store.remote.near.write_all", full)
    assert Path(artifact.download()).joinpath("big").read_bytes() == (data / "big").read_bytes()


def test_without_a_cache(own: str, data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_BYTES", "0")
    with open_store(own) as store:
        artifact = log(store, data)
        folder = Path(artifact.download(str(tmp_path / "out")))
        assert len(list(folder.iterdir())) == 31
        assert [path for path in cache_of(store).rglob("*") if path.is_file()] == []


def test_runs_join_what_lies_near() -> None:
    def blob(offset: int, size: int) -> tuple[int, Stored]:
        digest: Digest = bytes(32)  # type: ignore[assignment]  # any
        return offset, Stored(digest, size, Place(f"{'a' * 20}@{offset}"))

    few = [blob(0, 10), blob(100, 10), blob(100 + GAP * 2, 10)]
    assert [(run.begin, run.end, len(run.blobs)) for run in runs("p", few)] == [
        (0, 110, 2),
        (100 + GAP * 2, 110 + GAP * 2, 1),
    ]
    most = [blob(0, GAP * 3), blob(GAP * 4, GAP * 3)]
    assert [(run.begin, run.end) for run in runs("p", most)] == [(0, GAP * 7)], "more than half: all that lies between"
    big = [blob(at << 20, 1 << 20) for at in range(20)]
    assert [run.end - run.begin for run in runs("p", big)] == [8 << 20, 8 << 20, 4 << 20]


def test_workers_pack_for_a_bucket(store: Store, data: Path) -> None:
    with wandb.init(project="p", store=store.location) as run, ProcessPoolExecutor(2) as workers:
        artifact = wandb.Artifact("data", "dataset")
        artifact.add_dir(str(data), executor=workers)
        logged = run.log_artifact(artifact)
    assert logged.digest == log(store, data).digest
    assert store.verify(data=True) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_reads_what_is_here_and_is_told_of_the_rest(store: Store, data: Path) -> None:
    artifact = log(store, data)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with artifact.open("0000") as file:
                assert file.read() == (data / "0000").read_bytes()
            drop_cache(store)
            try:
                artifact.open("0029")
            except ForkedStoreError as error:
                code = 0 if re.search("spawn", str(error)) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_packs_are_of_64_mib(blobs: RemoteBlobs) -> None:
    session = blobs.session(MemoryIndex())
    assert (session.job().pack_bytes, session.job().durable) == (64 << 20, False)
    session.close()
