"""A store as its users meet it."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from jupyter_artifacts.errors import CorruptError, InvalidValueError, UnsafePathError
from jupyter_artifacts.model.digest import Digest, digest_of, show
from jupyter_artifacts.model.manifest import Entry, Manifest
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Publication
from jupyter_artifacts.testing.rot import cut, flip, whereabouts
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.store import Store


def test_round_trip(store: Store, tmp_path: Path) -> None:
    files = {"a/b.bin": b"x" * 2_000_000, "a/c": b"", "d": b"x" * 2_000_000}
    version = log_files(store, "data", files).version
    assert read_files(store, version) == files
    entry = store.manifest(version).get("a/b.bin")
    assert entry is not None
    digest = Digest(entry.digest)
    with store.open(digest, "data:v0 file a/b.bin") as file:
        assert file.read() == files["a/b.bin"]
    assert store.places([digest, Digest(b"?" * 32)])[digest].size == 2_000_000
    store.copy_to(digest, tmp_path / "out", "data:v0 file a/b.bin")
    assert (tmp_path / "out").read_bytes() == files["a/b.bin"]
    assert store.manifest(version) is store.manifest(version)


def test_the_same_folder_gives_the_same_store(store: Store, tmp_path: Path) -> None:
    assert open_store(store.root) is store
    assert open_store(Path(store.root)) is store
    assert open_store(f"file://{store.root}") is store
    (tmp_path / "link").symlink_to(store.root)
    assert open_store(tmp_path / "link") is store
    found: list[Store] = []
    threads = [threading.Thread(target=lambda: found.append(open_store(store.root))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [store] * 8


def test_threads_open_a_new_store_once(tmp_path: Path) -> None:
    found: list[Store] = []
    threads = [threading.Thread(target=lambda: found.append(open_store(tmp_path / "new"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    found[0].close()


def test_rot_is_named_by_artifact_path_and_digest_and_heals(store: Store, tmp_path: Path) -> None:
    files = {"training.pt": b"t" * 5000, "other.pt": b"o"}
    version = log_files(store, "mnist-raw", files).version
    entry = store.manifest(version).get("training.pt")
    assert entry is not None
    digest = Digest(entry.digest)
    flip(store, digest)
    says = f"mnist-raw:v0 file training.pt ({show(digest, store.algorithm)})"
    for act in (
        lambda: store.read(digest, "mnist-raw:v0 file training.pt"),
        lambda: store.open(digest, "mnist-raw:v0 file training.pt"),
        lambda: store.copy_to(digest, tmp_path / "out", "mnist-raw:v0 file training.pt"),
    ):
        with pytest.raises(CorruptError) as caught:
            act()
        assert says in str(caught.value)
    assert not (tmp_path / "out").exists()
    other = store.manifest(version).get("other.pt")
    assert other is not None
    assert store.read(Digest(other.digest), "other") == b"o"
    assert store.verify() == [], "a quick look reads no data"
    (problem,) = store.verify(data=True)
    assert (problem.kind, problem.where) == ("blob", "mnist-raw:v0 file training.pt")
    assert str(problem).startswith("mnist-raw:v0 file training.pt: blob b")
    healed = log_files(store, "mnist-raw", files)
    assert not healed.created
    assert read_files(store, version) == files
    assert store.verify(data=True) == []


def test_verify_sees_lost_and_cut_files_without_reading_them(store: Store) -> None:
    version = log_files(store, "data", {"cut": b"c" * 2_000_000, "lost": b"l" * 2_000_000, "whole": b"w"}).version
    digests = {entry.path: Digest(entry.digest) for entry in store.manifest(version)}
    whereabouts(store, digests["lost"])[0].unlink()
    cut(store, digests["cut"])
    found = {problem.where: str(problem) for problem in store.verify()}
    assert set(found) == {"data:v0 file cut", "data:v0 file lost"}
    assert "1000000 bytes instead of 2000000" in found["data:v0 file cut"]
    assert "is missing" in found["data:v0 file lost"]


def test_a_rotten_manifest_is_named(store: Store) -> None:
    version = log_files(store, "data", {"a": b"1"}).version
    flip(store, version.root)
    with pytest.raises(CorruptError, match="data:v0 manifest"):
        store.manifest(version)
    (problem,) = [problem for problem in store.verify() if problem.kind == "manifest"]
    assert problem.where == "data:v0"
    log_files(store, "data", {"a": b"1"})
    assert read_files(store, version) == {"a": b"1"}


def forge(store: Store, root: bytes, shards: list[bytes], digest: Digest | None = None) -> VersionRecord:
    """Publish a version whose manifest is whatever an attacker wrote."""
    session = store.session()
    for shard in shards:
        session.put_bytes(shard)
    stored = session.put_bytes(root)
    wanted = digest or digest_of(b"ja-manifest-1\0" + root, store.algorithm)
    version = store.catalog.versions.publish(
        Publication(uuid.uuid4().hex, "p", "evil", "dataset", wanted, stored.digest, 1, 1, (), session.seal())
    ).version
    session.close()
    return version


def encoded(store: Store, entries: list[tuple[object, ...]]) -> tuple[bytes, list[bytes]]:
    """Encode entries with none of the checks."""
    shard = msgspec.msgpack.encode(entries)
    line = [entries[0][0], len(entries), 1, digest_of(shard, store.algorithm)]
    return msgspec.msgpack.encode([line]), [shard]


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/cron.d/x", "a/../../x", "..\\x", "C:/x", "a//b", "./a", "", ".", "a\0b", "e\u0301", "x" * 300],
)
def test_a_hostile_path_in_a_manifest_is_refused(store: Store, path: str) -> None:
    version = forge(store, *encoded(store, [(path, b"d" * 32, 1)]))
    with pytest.raises((UnsafePathError, CorruptError)):
        store.manifest(version)
    assert [problem.kind for problem in store.verify()] == ["manifest"]


@pytest.mark.parametrize("root", [b"", b"\xc1", b"\x93\x01\x02\x03", msgspec.msgpack.encode([["a", 1, 1, b"d" * 32]])])
def test_a_manifest_that_is_none_is_corrupt(store: Store, root: bytes) -> None:
    with pytest.raises(CorruptError):
        store.manifest(forge(store, root, []))


def test_a_manifest_in_another_order_is_corrupt(store: Store) -> None:
    digest = digest_of(b"x", store.algorithm)
    version = forge(store, *encoded(store, [("b", digest, 1), ("a", digest, 1)]))
    with pytest.raises(CorruptError, match="digest"):
        store.manifest(version)


def test_a_manifest_of_another_version_is_corrupt(store: Store) -> None:
    """The bytes are sound, but they are not what this version was logged under."""
    first = log_files(store, "data", {"a": b"1"}).version
    second = log_files(store, "data", {"a": b"2"}).version
    connection = sqlite3.connect(Path(store.root, "catalog.db"))
    connection.execute("UPDATE version SET root = ? WHERE id = ?", (first.root, second.id))
    connection.commit()
    connection.close()
    with pytest.raises(CorruptError, match="data:v1 manifest"):
        store.manifest(store.catalog.versions.get(second.id))


def test_a_manifest_that_names_the_catalogs_unknown(store: Store) -> None:
    manifest = Manifest([Entry("a", b"d" * 32, 1)]).encode(store.algorithm)
    version = forge(store, manifest.root, manifest.shards)
    with pytest.raises(CorruptError, match="does not know"):
        read_files(store, version)
    assert [problem.kind for problem in store.verify()] == ["missing"]


def test_a_manifest_of_many_shards(store: Store) -> None:
    session = store.session()
    digest = session.put_bytes(b"").digest
    manifest = Manifest(Entry(f"f/{number}", digest, 0) for number in range(20_000))
    named, root = store.put_manifest(session, manifest)
    sealed = session.seal()
    session.close()
    assert len(sealed) > 4
    version = store.catalog.versions.publish(
        Publication("c", "p", "many", "dataset", named, root, len(manifest), 0, (), sealed)
    ).version
    assert store.manifest(version).entries == manifest.entries


def test_sound_bytes_where_the_manifest_says_another_size(store: Store) -> None:
    session = store.session()
    digest = session.put_bytes(b"1234").digest
    session.seal()
    session.close()
    log_files(store, "data", {"x": b"1234"})
    manifest = Manifest([Entry("a", digest, 5)]).encode(store.algorithm)
    forge(store, manifest.root, manifest.shards)
    (problem,) = store.verify()
    assert "5 bytes in the manifest, 4 in the catalog" in str(problem)


def test_put_bytes_takes_bytes(store: Store) -> None:
    session = store.session()
    with pytest.raises(TypeError, match="not str"):
        session.put_bytes("text")  # type: ignore[arg-type]  # what a user may pass
    with pytest.raises(InvalidValueError, match="a folder"):
        session.put_file(store.root)
    session.close()
