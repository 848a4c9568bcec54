"""The catalog's file: durable, queued, guarded against damage, deletion and forks."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    CatalogDamagedError,
    ReadOnlyStoreError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreGoneError,
    UsageError,
)
from jupyter_artifacts.store.catalog import faults, readonly, sqlite
from jupyter_artifacts.store.catalog.database import revision
from jupyter_artifacts.store.catalog.sqlite import SqliteDatabase
from jupyter_artifacts.store.locks import FileLock
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.publications import publication, run
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.store import Store

BLOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def db(store: Store) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(os.path.join(store.root, "catalog.db"), writable=True)  # noqa: PTH118  what it takes
    yield database
    database.close()


def blocking(store: Store, seconds: float) -> subprocess.Popen[str]:
    """Start a program that is not ours and writes to the catalog for a while."""
    process = subprocess.Popen(
        [sys.executable, "-c", BLOCK, f"{store.root}/catalog.db", str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_every_commit_is_flushed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log, after the commit is in it and before the caller hears of it; writers do so side by side."""
    flushed: list[tuple[str, int]] = []
    real = os.fdatasync

    def fdatasync(fd: int) -> None:
        flushed.append((Path(f"/proc/self/fd/{fd}").readlink().name, os.fstat(fd).st_size))
        with FileLock(f"{store.root}/catalog.lock").held(0, lambda: None):
            pass
        real(fd)

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    log = Path(store.root, "catalog.db-wal")
    for number in range(3):
        flushed.clear()
        store.catalog.runs.start(run(f"r{number}"))
        assert flushed == [("catalog.db-wal", log.stat().st_size)]
    monkeypatch.setattr(sqlite, "_CAN_FLUSH", False)
    careful = SqliteDatabase(f"{store.root}/catalog.db", writable=True)
    with careful.read() as conn:
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    careful.close()


def broken(_fd: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


def after_a_power_cut(store: Store, folder: Path) -> list[str]:
    """Return the ids of the runs where nothing of the log had reached the disk, only the catalog's file."""
    shutil.copyfile(f"{store.root}/catalog.db", folder / "cut.db")
    with contextlib.closing(sqlite3.connect(folder / "cut.db")) as raw:
        return [row[0] for row in raw.execute("SELECT id FROM run ORDER BY key")]


def test_a_commit_that_the_disk_refuses_once_is_made_durable_in_another_way(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second flush would succeed without having written anything."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", broken)
        store.catalog.runs.start(run("r0"))
    assert after_a_power_cut(store, tmp_path) == ["r0"]
    assert not Path(f"{store.root}/catalog.db-doubt").exists()
    assert store.catalog.check() == []


def test_after_a_refused_flush_nobodys_commit_counts_until_the_log_is_written_again(
    store: Store, db: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.catalog.runs.start(run("r0"))
    real = readonly.connect
    monkeypatch.setattr(sqlite, "connect", lambda address, _timeout=0.0: real(address, 0.05))
    with db.read() as conn:  # a reader, who keeps the log from being folded in
        conn.exec_driver_sql("SELECT 1 FROM run").all()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", broken)
            with pytest.raises(StoreError, match=r"Input/output error.*somebody reads"):
                store.catalog.runs.start(run("r1"))
        assert Path(f"{store.root}/catalog.db-doubt").exists()
        with pytest.raises(StoreError, match="another process met an error"):
            store.catalog.runs.start(run("r2"))
    store.catalog.runs.start(run("r3"))
    assert after_a_power_cut(store, tmp_path) == ["r0", "r1", "r2", "r3"]
    assert not Path(f"{store.root}/catalog.db-doubt").exists()


def test_what_the_database_holds_itself_to(db: SqliteDatabase) -> None:
    with db.read() as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
        assert found == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "trusted_schema": 0}
        loose = conn.exec_driver_sql("SELECT name FROM pragma_table_list WHERE schema='main' AND NOT strict").scalars()
        assert [name for name in loose if not name.startswith("sqlite_")] == []


def test_each_move_of_an_alias_is_noted_down(store: Store, db: SqliteDatabase) -> None:
    ids = [log_files(store, "data", {"a": b"%d" % number}, aliases=("best",)).version.id for number in range(2)]
    store.catalog.versions.delete(ids[1])
    with db.read() as conn:
        rows = conn.exec_driver_sql("SELECT alias, old_version_id, new_version_id FROM alias_log ORDER BY id")
        noted = [tuple(row) for row in rows]
    assert noted == [
        ("best", None, ids[0]),
        ("latest", None, ids[0]),
        ("best", ids[0], ids[1]),
        ("latest", ids[0], ids[1]),
        ("latest", ids[1], ids[0]),
        ("best", ids[1], None),
    ]


def test_a_failed_block_writes_nothing(store: Store, db: SqliteDatabase) -> None:
    before = store.catalog.revision()

    def fail() -> None:
        with db.write() as work:
            work.conn.exec_driver_sql("DELETE FROM store_meta")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.catalog.revision() == before
    assert store.catalog.check() == []


def test_a_reader_sees_one_moment(store: Store, db: SqliteDatabase) -> None:
    with db.read() as conn:
        before = revision(conn)
        log_files(store, "data", {"a": b"1"})
        assert revision(conn) == before
    with db.read() as conn:
        assert revision(conn) > before


def test_waiting_for_another_program(store: Store) -> None:
    process = blocking(store, 0.6)
    assert log_files(store, "data", {"a": b"1"}).version.number == 0
    process.communicate()


def test_a_program_that_does_not_let_go_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 3.0)
    process = blocking(store, 60)
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING, "jupyter_artifacts"), pytest.raises(StoreBusyError) as caught:
        store.catalog.runs.start(run())
    assert 3 <= time.monotonic() - begun < 10
    assert f"process {process.pid}" in str(caught.value)
    assert "Nothing was logged" in str(caught.value)
    assert [f"process {process.pid}" in record.getMessage() for record in caplog.records] == [True]
    assert store.catalog.versions.page(Query()).total == 0, "reading goes on meanwhile"
    process.kill()
    process.communicate()
    assert store.catalog.runs.start(run()).number == 1


def test_one_of_ours_that_does_not_let_go_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.5)
    code = (
        "import sys, time; from jupyter_artifacts.store.locks import FileLock\n"
        "with FileLock(sys.argv[1]).held(5, lambda: None): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, f"{store.root}/catalog.lock"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(StoreBusyError, match=f"process {process.pid}"):
        store.catalog.runs.start(run())
    process.kill()
    process.communicate()


def test_a_deleted_store_is_not_replaced(store: Store) -> None:
    log_files(store, "data", {"a": b"1"})
    shutil.rmtree(store.root)
    for act in (
        store.catalog.revision,
        lambda: store.catalog.runs.start(run()),
        lambda: log_files(store, "data", {"a": b"2"}),
        lambda: open_store(store.root),
    ):
        with pytest.raises(StoreGoneError, match="restart the kernel"):
            act()
    assert not Path(store.root).exists()
    store.close()
    with open_store(store.root) as anew:
        assert anew.id != store.id


def test_a_store_that_was_replaced_is_noticed(store: Store, tmp_path: Path) -> None:
    log_files(store, "data", {"a": b"1"})
    Path(store.root).rename(tmp_path / "moved")
    code = "import sys; from jupyter_artifacts.store.opening import open_store; open_store(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, store.root], check=True)
    with pytest.raises(StoreGoneError):
        store.catalog.runs.start(run())
    with pytest.raises(StoreGoneError):
        open_store(store.root)


def test_a_closed_store_refuses(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(UsageError, match="closed"):
        store.catalog.revision()


class TestForks:
    """What multiprocessing and a DataLoader do to an open store."""

    def in_child(self, work: object) -> int:
        assert callable(work)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if work() else 2
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_a_child_reconnects(self, store: Store) -> None:
        log_files(store, "data", {"a": b"1"})
        assert self.in_child(lambda: log_files(store, "data", {"a": b"2"}).version.number == 1) == 0
        assert log_files(store, "data", {"a": b"3"}).version.number == 2
        assert store.verify(data=True) == []

    def test_a_child_opens_its_own(self, store: Store) -> None:
        assert self.in_child(lambda: open_store(store.root) is not store and open_store(store.root).id == store.id) == 0
        assert open_store(store.root) is store

    def test_children_and_parent_write_at_once(self, store: Store) -> None:
        children = []
        for number in range(3):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    for n in range(5):
                        log_files(store, "data", {"a": b"%d/%d" % (number, n)})
                    code = 0
                finally:
                    os._exit(code)
            children.append(child)
        for n in range(5):
            log_files(store, "data", {"a": b"parent/%d" % n})
        assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
        page = store.catalog.versions.page(Query(sort="version", descending=False))
        assert [version.number for version in page.rows] == list(range(20))
        assert store.verify(data=True) == []

    def test_a_childs_end_leaves_the_parents_connection_sound(self, store: Store) -> None:
        log_files(store, "data", {"a": b"1"})
        code = "import os, sys\nsys.exit(0)"
        assert self.in_child(lambda: subprocess.run([sys.executable, "-c", code], check=True).returncode == 0) == 0
        assert Path(store.root, "catalog.db-wal").exists()
        assert log_files(store, "data", {"a": b"2"}).version.number == 1


class TestDamage:
    @pytest.fixture
    def closed(self, store: Store) -> Path:
        """Return the catalog's file of a closed store with a few versions in it."""
        for number in range(30):
            log_files(store, "data", {"a": b"%d" % number}, metadata={"text": "x" * 300})
        store.close()
        return Path(store.root, "catalog.db")

    def use(self, path: Path) -> list[str]:
        """Do what a user does, and let verify speak."""
        with open_store(path.parent) as store:
            problems = [str(problem) for problem in store.verify()]
            page = store.catalog.versions.page(Query())
            assert page.total == len(page.rows) == 30
            for version in page.rows:
                assert len(read_files(store, version)) == 1
            return problems

    @pytest.mark.parametrize("how", ["header", "half", "empty", "noise", "zeros"])
    def test_a_damaged_file_raises_with_the_way_out(self, closed: Path, how: str) -> None:
        data = closed.read_bytes()
        closed.write_bytes(
            {
                "header": b"\xff" * 64 + data[64:],
                "half": data[: len(data) // 2],
                "empty": b"",
                "noise": os.urandom(len(data)),
                "zeros": bytes(len(data)),
            }[how]
        )
        with pytest.raises(CatalogDamagedError, match=r"catalog\.jsonl: jupyter artifacts rebuild") as caught:
            self.use(closed)
        assert "sqlalche.me" not in "".join(traceback.format_exception(caught.value)), "no raw dump for the user"
        assert not closed.with_name("store.json.new").exists()

    def test_any_damaged_page_is_never_silent(self, closed: Path) -> None:
        data = closed.read_bytes()
        for start in range(0, len(data), 4096):
            closed.write_bytes(data[:start] + os.urandom(4096) + data[start + 4096 :])
            try:
                problems = self.use(closed)
            except (CatalogDamagedError, StoreError) as error:
                problems = [str(error)]
            assert problems, f"page {start // 4096} of {len(data) // 4096}"
        closed.write_bytes(data)
        assert self.use(closed) == []

    def test_check_finds_what_a_database_does_not_mind(self, closed: Path) -> None:
        for words, says in {
            "DELETE FROM alias_log; DELETE FROM version WHERE number=3": "without gaps",
            "UPDATE collection SET next_version=99": "without gaps",
            "UPDATE collection SET live=3": "counts 3 live",
            "DELETE FROM alias": "no version carries 'latest'",
            "UPDATE version SET live=0 WHERE number=29": "held by a version that is deleted",
            "UPDATE version SET root=x'00'": "names a blob that is not there",
            "UPDATE counter SET value=1": "the counter stands at 1",
        }.items():
            copy = closed.with_name("before")
            shutil.copyfile(closed, copy)
            connection = sqlite3.connect(closed)
            connection.executescript(words)
            connection.close()
            closed.with_name("catalog.db-high").unlink(missing_ok=True)  # it would not let the last one open
            with open_store(closed.parent) as store:
                found = [str(problem) for problem in store.verify()]
            assert any(says in line for line in found), (words, found)
            copy.replace(closed)

    def test_a_hostile_schema_runs_no_function(self, closed: Path, tmp_path: Path) -> None:
        connection = sqlite3.connect(closed)
        connection.execute("CREATE TRIGGER t AFTER INSERT ON version BEGIN SELECT load_extension('/tmp/evil.so'); END")
        connection.commit()
        connection.close()
        with open_store(closed.parent) as store, pytest.raises(StoreError):
            log_files(store, "data", {"a": b"new"})
        assert not (tmp_path / "evil").exists()


class TestReadOnly:
    """A folder that cannot be written; root may write everywhere, so the question itself is answered."""

    @pytest.fixture
    def frozen(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Return the root of a store with one version, which nobody may write from now on."""
        log_files(store, "data", {"a": b"1"})
        store.close()
        real = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: real(path, mode) and mode != os.W_OK)
        return Path(store.root)

    def assert_it_reads_only(self, root: Path, files: dict[str, bytes]) -> None:
        with open_store(root) as store:
            assert store.read_only
            assert repr(store).endswith("(read-only)>")
            assert read_files(store, store.catalog.versions.resolve("p", "data", "latest")) == files
            assert store.verify(data=True) == []
            with pytest.raises(ReadOnlyStoreError, match="reading works") as caught:
                log_files(store, "data", {"a": b"2"})
            assert isinstance(caught.value, OSError)
            with pytest.raises(ReadOnlyStoreError):
                store.catalog.runs.start(run())

    def test_reading_works_and_writing_says_why_not(self, frozen: Path) -> None:
        self.assert_it_reads_only(frozen, {"a": b"1"})

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to mount")
    @pytest.mark.parametrize("end", ["closed", "killed", "killed, no shm"])
    def test_a_read_only_mount(self, store: Store, tmp_path: Path, end: str) -> None:
        """After a clean end there is no log; after a kill the newest version is only in the log."""
        log_files(store, "data", {"a": b"1"})
        store.close()
        if end != "closed":
            code = (
                "import os, sys; from jupyter_artifacts.store.opening import open_store\n"
                "from jupyter_artifacts.testing.stores import log_files\n"
                "log_files(open_store(sys.argv[1]), 'data', {'a': b'2'}); os.kill(os.getpid(), 9)"
            )
            subprocess.run([sys.executable, "-c", code, store.root], check=False)
            assert Path(store.root, "catalog.db-wal").stat().st_size > 0
        if end == "killed, no shm":
            Path(store.root, "catalog.db-shm").unlink()
        mount = tmp_path / "mount"
        mount.mkdir()
        try:
            subprocess.run(["mount", "--bind", store.root, mount], check=True)
            subprocess.run(["mount", "-o", "remount,ro,bind", mount], check=True)
        except subprocess.CalledProcessError:
            subprocess.run(["umount", mount], check=False)
            pytest.skip("this machine lets even root not mount")
        try:
            self.assert_it_reads_only(mount, {"a": b"1"} if end == "closed" else {"a": b"2"})
        finally:
            subprocess.run(["umount", mount], check=True)

    def test_a_writer_elsewhere_is_seen(self, frozen: Path) -> None:
        """The folder is read-only here, and somebody who may write it does."""
        code = (
            "import sys; from jupyter_artifacts.store.opening import open_store\n"
            "from jupyter_artifacts.testing.stores import log_files\n"
            "log_files(open_store(sys.argv[1]), 'data', {'a': b'2'})"
        )
        with open_store(frozen) as store:
            assert store.read_only
            assert store.catalog.versions.resolve("p", "data", "latest").number == 0
            subprocess.run([sys.executable, "-c", code, frozen], check=True)
            assert store.catalog.versions.resolve("p", "data", "latest").number == 1


def test_a_full_disk_while_committing(store: Store) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before = store.catalog.revision()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_artifacts.store.catalog.versions.publish", full)
        with pytest.raises(StoreFullError, match="free some space"):
            store.catalog.versions.publish(publication("x"))
    assert store.catalog.revision() == before


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("attempt to write a readonly database", ReadOnlyStoreError),
        ("disk I/O error", StoreError),
        ("database is locked", StoreBusyError),
        ("no such table: version", CatalogDamagedError),
    ],
)
def test_what_sqlite_says_is_told_as_ours(store: Store, text: str, error: type[Exception]) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_artifacts.store.catalog.versions.publish", fail)
        with pytest.raises(error) as caught:
            store.catalog.versions.publish(publication("x"))
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert "sqlalchemy" not in "".join(traceback.format_exception(caught.value)).lower()
    assert store.catalog.versions.publish(publication("x")).created


def test_an_io_error_on_a_full_disk_says_full(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("jupyter_artifacts.store.catalog.versions.publish", fail)
    monkeypatch.setattr("jupyter_artifacts.store.catalog.faults.free_bytes", lambda _: 0)
    with pytest.raises(StoreFullError):
        store.catalog.versions.publish(publication("x"))


def test_an_old_sqlite_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 0))
    with pytest.raises(UsageError, match=r"3\.37"):
        SqliteDatabase(f"{store.root}/catalog.db", writable=True)


def test_a_disk_that_fails_is_not_taken_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(b"")
    (tmp_path / "store.json").write_text("{}", encoding="utf-8")
    malformed = sqlite3.DatabaseError("database disk image is malformed")
    assert isinstance(faults.fault_of(malformed, str(path)), CatalogDamagedError)

    def failing(*_: object, **__: object) -> object:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("builtins.open", failing)
    told = faults.fault_of(malformed, str(path))
    assert not isinstance(told, CatalogDamagedError)
    assert "cannot be read: Input/output error" in str(told)
