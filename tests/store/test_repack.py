"""Repacking: half-dead packs shrink, small loose files are packed, nothing else moves."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import blob_files
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.testing.stores import log_files, read_files
from tests.store.damage import flip
from tests.store.test_gc import on_disk
from tests.store.test_verify import digest_of_file

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


def half_dead(store: Store) -> None:
    """Leave a pack of which little lives."""
    log_files(store, "kept", {"k": b"k" * 100})
    gone = log_files(store, "gone", {str(n): bytes([n]) * 1000 for n in range(20)} | {"shared": b"s" * 100}).version
    log_files(store, "kept", {"k": b"k" * 100, "shared": b"s" * 100})
    store.catalog.versions.delete(gone.id)
    garbage = store.catalog.garbage
    named = {
        blob.digest
        for version in ("v0", "v1")
        for blob in [store.catalog.versions.resolve("p", "kept", version)]
        for blob in [*store.manifest(blob)]
    }
    loose = [blob for blob in store.catalog.blobs.all() if blob.size == 1000 and blob.digest not in named]
    garbage.condemn(loose, garbage.roots(), lambda _: frozenset())
    garbage.delete(float("inf"))
    garbage.purge(frozenset())


def test_a_sparse_pack_is_copied(store: Store) -> None:
    half_dead(store)
    before, packs = on_disk(store), len(list(blob_files.listing(store.root)))
    done = store.repack()
    assert (done.packs, done.loose) == (1, 0)
    assert done.freed == before - on_disk(store) > 19_000
    assert len(list(blob_files.listing(store.root))) == packs
    assert read_files(store, store.catalog.versions.resolve("p", "kept", "latest"))["shared"] == b"s" * 100
    assert store.verify(data=True) == []
    assert store.repack().packs == 0, "nothing is left to do"


def test_a_rotten_blob_stays_where_it_is_and_is_still_told(store: Store) -> None:
    half_dead(store)
    flip(store, digest_of_file(store, "kept", "shared"))
    before = on_disk(store)
    store.repack()
    assert on_disk(store) == before
    (problem,) = store.verify(data=True)
    assert problem.where == "kept:v1 file shared"


def test_what_an_open_draft_claims_keeps_its_pack(store: Store) -> None:
    half_dead(store)
    with closing(store.session()) as session:
        session.put_bytes(b"s" * 100)
        session.seal()
        store.repack()
        store.gc(now=True)
        assert session.reused == (digest_of(b"s" * 100, store.algorithm),)
    assert read_files(store, store.catalog.versions.resolve("p", "kept", "latest"))["shared"] == b"s" * 100
    assert store.verify(data=True) == []


def test_small_loose_files_of_an_old_store_are_packed(store: Store) -> None:
    """As the first release wrote them: each a file of its own."""
    blobs = []
    for number in range(100):
        data = f"{number}".encode() * 50
        digest, place = digest_of(data, store.algorithm), Place(f"{'a' * 20}{number:x}")
        path = Path(store.root, "blobs", digest.hex()[:2], f"{digest.hex()}.{place}")
        path.write_bytes(data)
        blobs.append(Stored(digest, len(data), place))
    store.catalog.blobs.replace(blobs)
    version = log_files(store, "old", {f"{n}": f"{n}".encode() * 50 for n in range(100)}).version
    before = on_disk(store)
    done = store.repack()
    assert done.loose == 100
    assert done.freed == before - on_disk(store)
    assert not list(Path(store.root, "blobs").glob("*/*"))
    assert len(os.listdir(os.path.join(store.root, "packs"))) <= 2  # noqa: PTH118, PTH208  plain
    assert len(read_files(store, version)) == 100
    assert store.verify(data=True) == []
