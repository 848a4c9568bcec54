"""Repair: rotten and lost blobs come back from twins, from the user's files, from another store; the rest is told."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.store import repair
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.upkept import NothingKnown
from jupyter_artifacts.testing.stores import log_files, read_files
from tests.store.damage import flip, lose
from tests.store.test_verify import digest_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_artifacts.store.store import Store

FILES = {f"{k:02}": bytes([k]) * 1000 for k in range(40)} | {"big": b"b" * 9_000_000}


@pytest.fixture
def copy(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Return a second store with the same artifact, packed otherwise."""
    log_files(store, "data", FILES)
    with open_store(tmp_path / "copy") as other:
        log_files(other, "extra", {"x": b"x"})
        log_files(other, "data", dict(reversed(FILES.items())))
        yield other


def test_another_store_gives_back_what_is_lost(store: Store, copy: Store) -> None:
    version = store.catalog.versions.resolve("p", "data", "latest")
    flip(store, digest_of_file(store, "data", "big"))
    lose(store, version.root)
    found = store.verify(repair=copy)
    assert found == []
    assert found.repaired is not None
    assert found.repaired.lost == ()
    assert "data:v0" in found.repaired.healed
    assert found.repaired.sources == {repair.OTHER_STORE: len(FILES) + 2}
    assert read_files(store, version) == FILES
    assert store.verify(data=True) == []


def test_a_twin_in_the_store_is_found(store: Store) -> None:
    """Two writers of the same bytes leave two copies; the catalog names one, and that one rots."""
    version = log_files(store, "data", {"a": b"a" * 1000, "b": b"b"}).version
    session = store.blobs.session(NothingKnown())
    session.put_bytes(b"a" * 1000)
    session.seal()
    session.close()
    flip(store, digest_of_file(store, "data", "a"))
    found = store.verify(repair=True)
    assert found == []
    assert found.repaired is not None
    assert found.repaired.sources == {repair.TWIN: 1}
    assert read_files(store, version)["a"] == b"a" * 1000
    assert store.gc(now=True).deleted == 0
    assert store.verify(data=True) == []


def test_what_nobody_has_is_told_by_name(store: Store, copy: Store) -> None:
    log_files(store, "only-here", {"mine": b"mine" * 100, "both": FILES["01"]})
    for name in ("mine", "both"):
        flip(store, digest_of_file(store, "only-here", name))
    found = store.verify(repair=copy)
    assert [problem.where for problem in found] == ["only-here:v0 file mine"]
    assert found.repaired is not None
    assert found.repaired.healed == ("data:v0 file 01", "only-here:v0 file both")
    assert [line.split(":")[0] for line in found.repaired.lost] == ["only-here"]
    files = {"mine": b"mine" * 100, "both": FILES["01"]}
    log_files(store, "only-here", files)
    assert store.verify(data=True) == [], "logging the same bytes again heals"


def test_a_rotten_source_heals_nothing(store: Store, copy: Store) -> None:
    digest = digest_of_file(store, "data", "05")
    flip(store, digest)
    flip(copy, digest)
    found = store.verify(repair=copy)
    assert [problem.where for problem in found] == ["data:v0 file 05"]
    assert found.repaired is not None
    assert found.repaired.sources == {}


def test_a_store_of_another_algorithm_is_refused(store: Store, copy: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "algorithm", "sha256")
    with pytest.raises(UsageError, match="no digest in common"):
        store.verify(repair=copy)


def test_nothing_to_repair(store: Store) -> None:
    log_files(store, "data", {"a": b"a"})
    found = store.verify(repair=True)
    assert found == []
    assert found.repaired is not None
    assert (found.repaired.healed, found.repaired.lost, found.repaired.sources) == ((), (), {})


def test_the_files_it_was_logged_from(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the stat cache remembers is tried; a file that has changed since is not taken."""
    log_files(store, "data", {"a": b"a" * 1000, "b": b"b" * 1000})
    (tmp_path / "a").write_bytes(b"a" * 1000)
    (tmp_path / "b").write_bytes(b"changed")
    remembered = [(str(tmp_path / name), digest_of_file(store, "data", name)) for name in ("a", "b", "b")]
    remembered[2] = (str(tmp_path / "gone"), remembered[2][1])
    monkeypatch.setattr(store, "logged_from", lambda digests: [(path, d) for path, d in remembered if d in digests])
    for name in ("a", "b"):
        flip(store, digest_of_file(store, "data", name))
    found = store.verify(repair=True)
    assert [problem.where for problem in found] == ["data:v0 file b"]
    assert found.repaired is not None
    assert found.repaired.sources == {repair.LOGGED_FROM: 1}


def test_a_copy_of_the_folder_is_a_source_as_well(store: Store, tmp_path: Path) -> None:
    version = log_files(store, "data", FILES).version
    shutil.copytree(store.root, tmp_path / "backup")
    lose(store, version.root)
    with closing(open_store(tmp_path / "backup")) as backup:
        assert store.verify(repair=backup) == []
    assert read_files(store, version) == FILES
