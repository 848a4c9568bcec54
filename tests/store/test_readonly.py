"""Reading a catalog that has no place for SQLite's shared memory."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreBusyError
from jupyter_artifacts.store.catalog import readonly
from jupyter_artifacts.store.catalog.readonly import ReadOnlyFile, connect, uri

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database that an ordinary read-only connection cannot open."""
    file = tmp_path / "a b#c%20.db"
    connection = connect(uri(str(file), mode="rwc"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t(x)")
    connection.execute("INSERT INTO t VALUES (1)")
    connection.close()
    monkeypatch.setattr(readonly, "_opens", lambda _: False)
    return file


def rows(file: ReadOnlyFile) -> list[int]:
    """Read the table."""
    connection = connect(file.address)
    try:
        return [row[0] for row in connection.execute("SELECT x FROM t")]
    finally:
        connection.close()


def killed(path: Path) -> None:
    """Write as a process does that is killed before the log is folded in."""
    copy = path.with_name("copy.db")
    connection = connect(uri(str(path), mode="rw"))
    connection.execute("INSERT INTO t VALUES (2)")
    wal = path.with_name(path.name + "-wal").read_bytes()
    data = path.read_bytes()
    connection.close()
    copy.unlink(missing_ok=True)
    path.write_bytes(data)
    path.with_name(path.name + "-wal").write_bytes(wal)


def test_without_a_log_the_file_is_read_as_it_is(path: Path) -> None:
    file = ReadOnlyFile(str(path))
    assert "immutable=1" in file.address
    assert rows(file) == [1]
    assert not file.changed()
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_with_a_log_a_copy_of_both_is_read(path: Path) -> None:
    killed(path)
    file = ReadOnlyFile(str(path))
    assert rows(file) == [1, 2]
    assert not file.changed()
    copy = file.address
    file.close()
    with pytest.raises(sqlite3.OperationalError):
        connect(copy).execute("SELECT 1 FROM t")


def test_a_change_is_noticed(path: Path) -> None:
    file = ReadOnlyFile(str(path))
    killed(path)
    assert file.changed()


def test_a_log_that_keeps_changing_is_not_copied_torn(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(path)
    monkeypatch.setattr("time.sleep", lambda _: None)
    real = shutil.copyfile
    log = path.with_name(path.name + "-wal")

    def copyfile(source: str, target: str) -> None:
        real(source, target)
        log.write_bytes(log.read_bytes() + b"x")

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with pytest.raises(StoreBusyError, match="keeps changing"):
        ReadOnlyFile(str(path))


def test_damage_is_not_taken_for_a_closed_folder(tmp_path: Path) -> None:
    broken = tmp_path / "x.db"
    broken.write_bytes(b"no database" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        ReadOnlyFile(str(broken))
