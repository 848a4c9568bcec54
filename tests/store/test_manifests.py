"""Manifests in a store: a question reads the parts it needs, and a change writes the parts it touches."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.model.manifest import Entry, Manifest
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Publication
from jupyter_artifacts.testing.stores import log_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import Stored, VersionRecord
    from jupyter_artifacts.store.store import Store

COUNT = 30_000


def publish(store: Store, changed: int | None = None) -> tuple[VersionRecord, int]:
    """Log a version of many files, one of them changed; return it, and how many blobs were written."""
    manifest = Manifest(
        Entry(f"d{i % 97}/{i:06}.bin", digest_of(b"%d%d" % (i, i == changed), store.algorithm), 4096, "s3://b/k")
        for i in range(COUNT)
    )
    with contextlib.closing(store.session()) as session:
        digest, root = store.put_manifest(session, manifest)
        blobs = session.seal()
        published = store.catalog.versions.publish(
            Publication(
                commit_id=f"{changed}",
                project="p",
                name="many",
                type="dataset",
                digest=digest,
                root=root,
                files=len(manifest),
                size=manifest.size,
                aliases=("latest",),
                blobs=blobs,
            )
        )
    return published.version, len(blobs)


class Reads:
    """Counts the blobs that a store reads."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        honest = store.blobs.read

        def read(blob: Stored) -> bytes:
            self.count += 1
            return honest(blob)

        monkeypatch.setattr(store.blobs, "read", read)


def test_one_changed_file_writes_one_shard_and_the_root(store: Store) -> None:
    _, first = publish(store)
    _, second = publish(store, 12_345)
    assert first > 5
    assert second == 2


def test_one_path_reads_the_root_and_one_shard(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    version, _ = publish(store)
    store.close()
    again = open_store(store.root)
    reads = Reads(again, monkeypatch)
    entry = again.entry(version, "d9/012037.bin")
    assert entry is not None
    assert entry.digest == digest_of(b"120370", again.algorithm)
    assert reads.count == 2
    assert again.entry(version, "d9/012037.bin") == entry
    assert reads.count == 2
    assert again.entry(version, "before-all") is None
    assert reads.count == 2
    below = again.entries_below(version, "d17/")
    assert [e.path for e in below] == sorted(f"d17/{i:06}.bin" for i in range(COUNT) if i % 97 == 17)
    assert reads.count <= 6
    again.close()


def test_a_difference_reads_two_roots_and_the_shards_that_differ(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = publish(store)
    two, _ = publish(store, 777)
    reads = Reads(store, monkeypatch)
    found = store.difference(one, two)
    assert (found.added, found.removed) == ([], [])
    assert [(old.path, new.path) for old, new in found.changed] == [("d1/000777.bin", "d1/000777.bin")]
    assert reads.count == 4


def test_what_is_known_whole_is_not_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    version, _ = publish(store)
    whole = store.manifest(version)
    reads = Reads(store, monkeypatch)
    assert store.manifest(version) is whole
    assert store.entry(version, "d0/000000.bin") is whole.entries[0]
    assert len(store.entries_below(version, "d1/")) == 310
    assert reads.count == 0


def test_the_wrong_root_is_refused(store: Store) -> None:
    version, _ = publish(store)
    wrong = dataclasses.replace(version, digest=Digest(bytes(32)))
    for ask in (store.manifest, lambda v: store.entry(v, "a"), lambda v: store.entries_below(v, "a")):
        with pytest.raises(CorruptError, match="does not give the digest"):
            ask(wrong)


def test_remembered_manifests_are_few(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [log_files(store, "data", {"a": b"%d" % number}).version for number in range(40)]
    for version in versions:
        store.manifest(version)
    reads = Reads(store, monkeypatch)
    for version in versions[-32:]:
        store.manifest(version)
    assert reads.count == 0
    store.manifest(versions[0])
    assert reads.count == 2
