"""Collecting, checking, repairing and repacking what lies in a bucket, beside writers on this machine and on others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.errors import StoreBusyError, VanishedError
from jupyter_artifacts.store import rebuild
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.packs import Packed, parse
from jupyter_artifacts.store.remote.blobs import RemoteBlobs
from jupyter_artifacts.store.remote.ground import RemoteGround
from jupyter_artifacts.store.writers import SILENCE
from jupyter_artifacts.testing.publications import publication
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.bucket import Bucket
    from jupyter_artifacts.store.store import Store
    from tests.servers.faulty import Faulty
    from tests.servers.postgres import Postgres

MIXED = {"small": b"s" * 1000, "big": b"b" * 2_000_000}

LOGGING = """
import sys
import threading
import jupyter_artifacts as wandb
from jupyter_artifacts.store import local_session

local_session.CHECKPOINT_BYTES = 3_000_000
with wandb.init(project="p", store=sys.argv[1]) as run:
    artifact = wandb.Artifact("first", "dataset")
    with artifact.new_file("a", "wb") as file:
        file.write(b"acknowledged" * 200_000)
    run.log_artifact(artifact)
    print("acknowledged", flush=True)
    artifact = wandb.Artifact("second", "dataset")
    for number in range(6):
        with artifact.new_file(str(number), "wb") as file:
            file.write(bytes([number]) * 1_500_000)
        print(number, flush=True)
    run.log_artifact(artifact)
"""


def bucket_of(store: Store) -> Bucket:
    assert isinstance(store.blobs, RemoteBlobs)
    return store.blobs.bucket


def objects(store: Store) -> dict[str, int]:
    """Return the blobs' objects and their sizes."""
    return {one.key: one.size for one in bucket_of(store).listing("") if one.key != "store.json"}


def blob_of(store: Store, data: bytes) -> Stored:
    from jupyter_artifacts.model.digest import digest_of

    digest = digest_of(data, store.algorithm)
    return store.catalog.blobs.find([digest])[digest]


def damage(store: Store, blob: Stored) -> None:
    """Flip a byte of a stored blob."""
    assert isinstance(store.blobs, RemoteBlobs)
    key = store.blobs.where(blob)
    data = bytearray(bucket_of(store).get(key) or b"")
    place = parse(blob.place)
    data[place.offset if isinstance(place, Packed) else 0] ^= 1
    bucket_of(store).put(key, bytes(data))


def silence(store: Store, session: str, seconds: float = SILENCE + 1, host: str = "elsewhere") -> None:
    """Let a session be one of another machine that was heard of so long ago."""
    from sqlalchemy import text

    with store.catalog.writers._db.write() as work:  # type: ignore[attr-defined]  # a back door
        work.conn.execute(
            text("UPDATE blob_session SET heartbeat_at = :at, host = :host WHERE id = :id"),
            {"at": time.time() - seconds, "host": host, "id": session},
        )


class TestCollecting:
    def test_what_nothing_names_goes(self, store: Store) -> None:
        log_files(store, "kept", {"k": b"k" * 1000, "kk": b"K" * 1_000_000})
        gone = log_files(store, "gone", MIXED).version
        before = objects(store)
        assert store.gc(now=True).freed == 0
        store.catalog.versions.delete(gone.id)
        foretold = store.gc(dry_run=True, now=True)
        assert objects(store) == before
        done = store.gc(now=True)
        after = objects(store)
        assert done.freed == foretold.freed == sum(before.values()) - sum(after.values()) > 2_000_000
        assert (done.deleted, done.kept_for_writers) == (3, 0)
        assert store.verify(data=True) == []
        assert store.verify().leftovers == 0

    def test_a_deleted_version_comes_back_within_the_day(self, store: Store) -> None:
        gone = log_files(store, "gone", MIXED).version
        store.catalog.versions.delete(gone.id)
        assert store.gc().condemned == 3
        assert read_files(store, store.undelete(gone.id)) == MIXED
        store.gc(now=True)
        assert read_files(store, gone) == MIXED

    def test_orphans_go_once_their_session_is_over(self, store: Store) -> None:
        session = store.session()
        session.put_bytes(b"never published" * 100_000)
        session.seal()
        assert len(objects(store)) == 1
        assert store.gc(now=True).leftovers == 0, "it lives"
        session.close()
        assert store.verify().leftovers == 1
        foretold = store.gc(dry_run=True)
        done = store.gc()
        assert done.leftovers == foretold.leftovers == 1
        assert done.freed == foretold.freed == 1_500_000
        assert objects(store) == {}

    def test_a_session_elsewhere_is_believed_for_a_day(self, store: Store) -> None:
        session = store.session()
        session.put_bytes(b"x" * 2_000_000)
        sealed = session.seal()
        (writer,) = store.catalog.writers.active()
        silence(store, writer.id, seconds=SILENCE - 60)
        assert store.gc(now=True).leftovers == 0
        silence(store, writer.id)
        assert store.gc(dry_run=True).leftovers == 1
        assert store.catalog.writers.active() != [], "a dry run revokes nobody"
        assert store.gc(now=True).leftovers == 1
        assert objects(store) == {}
        with pytest.raises(VanishedError):
            store.catalog.blobs.replace(sealed)
        with pytest.raises(VanishedError):
            store.catalog.versions.publish(publication("late", blobs=sealed))
        session.close()

    def test_who_was_asleep_writes_again(self, store: Store, tmp_path: Path) -> None:
        """Through the public API: revoked, collected, and still logged, whole."""
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "a").write_bytes(b"a" * 2_000_000)
        (tmp_path / "data" / "b").write_bytes(b"b" * 1000)
        store.close()
        with wandb.init(project="p", store=store.location) as run:
            again = open_store(store.location)
            artifact = wandb.Artifact("data", "dataset")
            artifact.add_dir(str(tmp_path / "data"))
            artifact._draft("seal").session.seal()
            for writer in again.catalog.writers.active():
                silence(again, writer.id)
            again.gc(now=True)
            assert again.catalog.writers.active() == []
            logged = run.log_artifact(artifact)
            assert logged.version == "v0"
        assert again.verify(data=True) == []
        assert read_files(again, again.catalog.versions.resolve("p", "data", "latest"))["a"] == b"a" * 2_000_000

    def test_the_trash_waits_for_sessions_that_began_before(self, store: Store) -> None:
        gone = log_files(store, "gone", MIXED).version
        session = store.session()
        store.catalog.versions.delete(gone.id)
        done = store.gc(now=True)
        assert (done.deleted, done.kept_for_writers) == (3, 3)
        assert store.gc(dry_run=True).kept_for_writers == 3
        session.close()
        assert store.gc().kept_for_writers == 0
        assert sum(objects(store).values()) < 1000, "what a deleted version's manifest began with stays"

    def test_a_killed_writer(self, store: Store, proxy: Faulty, tmp_path: Path) -> None:
        """SIGKILL in the middle of an upload: what was acknowledged is whole, the rest is found and removed."""
        where = store.location
        root, there = Path(store.root), bucket_of(store)
        store.close()
        script = tmp_path / "writer.py"
        script.write_text(LOGGING)
        # One object of the first version, two of the second that a checkpoint enters, one that it does not.
        stop = proxy.harm("stop", times=10**6, after=4, method="PUT", path="/blobs/")
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "WANDB_SILENT": "true"}
        child = subprocess.Popen(
            [sys.executable, str(script), where], env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path
        )
        with child:
            stopped = stop.met.wait(90)
            while stopped and len(list(there.listing("blobs/"))) < 4:
                time.sleep(0.05)
            child.kill()
            said = child.stdout.read() if child.stdout else ""
        assert stopped
        assert said.startswith("acknowledged\n")
        proxy.heal()
        assert len(list((root / "tmp").iterdir())) == 2
        with open_store(where) as again:
            assert again.verify(data=True) == []
            first = again.catalog.versions.resolve("p", "first", "latest")
            assert read_files(again, first) == {"a": b"acknowledged" * 200_000}
            with pytest.raises(wandb.errors.CommError):
                again.catalog.versions.resolve("p", "second", "latest")
            assert again.catalog.writers.active() == []
            assert len(list(again.catalog.blobs.all())) == 3 + 2, "what a checkpoint entered is found by the next log"
            found = again.gc(now=True)
            assert (found.deleted, found.leftovers) == (2, 1)
            assert again.verify(data=True) == []
            assert read_files(again, first) == {"a": b"acknowledged" * 200_000}
            named = {again.blobs.where(blob) for blob in again.catalog.blobs.all()}  # type: ignore[attr-defined]
            assert objects(again).keys() == named

    def test_one_machine_at_a_time(
        self, bucket: object, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from jupyter_artifacts.store.catalog import postgres as engine

        monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_DIR", str(tmp_path / "cache"))
        with open_store(f"{postgres.database()} {bucket}") as team:
            log_files(team, "data", MIXED)
            with team.catalog.writers.alone():
                monkeypatch.setattr(engine, "BUSY_TIMEOUT", 0.3)
                with pytest.raises(StoreBusyError, match="from another machine"):
                    team.gc()
            assert team.gc().condemned == 0


class TestChecking:
    def test_rot_is_found_and_healed_from_another_store(self, store: Store, tmp_path: Path) -> None:
        version = log_files(store, "data", MIXED).version
        with open_store(tmp_path / "other") as other:
            log_files(other, "data", MIXED)
            for data in MIXED.values():
                damage(store, blob_of(store, data))
            found = store.verify(data=True)
            assert sorted(problem.where for problem in found) == ["data:v0 file big", "data:v0 file small"]
            healed = store.verify(repair=other)
            assert healed == []
            assert healed.repaired is not None
            assert store.verify(data=True) == []
            assert read_files(store, version) == MIXED

    def test_what_is_gone_is_found_without_reading(self, store: Store) -> None:
        log_files(store, "data", MIXED)
        assert isinstance(store.blobs, RemoteBlobs)
        bucket_of(store).delete([store.blobs.where(blob_of(store, MIXED["big"]))])
        (problem,) = store.verify()
        assert problem.where == "data:v0 file big"
        assert "missing in s3://" in problem.message

    def test_packs_say_what_they_hold(self, store: Store) -> None:
        log_files(store, "data", {str(n): b"%d" % n * 100 for n in range(50)})
        ground = store.ground
        assert isinstance(ground, RemoteGround)
        files = [file for file in ground.listing() if file.key.endswith("@")]
        lines = [line for file in files for line in ground.index(file, store.algorithm)]
        assert {line.digest for line in lines} == {blob.digest for blob in store.catalog.blobs.all()}

    def test_a_mostly_dead_pack_is_repacked(self, store: Store) -> None:
        kept = log_files(store, "kept", {"k": b"k" * 100_000}).version
        files = {str(n): os.urandom(100_000) for n in range(20)}
        gone = log_files(store, "gone", {**files, "k": b"k" * 100_000}).version
        half = log_files(store, "half", {"0": files["0"], "1": files["1"]}).version
        store.catalog.versions.delete(gone.id)
        done = store.gc(now=True)
        assert done.repacked == 1
        assert sum(objects(store).values()) < 400_000
        assert read_files(store, half) == {"0": files["0"], "1": files["1"]}
        assert read_files(store, kept) == {"k": b"k" * 100_000}
        assert store.verify(data=True) == []
        assert store.repack().packs == 0

    def test_where_the_bytes_are(self, store: Store) -> None:
        log_files(store, "data", MIXED)
        found = store.du()
        assert found.blob_files == sum(objects(store).values())
        assert found.on_disk >= found.blob_files + found.catalog
        assert (found.leftovers, found.unreferenced) == (0, 0)
        assert found.artifacts[0].unique == found.stored

    def test_a_lost_catalog_is_made_anew_from_the_bucket(self, store: Store) -> None:
        version = log_files(store, "data", MIXED).version
        root = Path(store.root)
        store.close()
        for path in root.glob("catalog.db*"):
            path.unlink()
        done = rebuild.rebuild(root)
        assert (done.versions, done.blobs) == (1, 4)
        assert (done.damaged, done.notes) == ((), ())
        with open_store(root) as again:
            found = again.catalog.versions.resolve("p", "data", "latest")
            assert found.digest == version.digest
            assert read_files(again, found) == MIXED


def test_a_session_may_end_after_its_store(own: str) -> None:
    """A draft that nobody logged ends with the process, when stores are closed; the next opening clears up."""
    with open_store(own) as store:
        session = store.session()
        session.put_bytes(b"never logged")
    session.close()
    with open_store(own) as again:
        assert len(again.catalog.writers.active()) == 1
        again.gc()
        assert again.catalog.writers.active() == []


def test_ctrl_c_is_heard_in_an_upload(store: Store, proxy: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once; what was on its way is garbage, and the next log is whole."""
    assert isinstance(store.blobs, RemoteBlobs)
    monkeypatch.setattr(store.blobs, "bucket", type(bucket_of(store))(bucket_of(store).url))
    stopped = proxy.harm("stop", times=10**6, method="PUT", path="packs/")

    def interrupt() -> None:
        assert stopped.met.wait(30)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    session = store.session()
    session.put_bytes(b"x" * 1000)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        session.seal()
    thread.join()
    session.close()
    proxy.heal()
    version = log_files(store, "data", MIXED).version
    assert read_files(store, version) == MIXED
    assert store.verify(data=True) == []
