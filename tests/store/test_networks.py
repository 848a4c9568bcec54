"""Stores on file systems that machines share: no shared memory, no log beside the file, one warning."""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store import networks
from jupyter_artifacts.store.catalog import sqlite
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.publications import publication
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /mnt/team\\040files rw - nfs4 server:/export rw
31 30 0:27 / /mnt/team\\040files/fast rw - tmpfs tmpfs rw
32 22 0:28 / /home/me/drive rw - fuse.sshfs me@host:/ rw
33 22 0:29 / /scratch rw - lustre 10.0.0.1@tcp:/x rw
"""


@pytest.fixture
def nfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that every folder is on a server."""
    monkeypatch.setattr(networks, "file_system", lambda _: "nfs4")
    monkeypatch.setattr(sqlite, "_TOLD", set())


def pragmas(store: Store) -> tuple[str, int]:
    """Return the log's kind and how commits are flushed, as the store's own connection has them."""
    database = sqlite.SqliteDatabase(f"{store.root}/catalog.db", writable=True)
    with database.read() as conn:
        found = (
            str(conn.exec_driver_sql("PRAGMA journal_mode").scalar_one()),
            int(conn.exec_driver_sql("PRAGMA synchronous").scalar_one()),
        )
    database.close()
    return found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/x", "ext4"),
        ("/mnt/team files/store", "nfs4"),
        ("/mnt/team files/fast/store", "tmpfs"),
        ("/mnt/team filesystem", "ext4"),
        ("/home/me/drive/a", "fuse.sshfs"),
        ("/scratch", "lustre"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert networks.mounted(path, "0:99", MOUNTS.splitlines()) == kind
    assert networks.is_shared(kind) == (kind not in {"ext4", "tmpfs"})


def test_of_two_mounts_on_one_point_the_device_decides() -> None:
    lines = [*MOUNTS.splitlines(), "34 22 0:30 / /scratch rw - xfs /dev/vdb rw"]
    assert networks.mounted("/scratch/x", "0:29", lines) == "lustre"
    assert networks.mounted("/scratch/x", "0:30", lines) == "xfs"


@pytest.mark.parametrize("kind", ["nfs", "cifs", "smb3", "gpfs", "9p", "fuse", "fuse.s3fs", "fuseblk", "virtiofs"])
def test_kinds_that_machines_share(kind: str) -> None:
    assert networks.is_shared(kind)


@pytest.mark.parametrize("kind", ["", "ext4", "xfs", "btrfs", "tmpfs", "overlay", "apfs", "nfsd-like"])
def test_kinds_that_they_do_not(kind: str) -> None:
    assert not networks.is_shared(kind)


def test_this_machine_is_asked(tmp_path: Path) -> None:
    assert networks.file_system("/proc/self") == "proc"
    assert networks.file_system(str(tmp_path)) not in {"", "proc"}


@pytest.mark.usefixtures("nfs")
def test_a_store_there_has_no_log_beside_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "jupyter_artifacts"):
        for number in range(2):
            with open_store(tmp_path / "store") as store:
                log_files(store, "data", {"a": b"%d" % number})
                assert pragmas(store) == ("truncate", 2)
                assert not Path(store.root, "catalog.db-wal").exists()
                assert read_files(store, store.catalog.versions.resolve("p", "data", "latest")) == {"a": b"%d" % number}
    (said,) = [record.getMessage() for record in caplog.records]
    assert "shared file system (nfs4)" in said
    assert f"postgresql://user@host/database {tmp_path}/store" in said


def test_a_store_that_was_moved_gets_the_log_that_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "store") as store:
        log_files(store, "data", {"a": b"1"})
        assert pragmas(store) == ("wal", 1)
    with monkeypatch.context() as patch:
        patch.setattr(networks, "file_system", lambda _: "nfs4")
        with open_store(tmp_path / "store") as store:
            log_files(store, "data", {"a": b"2"})
            assert pragmas(store) == ("truncate", 2)
            assert not Path(store.root, "catalog.db-wal").exists()
    with open_store(tmp_path / "store") as store:
        assert pragmas(store) == ("wal", 1)
        assert store.catalog.versions.resolve("p", "data", "latest").number == 1
        assert store.verify(data=True) == []


@pytest.mark.usefixtures("nfs")
def test_readers_and_writers_there_go_on_side_by_side(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    with open_store(tmp_path / "store") as store:

        def work(thread: int) -> None:
            try:
                for n in range(20):
                    store.catalog.versions.publish(publication(f"{thread}/{n}"))
                    store.catalog.versions.resolve("p", "data", "latest")
            except BaseException as error:  # noqa: BLE001  told below, in the thread of the test
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert store.catalog.versions.resolve("p", "data", "latest").number == 79
        assert store.catalog.check() == []


@pytest.mark.usefixtures("nfs")
def test_what_a_killed_writer_left_there_is_undone(tmp_path: Path) -> None:
    """The journal of an unfinished transaction lies beside the file, and the next opening rolls it back."""
    with open_store(tmp_path / "store") as store:
        log_files(store, "data", {"a": b"1"})
    source, copy = tmp_path / "store", tmp_path / "killed"
    raw = sqlite3.connect(source / "catalog.db", isolation_level=None)
    raw.execute("PRAGMA cache_size=1")
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("UPDATE version SET metadata = hex(randomblob(200000))")
    assert (source / "catalog.db-journal").stat().st_size > 0
    copy.mkdir()
    for name in ("store.json", "catalog.db", "catalog.db-journal"):
        (copy / name).write_bytes((source / name).read_bytes())
    raw.execute("ROLLBACK")
    raw.close()
    with open_store(copy) as store:
        assert store.catalog.versions.resolve("p", "data", "latest").metadata == {}
        assert store.catalog.check() == []
