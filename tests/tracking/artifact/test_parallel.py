"""add_dir with an executor: the same digest as without, every file checked, errors name the file and leave nothing."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import SpecialFileError, UsageError
from jupyter_artifacts.store.packing import pack_files
from jupyter_artifacts.tracking.artifact import adding, parallel, scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from jupyter_artifacts.store.packing import Packing, PackingJob
    from jupyter_artifacts.store.sources import Source

KINDS = ["threads", "fork", "spawn", "dask"]


@pytest.fixture(scope="module", params=KINDS)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Return two workers of each kind."""
    if request.param == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif request.param == "dask":
        distributed = pytest.importorskip("distributed")
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client.get_executor()
    else:
        with ProcessPoolExecutor(2, multiprocessing.get_context(request.param)) as processes:
            yield processes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of small files, repeats and a big one."""
    made = tmp_path / "data"
    for i in range(60):
        path = made / f"d{i % 3}" / f"{i:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % (i % 50) * 100)
    (made / "empty").write_bytes(b"")
    (made / "big").write_bytes(os.urandom(600_000))
    return made


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "CHUNK_FILES", 7)


def logged(folder: Path, executor: Executor | None) -> ja.Artifact:
    with ja.init(project="p") as run:
        artifact = ja.Artifact("data", "dataset")
        artifact.add_dir(folder, executor=executor)
        return run.log_artifact(artifact)


def test_the_digest_is_the_same_and_every_byte_is_there(
    executor: Executor, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_workers = logged(folder, executor)
    target = tmp_path / "out"
    with_workers.download(str(target))
    assert {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()} == {
        p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", str(tmp_path / "other"))
    assert logged(folder, None).digest == with_workers.digest


def test_what_is_known_is_not_given_out_again(executor: Executor, folder: Path) -> None:
    first = logged(folder, executor)
    (folder / "new").write_bytes(b"new")
    second = logged(folder, executor)
    assert (first.version, second.version) == ("v0", "v1")
    assert second.diff(first).removed == ("new",)
    with second.open("big") as file:
        assert file.read() == (folder / "big").read_bytes()


@pytest.mark.parametrize("fault", ["gone", "fifo", "unreadable"])
def test_an_error_in_a_worker_names_the_file_and_leaves_nothing(
    executor: Executor, folder: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged(folder, None)
    victim = folder / "d1" / "040.txt"
    (folder / "more").write_bytes(b"more")

    def scanned_before(root: str, **options: Any) -> scan.Scanned:
        """Scan, and only then let it happen."""
        found = scan.scan(root, **options)
        victim.unlink()
        if fault == "fifo":
            os.mkfifo(victim)
        elif fault == "unreadable":
            victim.symlink_to(victim.name)
        return found

    monkeypatch.setattr("jupyter_artifacts.store.stat_cache.StatCache.tree", lambda *_: None)
    monkeypatch.setattr("jupyter_artifacts.tracking.artifact.draft.scan", scanned_before)
    errors = {"gone": FileNotFoundError, "fifo": SpecialFileError, "unreadable": OSError}
    with ja.init(project="p") as run:
        artifact = ja.Artifact("data", "dataset")
        with pytest.raises(errors[fault], match=r"040\.txt"):
            artifact.add_dir(folder, executor=executor)
        assert not artifact.manifest.entries
        assert run.use_artifact("data:latest").version == "v0"


def test_workers_that_do_not_see_the_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(job: PackingJob, sources: Sequence[Source]) -> Packing:
        return pack_files(job._replace(root="/nowhere/store", folder="/nowhere/store/tmp/1"), sources)

    monkeypatch.setattr(parallel, "pack_files", elsewhere)
    with ThreadPoolExecutor(1) as pool, ja.init(project="p"):
        artifact = ja.Artifact("data", "dataset")
        with pytest.raises(UsageError, match="cannot see the store"):
            artifact.add_dir(folder, executor=pool)
        assert not artifact.manifest.entries


def test_a_folder_whose_own_name_is_not_utf8(executor: Executor, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff")
    odd.mkdir()
    (odd / "a").write_bytes(b"inside")
    with logged(odd, executor).open("a") as file:
        assert file.read() == b"inside"
