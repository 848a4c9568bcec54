"""The garbage collector on a real store: what goes, what stays, to the byte, beside writers, readers and kills."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError, StoreBusyError, StoreError, VanishedError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Entry, Manifest
from jupyter_artifacts.store import blob_files, leases, upkept
from jupyter_artifacts.store.gc import collect
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.rebuild import rebuild
from jupyter_artifacts.store.records import RunFile
from jupyter_artifacts.testing.publications import publication, run
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

BIG = b"b" * 300_000


def on_disk(store: Store) -> int:
    """Return the bytes of all packs and loose blobs."""
    return sum(blob_files.sizes(blob_files.listing(store.root)).values())


def a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the clock on."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 25 * 3600)


def test_nothing_goes_that_a_version_names(store: Store) -> None:
    version = log_files(store, "data", {"a": b"a", "big": BIG}).version
    before = on_disk(store)
    found = store.gc(now=True)
    assert (found.condemned, found.deleted, found.freed, found.files) == (0, 0, 0, 0)
    assert on_disk(store) == before
    assert read_files(store, version) == {"a": b"a", "big": BIG}


def test_a_deleted_version_goes_a_day_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = log_files(store, "data", {"a": b"a" * 1000, "c": b"c"}).version
    gone = log_files(store, "data", {"a": b"a" * 1000, "b": b"b" * 1000, "big": BIG}).version
    store.catalog.versions.delete(gone.id)
    first = store.gc()
    assert (first.condemned, first.waiting, first.deleted, first.freed) == (3, 3, 0, 0)
    assert first.condemned_bytes == first.waiting_bytes > 301_000
    assert first.undo_until is not None
    assert first.undo_until > time.time() + collect.GRACE - 60
    again = store.gc()
    assert (again.condemned, again.waiting, again.undo_until) == (0, 3, first.undo_until)
    a_day_later(monkeypatch)
    before = on_disk(store)
    last = store.gc()
    assert (last.condemned, last.waiting, last.undo_until, last.deleted) == (0, 0, None, 3)
    assert last.freed == before - on_disk(store) >= 300_000
    assert read_files(store, kept) == {"a": b"a" * 1000, "c": b"c"}
    assert store.verify(data=True) == []


@pytest.mark.parametrize("now", [True, False])
def test_a_dry_run_foretells_to_the_byte_and_does_nothing(store: Store, *, now: bool) -> None:
    for number in range(4):
        log_files(
            store, f"n{number}", {f"{k}": bytes([number, k]) * 500 for k in range(20)} | {"big": BIG + bytes([number])}
        )
    log_files(store, "mixed", {"x": bytes([0, 0]) * 500, "y": b"y"})
    for number in range(3):
        store.catalog.versions.delete(store.catalog.versions.resolve("p", f"n{number}", "latest").id)
    with closing(store.session()) as session:
        session.put_bytes(b"never published" * 100)
        session.seal()
    before = on_disk(store)
    told = store.gc(dry_run=True, now=now)
    assert on_disk(store) == before
    assert store.catalog.garbage.waiting().blobs == 0
    done = store.gc(now=now)
    assert told.dry_run
    for name in ("condemned_bytes", "deleted", "freed", "files", "repacked", "leftovers", "leftover_bytes", "waiting"):
        assert getattr(told, name) == getattr(done, name), name
    assert done.freed == before - on_disk(store)
    assert done.leftovers == 1
    assert done.freed > (800_000 if now else 1_000)
    assert store.verify(data=True) == []


def test_undo(store: Store) -> None:
    files = {"a": b"a", "big": BIG}
    version = log_files(store, "data", files).version
    store.catalog.versions.delete(version.id)
    store.gc()
    back = store.undelete(version.id)
    assert back.aliases == ("latest",)
    assert store.gc(now=True).deleted == 0
    assert read_files(store, back) == files
    store.catalog.versions.delete(version.id)
    store.gc(now=True)
    with pytest.raises(NotFoundError, match=r"data:v0 was deleted.*log them again"):
        store.undelete(version.id)


def test_references_to_other_artifacts_keep_their_bytes(store: Store) -> None:
    source = log_files(store, "source", {"a": BIG}).version
    entry = next(iter(store.manifest(source)))
    with closing(store.session()) as session:
        session.rely([Digest(entry.digest)])
        manifest = Manifest([Entry("linked", entry.digest, entry.size, f"wandb-artifact://{source.id:08x}/a")])
        digest, root = store.put_manifest(session, manifest)
        new = publication("x", name="user", digest=digest, root=root, blobs=session.seal(), reused=session.reused)
        user = store.catalog.versions.publish(new).version
    store.catalog.versions.delete(source.id)
    store.gc(now=True)
    assert read_files(store, user) == {"linked": BIG}


def test_files_of_runs_and_parts_stay(store: Store) -> None:
    store.catalog.runs.start(run())
    with closing(store.session()) as session:
        file, part = session.put_bytes(b"of the run"), session.put_bytes(b"in a part")
        digest, root = store.put_manifest(session, Manifest([Entry("x", part.digest, part.size)]))
        blobs = session.seal()
        store.catalog.runs.add_files("r1", [RunFile("f", file.digest, file.size)], blobs)
        store.catalog.parts.add("d", "p", "data", root, [], {})
    assert store.gc(now=True).deleted == 0
    assert store.read(file.digest, "f") == b"of the run"
    assert store.read(part.digest, "x") == b"in a part"
    assert digest != root


def test_expired_versions_go_only_when_told(store: Store) -> None:
    for name, ttl in (("old", 10), ("kept", 0)):
        log_files(store, name, {"a": name.encode() * 1000}, ttl=ttl, created_at=1000.0)
    found = store.gc(now=True)
    assert (found.expired, found.deleted) == (1, 0)
    told = store.gc(dry_run=True, now=True, expired=True)
    found = store.gc(now=True, expired=True)
    assert (found.expired, found.deleted, found.freed) == (told.expired, told.deleted, told.freed) == (1, 2, told.freed)
    with pytest.raises(NotFoundError):
        store.catalog.versions.resolve("p", "old", "latest")
    assert len(read_files(store, store.catalog.versions.resolve("p", "kept", "latest"))) == 1


def test_a_draft_keeps_what_it_relies_on_through_any_collection(store: Store) -> None:
    """The fifth rule: nobody has to put a file again because somebody else collected."""
    old = log_files(store, "old", {"a": BIG, "b": b"b"}).version
    with closing(store.session()) as session:
        entries = [Entry("a", session.put_bytes(BIG).digest, len(BIG)), Entry("b", session.put_bytes(b"b").digest, 1)]
        digest, root = store.put_manifest(session, Manifest(entries))
        session.seal()
        store.catalog.versions.delete(old.id)
        store.gc(now=True)
        assert store.gc(now=True).kept_for_writers >= 2
        new = publication("x", name="new", digest=digest, root=root, blobs=session.seal(), reused=session.reused)
        version = store.catalog.versions.publish(new).version
    assert read_files(store, version) == {"a": BIG, "b": b"b"}
    assert store.gc(now=True).deleted == 0
    assert store.verify(data=True) == []


def test_what_a_draft_relied_on_goes_when_it_is_dropped(store: Store) -> None:
    old = log_files(store, "old", {"a": BIG}).version
    with closing(store.session()) as session:
        session.reuse([Digest(next(iter(store.manifest(old))).digest)])
        store.catalog.versions.delete(old.id)
        assert store.gc(now=True).kept_for_writers == 1
    assert store.gc(now=True).freed >= len(BIG)


def test_bytes_that_are_not_published_yet_stay(store: Store) -> None:
    """Sealed, in a checkpoint, or still on their way: a living session keeps them all."""
    log_files(store, "other", {"x": b"x"})
    with closing(store.session()) as session:
        entries = [Entry("checkpoint", session.put_bytes(b"checkpoint").digest, 10)]
        session.checkpoint()
        entries.append(Entry("sealed", session.put_bytes(b"sealed").digest, 6))
        session.seal()
        entries.append(Entry("waiting", session.put_bytes(b"waiting").digest, 7))
        found = store.gc(now=True)
        assert (found.files, found.deleted, found.sessions) == (0, 0, 0)
        manifest = Manifest(entries)
        digest, root = store.put_manifest(session, manifest)
        new = publication("x", digest=digest, root=root, blobs=session.seal(), reused=session.reused)
        version = store.catalog.versions.publish(new).version
    assert read_files(store, version) == {name: name.encode() for name in ("checkpoint", "sealed", "waiting")}


def test_what_a_killed_writer_left_is_removed(store: Store) -> None:
    pid = os.fork()
    if not pid:
        other = open_store(store.root)
        session = other.session()
        session.put_bytes(b"checkpoint" * 1000)
        session.checkpoint()
        session.put_bytes(b"sealed" * 1000)
        session.seal()
        (session.scratch() / "half").write_bytes(b"half" * 1000)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    report = store.verify(data=True)
    assert report == []
    assert (report.leftovers, report.leftover_bytes > 10_000) == (2, True)
    before = on_disk(store)
    found = store.gc(now=True)
    assert (found.sessions, found.leftovers, found.condemned, found.deleted) == (1, 1, 1, 1)
    assert found.freed == before - on_disk(store) + report.leftover_bytes - found.leftover_bytes
    assert on_disk(store) == 0
    assert store.verify().leftover_bytes == 0


def test_a_manifest_that_cannot_be_read_stops_everything(store: Store) -> None:
    """Nobody can tell what it names, so nothing is removed."""
    kept = log_files(store, "kept", {"a": BIG}).version
    gone = log_files(store, "gone", {"b": b"b" * 1000}).version
    store.catalog.versions.delete(gone.id)
    place = store.catalog.blobs.find([kept.root])[kept.root].place
    (pack,) = (Path(file.path) for file in blob_files.listing(store.root) if file.key == blob_files.key_of(place))
    pack.rename(pack.with_suffix(".away"))
    before = on_disk(store)
    with pytest.raises(StoreError, match=r"kept:v0 manifest cannot be read.*nothing was removed"):
        store.gc(now=True)
    assert on_disk(store) == before
    assert store.catalog.garbage.waiting().blobs == 0


def test_interrupted_at_any_step_and_begun_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = log_files(store, "kept", {str(k): b"k" * 1000 + bytes([k]) for k in range(10)}).version
    steps = [
        (store.catalog.garbage, "delete"),
        (store.catalog.garbage, "repoint"),
        (store.catalog.garbage, "purge"),
        (blob_files, "remove"),
        (os, "unlink"),
    ]
    for owner, name in steps:
        gone = log_files(store, "gone", {f"{name}{k}": name.encode() * 300 + bytes([k]) for k in range(30)}).version
        log_files(store, "half", {f"{name}0": name.encode() * 300 + bytes([0])})
        store.catalog.versions.delete(gone.id)

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, stop)
            with pytest.raises(KeyboardInterrupt):
                store.gc(now=True)
        assert read_files(store, kept)
        assert store.verify(data=True) == []
    store.gc(now=True)
    assert store.catalog.garbage.trash() == []
    assert store.verify(data=True).leftovers == 0
    named = {blob_files.key_of(blob.place) for blob in store.catalog.blobs.all()}
    assert {file.key for file in blob_files.listing(store.root)} == named


def test_a_reader_finds_a_blob_that_moved(store: Store) -> None:
    version = log_files(store, "half", {"a": b"a" * 1000}).version
    bulk = log_files(store, "bulk", {str(k): b"x" * 1000 + bytes([k]) for k in range(30)} | {"a": b"a" * 1000}).version
    assert read_files(store, version)
    again = log_files(store, "half", {"a": b"a" * 1000, "more": b"m"}).version
    assert read_files(store, again)
    store.catalog.versions.delete(bulk.id)
    places = {blob.place for blob in store.catalog.blobs.all()}
    assert store.gc(now=True).repacked >= 1
    assert {blob.place for blob in store.catalog.blobs.all()} - places, "something moved"
    assert read_files(store, again) == {"a": b"a" * 1000, "more": b"m"}


def test_a_publication_whose_blobs_are_gone_says_which(store: Store) -> None:
    """Where no lock tells who lives (a note that was lost), the fallback is to refuse by digest."""
    old = log_files(store, "old", {"a": BIG}).version
    with closing(store.session()) as session:
        stored = session.put_bytes(BIG)
        digest, root = store.put_manifest(session, Manifest([Entry("a", stored.digest, len(BIG))]))
        session.seal()
        for note in Path(store.root, "tmp").glob(f"*/{leases.NOTE}"):
            note.unlink()
        store.catalog.versions.delete(old.id)
        store.gc(now=True)
        new = publication("x", digest=digest, root=root, blobs=session.seal(), reused=session.reused)
        with pytest.raises(VanishedError) as caught:
            store.catalog.versions.publish(new)
        assert stored.digest in caught.value.digests


def test_a_backup_that_was_put_back_is_not_collected_by(store: Store) -> None:
    """Files of versions that it does not know would go; the journal knows them."""
    log_files(store, "data", {"a": b"a"})
    root = Path(store.root)
    store.close()
    backup = (root / "catalog.db").read_bytes()
    with open_store(root) as later:
        log_files(later, "data", {"a": BIG})
        log_files(later, "data", {"a": BIG, "b": b"b"})
    (root / "catalog.db").write_bytes(backup)
    (root / "catalog.db-high").unlink()  # with it, the store would not even open
    with open_store(root) as older:
        before = on_disk(older)
        for dry_run in (True, False):
            with pytest.raises(StoreError, match=r"older than its journal.*jupyter artifacts rebuild"):
                older.gc(now=True, dry_run=dry_run)
        assert on_disk(older) == before
    assert rebuild(root).versions == 3
    with open_store(root) as again:
        assert again.gc(now=True).deleted == 0
        assert again.verify(data=True) == []


def test_two_collections_at_once_take_turns(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    log_files(store, "data", {"a": b"a"})
    monkeypatch.setattr(upkept, "PATIENCE", 0.1)
    with (
        upkept.alone(store),
        ThreadPoolExecutor(1) as pool,
        pytest.raises(StoreBusyError, match="is being looked after by"),
    ):
        pool.submit(store.gc).result()
    assert store.gc().condemned == 0
