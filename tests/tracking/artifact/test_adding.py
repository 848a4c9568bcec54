"""Adding again: what is unchanged is not read, what changed is, and nothing is believed that is not so."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.store import proofs, sources
from jupyter_artifacts.store.local_session import LocalSession
from jupyter_artifacts.tracking import progress
from jupyter_artifacts.tracking.artifact import adding, scan
from jupyter_artifacts.tracking.messages import last_logged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Source, Taken
    from jupyter_artifacts.tracking.progress import State


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of files that have come to rest: to the cache, the clock is an hour ahead."""
    made = tmp_path / "data"
    for i in range(20):
        path = made / f"d{i % 3}" / f"{i:03}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % i * 100)
    honest = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: honest() + 3_600_000_000_000)
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of files that are read."""
    names: list[str] = []
    honest = LocalSession.put_files

    def put_files(self: LocalSession, sources: Sequence[Source]) -> list[Taken]:
        names.extend(os.path.basename(source.path) for source in sources)  # noqa: PTH119  as it was given
        return honest(self, sources)

    monkeypatch.setattr(LocalSession, "put_files", put_files)
    return names


def log(folder: Path, name: str = "data") -> ja.Artifact:
    with ja.init(project="p") as run:
        artifact = ja.Artifact(name, "dataset")
        artifact.add_dir(folder)
        return run.log_artifact(artifact)


def test_an_unchanged_folder_is_not_read_again(folder: Path, read: list[str]) -> None:
    first = log(folder)
    assert len(read) == 20
    read.clear()
    assert log(folder).version == first.version == "v0"
    assert read == []
    event = last_logged()
    assert event is not None
    assert event.new_bytes == 0


@pytest.mark.parametrize("change", ["content", "same size and time", "new inode", "touched"])
def test_what_changed_in_any_way_is_read(folder: Path, read: list[str], change: str) -> None:
    log(folder)
    read.clear()
    victim = folder / "d1" / "004"
    facts, before = victim.stat(), victim.read_bytes()
    if change == "content":
        victim.write_bytes(b"other")
    elif change == "same size and time":
        victim.write_bytes(bytes(reversed(before[:-1])) + b"!")
        os.utime(victim, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    elif change == "new inode":
        victim.rename(folder.parent / "old")
        victim.write_bytes(before)
        os.utime(victim, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    else:
        os.utime(victim)
    again = log(folder)
    assert read == ["004"]
    assert again.version == ("v1" if change in {"content", "same size and time"} else "v0")
    with again.open("d1/004") as file:
        assert file.read() == victim.read_bytes()


def test_new_removed_and_excluded_files(folder: Path, read: list[str], tmp_path: Path) -> None:
    log(folder)
    (folder / "d0" / "new").write_bytes(b"new")
    (folder / "d0" / "000").unlink()
    read.clear()
    artifact = log(folder)
    assert read == ["new"]
    assert "d0/000" not in artifact.manifest
    target = tmp_path / "out"
    artifact.download(str(target))
    assert {p.name for p in target.rglob("*") if p.is_file()} == {p.name for p in folder.rglob("*") if p.is_file()}


def test_a_folder_under_a_name_is_known_without_it(folder: Path, read: list[str]) -> None:
    log(folder)
    read.clear()
    artifact = ja.Artifact("other", "dataset")
    artifact.add_dir(folder, name="in/side")
    assert read == []
    assert artifact.manifest["in/side/d0/000"].size == 100


def test_a_young_file_is_read_again(folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    young = (folder / "d0" / "000").stat().st_mtime_ns
    monkeypatch.setattr(time, "time_ns", lambda: young)
    log(folder)
    read.clear()
    log(folder)
    assert len(read) == 20


def test_on_a_shared_disk_the_inode_says_nothing_and_rest_takes_longer(
    folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "file_system", lambda _: "nfs4")
    honest = sources.facts_of
    inode = iter(range(10**6))
    monkeypatch.setattr(scan, "facts_of", lambda facts: (*honest(facts)[:3], next(inode)))
    log(folder)
    read.clear()
    log(folder)
    assert read == []
    (folder / "d0" / "000").write_bytes(b"other")
    monkeypatch.setattr(time, "time_ns", lambda: (folder / "d0" / "000").stat().st_mtime_ns + 60 * 10**9)
    log(folder)
    log(folder)
    assert read.count("000") == 2


def test_one_big_file_is_not_read_again(folder: Path, read: list[str]) -> None:
    big = folder / "big"
    big.write_bytes(os.urandom(300_000))

    def once() -> ja.Artifact:
        with ja.init(project="p") as run:
            return run.log_artifact(str(big), name="big", type="model")

    first = once()
    assert read == ["big"]
    read.clear()
    assert once().version == first.version
    assert read == []
    big.write_bytes(os.urandom(300_000))
    assert once().version == "v1"
    assert read == ["big"]


def store_files() -> list[Path]:
    root = Path(".jupyter_artifacts")
    return [path for kind in ("packs", "blobs") for path in (root / kind).rglob("*") if path.is_file()]


def rot(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("proved", [False, True])
def test_damage_is_found_and_healed_by_logging_again(
    folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, proved: bool
) -> None:
    if proved:
        monkeypatch.setattr(adding, "_WORTH_A_PROOF", 1)
    log(folder)
    log(folder)
    for path in store_files():
        rot(path)
    read.clear()
    again = log(folder)
    assert read
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with again.open(str(path.relative_to(folder))) as file:
                assert file.read() == path.read_bytes()


def test_the_cache_may_be_lost(folder: Path, read: list[str]) -> None:
    log(folder)
    for path in Path(".jupyter_artifacts").glob("cache.db*"):
        path.write_bytes(b"noise" * 500)
    read.clear()
    assert log(folder).version == "v0"
    assert len(read) == 20


class Questions:
    """Counts how many digests the catalog is asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        honest = LocalSession.reuse

        def reuse(session: LocalSession, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
            self.count += len(digests)
            return honest(session, digests)

        monkeypatch.setattr(LocalSession, "reuse", reuse)


def test_many_files_are_known_by_a_proof(folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "_WORTH_A_PROOF", 1)
    log(folder)
    read.clear()
    asked = Questions(monkeypatch)
    log(folder)
    assert (read, asked.count) == ([], 1)
    (folder / "new").write_bytes(b"new")
    log(folder)
    log(folder)
    assert (read, asked.count) == (["new"], 3)


@pytest.mark.parametrize("why", ["condemned", "root unknown", "stamp changed", "file gone"])
def test_a_proof_that_does_not_hold_asks_for_each_blob(
    folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setattr(adding, "_WORTH_A_PROOF", 1)
    log(folder)
    read.clear()
    if why == "condemned":
        honest = LocalSession.__init__

        def later(session: LocalSession, *given: Any) -> None:
            honest(session, *given)
            session.condemn_seq += 1

        monkeypatch.setattr(LocalSession, "__init__", later)
    elif why == "root unknown":
        monkeypatch.setattr(proofs, "Digest", lambda _: bytes(32))
    else:
        for path in store_files():
            if why == "file gone":
                path.rename(path.with_suffix(".away"))
            else:
                os.utime(path)
    asked = Questions(monkeypatch)
    again = log(folder)
    assert asked.count >= 20
    assert bool(read) == (why == "file gone")
    assert again.version == "v0"


def test_a_draft_can_still_be_edited_and_moved(
    folder: Path, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(folder)
    read.clear()
    with ja.init(project="p") as run:
        artifact = ja.Artifact("data", "dataset")
        artifact.add_dir(folder)
        with artifact.new_file("d0/000", mode="a") as file:
            file.write("more")
        run.log_artifact(artifact)
    assert read == []
    with artifact.open("d0/000") as stored:
        assert stored.read() == b"0" * 100 + b"more"
    with ja.init(project="p") as run:
        draft = ja.Artifact("data", "dataset")
        draft.add_dir(folder)
    monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", str(tmp_path / "elsewhere"))
    with ja.init(project="p") as run:
        moved = run.log_artifact(draft)
        assert (tmp_path / "elsewhere" / "catalog.db").exists()
        assert moved.manifest.entries.keys() >= {"d0/000"}
        with moved.open("d1/001") as stored:
            assert stored.read() == b"1" * 100


def test_files_taken_over_from_another_version(folder: Path) -> None:
    first = log(folder)
    draft = first.new_draft()
    with draft.new_file("more") as file:
        file.write("more")
    with ja.init(project="p") as run:
        second = run.log_artifact(draft)
    assert second.version == "v1"
    with second.open("d0/000") as stored:
        assert stored.read() == b"0" * 100


class Told:
    """A display that remembers what it was shown."""

    def __init__(self) -> None:
        self.states: list[State] = []

    def show(self, state: State, /) -> None:
        self.states.append(state)

    def close(self) -> None:
        self.states.append(self.states[-1])


def test_progress_counts_every_file_and_every_byte_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "big").write_bytes(os.urandom(5 << 20))
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    told = Told()
    stop = progress.on_progress(lambda: told)
    log(folder)
    stop()
    last = told.states[-1]
    assert (last.files, last.size) == (last.all_files, last.all_size) == (21, 2000 + (5 << 20) + 1000)
    assert last.what == "adding data"
    assert len({state.size for state in told.states}) > 5


def test_what_an_interrupted_log_has_hashed_is_known_to_the_next(
    folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "CHUNK_FILES", 5)
    honest = LocalSession.put_files

    def put_files(session: LocalSession, sources: Sequence[Source]) -> list[Taken]:
        if len(read) >= 10:
            raise KeyboardInterrupt
        taken = honest(session, sources)
        session.checkpoint()
        return taken

    with monkeypatch.context() as patched:
        patched.setattr(LocalSession, "put_files", put_files)
        with pytest.raises(KeyboardInterrupt):
            log(folder)
    assert len(read) == 10
    log(folder)
    assert len(read) == 20
