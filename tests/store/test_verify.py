"""Verify: what is wrong, by artifact, path and digest; a share of the bytes, oldest first; leftovers are no fault."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.store import blob_files
from jupyter_artifacts.testing.stores import log_files
from tests.store.damage import flip, lose

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


def digest_of_file(store: Store, name: str, path: str) -> Digest:
    """Return the digest of a logged file."""
    entry = store.manifest(store.catalog.versions.resolve("p", name, "latest")).get(path)
    assert entry is not None
    return Digest(entry.digest)


def test_rot_is_named_in_every_version_that_has_it(store: Store) -> None:
    files = {f"{k:03}": bytes([k]) * 100 for k in range(200)}
    log_files(store, "data", files)
    log_files(store, "data", files | {"more": b"m"})
    digest = digest_of_file(store, "data", "007")
    flip(store, digest)
    assert store.verify() == []
    found = store.verify(data=True)
    assert [problem.where for problem in found] == ["data:v0 file 007", "data:v1 file 007"]
    assert all(show(digest, store.algorithm)[:15] in problem.message for problem in found)
    assert found.hashed == found.size == sum(blob.size for blob in store.catalog.blobs.all())


def test_a_lost_pack_is_seen_at_a_glance(store: Store) -> None:
    log_files(store, "data", {"a": b"a", "big": b"b" * 300_000})
    lose(store, digest_of_file(store, "data", "a"))
    found = store.verify()
    assert [problem.kind for problem in found] == ["manifest", "blob", "blob", "blob"], "no manifest, no paths"
    assert found[0].where == "data:v0"


def test_a_blob_that_no_version_names_is_told_by_its_digest(store: Store) -> None:
    with closing(store.session()) as session:
        digest = session.put_bytes(b"checkpoint").digest
        session.checkpoint()
    flip(store, digest)
    (found,) = store.verify(data=True)
    assert (found.kind, found.where) == ("blob", show(digest, store.algorithm))


def test_a_blob_without_a_row_is_missing(store: Store) -> None:
    version = log_files(store, "data", {"a": b"a"}).version
    digest = digest_of_file(store, "data", "a")
    blob = store.catalog.blobs.find([digest])[digest]
    store.catalog.garbage.condemn([blob], store.catalog.garbage.roots(), lambda _: frozenset())
    store.catalog.garbage.delete(float("inf"))
    (found,) = store.verify()
    assert (found.kind, found.where) == ("missing", f"{version.label} file a")
    assert show(digest, store.algorithm) in found.message


def test_a_sample_takes_what_was_checked_longest_ago(store: Store) -> None:
    """Ten packs, a tenth each time: after ten times everything has been seen once."""
    for number in range(10):
        log_files(store, f"n{number}", {"x": bytes([number]) * 10_000})
    keys = {file.key for file in blob_files.listing(store.root)}
    assert len(keys) == 10
    for number in range(1, 11):
        found = store.verify(data=True, sample=0.1)
        assert found == []
        assert found.size / 10 <= found.hashed < found.size / 5
        assert len(store.catalog.garbage.checked()) == number
    before = store.catalog.garbage.checked()
    store.verify(data=True, sample=0.01)
    moved = {key for key, at in store.catalog.garbage.checked().items() if at != before[key]}
    assert moved == {min(before, key=lambda key: (before[key], key))}


def test_damaged_files_do_not_count_as_checked(store: Store) -> None:
    log_files(store, "good", {"x": b"x"})
    log_files(store, "bad", {"y": b"y"})
    flip(store, digest_of_file(store, "bad", "y"))
    assert len(store.verify(data=True)) == 1
    assert len(store.catalog.garbage.checked()) == 1


def test_time_that_is_over_ends_the_hashing_and_nothing_else(store: Store) -> None:
    for number in range(5):
        log_files(store, f"n{number}", {"x": bytes([number]) * 1000})
    found = store.verify(data=True, max_seconds=1e-9)
    assert 0 <= found.hashed < found.size
    lose(store, store.catalog.versions.resolve("p", "n0", "latest").root)
    assert store.verify(data=True, max_seconds=1e-9)[0].where == "n0:v0"


@pytest.mark.parametrize("bad", [{"sample": 0.0}, {"sample": 1.5}, {"sample": -1}, {"max_seconds": 0}])
def test_shares_and_times_that_make_no_sense(store: Store, bad: dict[str, float]) -> None:
    with pytest.raises(InvalidValueError, match="give a number above 0"):
        store.verify(data=True, **bad)  # type: ignore[arg-type]  # that is the test


def test_leftovers_are_told_and_are_no_fault(store: Store) -> None:
    log_files(store, "data", {"a": b"a"})
    with closing(store.session()) as session:
        session.put_bytes(b"never published" * 1000)
        session.seal()
        assert store.verify().leftovers == 0, "its writer lives"
    left = Path(store.root, "tmp", "0" * 20)
    left.mkdir()
    (left / "lock").touch()
    (left / "part").write_bytes(b"x" * 500)
    found = store.verify()
    assert found == []
    assert (found.leftovers, found.leftover_bytes > 15_500) == (2, True)
