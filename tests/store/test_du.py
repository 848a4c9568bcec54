"""Where the bytes are: shares add up, and deleting frees what was foretold."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from jupyter_artifacts.store.records import RunFile
from jupyter_artifacts.testing.publications import run
from jupyter_artifacts.testing.stores import log_files
from tests.store.test_gc import on_disk

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


def test_shares_of_artifacts_and_versions(store: Store) -> None:
    shared = {f"{n}": bytes([n]) * 1000 for n in range(10)}
    log_files(store, "a", shared | {"only0": b"0" * 5000})
    log_files(store, "a", shared | {"only1": b"1" * 7000, "again": b"1" * 7000})
    log_files(store, "b", shared)
    found = store.du()
    a, b = found.artifacts
    assert (a.name, b.name, a.project) == ("a", "b", "p")
    v0, v1 = a.versions
    assert (v0.name, v0.files, v0.size) == ("a:v0", 11, 15_000)
    assert (v1.name, v1.files, v1.size) == ("a:v1", 12, 24_000)
    manifests = v0.unique - 5000
    assert 0 < manifests < 1500, "its root and its shard are its own"
    assert v1.stored - 17_000 == v1.unique - 7000, "a file that is in it twice is stored once"
    assert v0.shared == v1.shared == b.shared == 10_000
    assert a.unique == v0.unique + v1.unique
    assert a.stored == a.unique + 10_000
    assert b.unique == b.stored - 10_000
    assert found.size == 15_000 + 24_000 + 10_000
    assert found.stored == a.unique + b.unique + 10_000
    assert (found.unreferenced, found.trash, found.leftovers) == (0, 0, 0)
    assert found.blob_files == on_disk(store)
    assert found.blob_files + found.catalog <= found.on_disk


def test_what_is_unique_is_what_deleting_frees(store: Store) -> None:
    for number in range(3):
        log_files(store, "a", {"same": b"s" * 20_000, "own": bytes([number]) * 30_000})
    unique = store.du().artifacts[0].versions[0].unique
    first = store.catalog.versions.resolve("p", "a", "v0")
    root = store.catalog.blobs.find([first.root])[first.root].size
    store.catalog.versions.delete(first.id)
    assert store.du().unreferenced == unique - root, "a deleted version keeps its root"
    assert store.gc(now=True).deleted_bytes == unique - root


def test_runs_drafts_and_leftovers_have_their_lines(store: Store) -> None:
    store.catalog.runs.start(run())
    with closing(store.session()) as session:
        file = session.put_bytes(b"of a run")
        store.catalog.runs.add_files("r1", [RunFile("f", file.digest, 8)], session.seal())
        session.put_bytes(b"never" * 100)
        session.seal()
    with closing(store.session()) as session:
        session.put_bytes(b"checkpoint")
        session.checkpoint()
    found = store.du()
    assert (found.artifacts, found.stored, found.unreferenced) == ((), 18, 10)
    assert 500 <= found.leftovers < 1000
