"""From one form of the catalog to the next."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NewerFormatError, ReadOnlyStoreError, StoreError
from jupyter_artifacts.store.catalog import daily, migrations
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_artifacts.store.store import Store


def add_column(conn: Connection) -> None:
    """Stand in for a step of a later release."""
    conn.exec_driver_sql("ALTER TABLE version ADD COLUMN colour TEXT")
    conn.exec_driver_sql("UPDATE version SET colour = 'red'")


@pytest.fixture
def old(store: Store) -> Path:
    """Return the root of a closed store of the present form."""
    log_files(store, "data", {"a": b"1"})
    store.close()
    return Path(store.root)


def form(root: Path) -> tuple[str, bool]:
    """Return the form a catalog says it has, and whether the later step was taken."""
    connection = sqlite3.connect(root / "catalog.db")
    try:
        said = connection.execute("SELECT value FROM store_meta WHERE key='form'").fetchone()[0]
        columns = [row[1] for row in connection.execute("PRAGMA table_info(version)")]
    finally:
        connection.close()
    return said, "colour" in columns


def test_a_step_is_taken_once_after_a_backup(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, add_column])
    for _ in range(2):
        with open_store(old) as store:
            assert read_files(store, store.catalog.versions.resolve("p", "data", "v0")) == {"a": b"1"}
    assert form(old) == ("3", True)
    (backup,) = (old / "backups").iterdir()
    assert backup.name.startswith("catalog-form2-")
    connection = sqlite3.connect(backup)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("SELECT value FROM store_meta WHERE key='form'").fetchone() == ("2",)
    assert connection.execute("SELECT count(*) FROM version").fetchone() == (1,)
    connection.close()


def test_a_step_that_fails_leaves_the_old_form(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def struck(conn: Connection) -> None:
        add_column(conn)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, struck])
        with pytest.raises(KeyboardInterrupt):
            open_store(old)
    assert form(old) == ("2", False)
    with open_store(old) as store:
        assert store.verify(data=True) == []


def test_a_backup_that_fails_leaves_the_old_form(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, add_column])
    (old / "backups").write_text("a file in the way")
    with pytest.raises(StoreError, match="backups"):
        open_store(old)
    assert form(old) == ("2", False)


def test_a_newer_form_is_refused_with_the_right_advice(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, add_column])
        patch.setattr(migrations, "__version__", "9.9.9")
        open_store(old).close()
    with pytest.raises(NewerFormatError, match=r"form 3, written by jupyter_artifacts 9\.9\.9.*pip install -U"):
        open_store(old)


def test_an_older_form_in_a_read_only_folder_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, add_column])
    monkeypatch.setattr("jupyter_artifacts.store.layout.is_writable", lambda _: False)
    with pytest.raises(ReadOnlyStoreError, match="older form 2"):
        open_store(old)
    assert form(old) == ("2", False)


def layout_of(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table's columns and every index's columns, whatever the words they were made with."""
    connection = sqlite3.connect(database)
    try:
        names = connection.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
        return {
            f"{kind} {name}": sorted(connection.execute(f"PRAGMA {kind}_xinfo({name})").fetchall(), key=str)
            for kind, name in names
        }
    finally:
        connection.close()


def test_a_store_of_the_first_form_is_brought_forward(tmp_path: Path) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "formats" / "form1.zip") as archive:
        archive.extractall(tmp_path / "first")
    with open_store(tmp_path / "first") as first:
        raw = first.catalog.versions.resolve("old", "raw", "gold")
        assert read_files(first, raw)["small.txt"] == b"hello\n"
        assert raw.tags == ("t1", "t2")
        assert first.catalog.versions.resolve("old", "model", "best").number == 1
        (maker,) = first.catalog.edges.makers(raw.id)
        assert maker.config == {"lr": 0.1}
        assert sum(chunk.count for chunk in first.catalog.runs.history(maker.id)) == 5
        assert first.verify(data=True) == []
        log_files(first, "new", {"a": b"1"})
    with open_store(tmp_path / "fresh") as fresh:
        log_files(fresh, "new", {"a": b"1"})

    def columns(root: Path) -> dict[str, list[tuple[object, ...]]]:
        # A column that was added later stands last; its place in the row is no difference.
        return {
            name: sorted((row[1:] for row in rows), key=str) for name, rows in layout_of(root / "catalog.db").items()
        }

    assert columns(tmp_path / "first") == columns(tmp_path / "fresh")


KILLED = """
import os, sys
from jupyter_artifacts.store.catalog import migrations, sqlite
from jupyter_artifacts.store.opening import open_store

def die(*_, **__):
    os.kill(os.getpid(), 9)

def half(conn):
    conn.exec_driver_sql("ALTER TABLE version ADD COLUMN ttl INTEGER")
    conn.exec_driver_sql("DELETE FROM alias")
    die()

moment = sys.argv[2]
if moment == "in the copy":
    os.rename = die
elif moment == "in the step":
    migrations.STEPS[1] = half
elif moment == "before its record":
    migrations.record = die
elif moment == "before the flush":
    os.fdatasync = die
open_store(sys.argv[1])
die()
"""


@pytest.mark.parametrize(
    ("moment", "forms"),
    [
        ("in the copy", {"1"}),
        ("in the step", {"1"}),
        ("before its record", {"1"}),
        ("before the flush", {"1", "2"}),
        ("at the end", {"2"}),
    ],
)
def test_killed_in_the_middle_it_is_the_old_form_or_the_new(tmp_path: Path, moment: str, forms: set[str]) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "formats" / "form1.zip") as archive:
        archive.extractall(tmp_path / "first")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "first"), moment], check=False)
    assert done.returncode == -9
    assert form(tmp_path / "first")[0] in forms
    with open_store(tmp_path / "first") as store:
        assert store.catalog.versions.resolve("old", "raw", "gold").tags == ("t1", "t2")
        assert store.verify(data=True) == []
    assert form(tmp_path / "first")[0] == "2"


class TestDaily:
    def age(self, root: Path, days: float) -> None:
        """Make a store older than it is, and its copies."""
        connection = sqlite3.connect(root / "catalog.db")
        connection.execute("UPDATE store_meta SET value = value - ? WHERE key = 'created_at'", (days * 86_400,))
        connection.commit()
        connection.close()
        for copy in (root / "backups").glob("catalog-*"):
            at = copy.stat().st_mtime - days * 86_400
            os.utime(copy, (at, at))

    def copies(self, root: Path) -> list[str]:
        return sorted(path.name for path in (root / "backups").iterdir()) if (root / "backups").exists() else []

    def test_a_copy_is_made_at_closing_once_a_day(self, old: Path) -> None:
        open_store(old).close()
        assert self.copies(old) == [], "not in a store's first day"
        self.age(old, 2)
        for _ in range(2):
            open_store(old).close()
        (name,) = self.copies(old)
        connection = sqlite3.connect(old / "backups" / name)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM version").fetchone() == (1,)
        connection.close()

    def test_seven_are_kept_and_torn_ones_go(self, old: Path) -> None:
        (old / "backups").mkdir()
        for day in range(1, 10):
            (old / "backups" / f"catalog-2020010{day}.db").touch()
        (old / "backups" / "catalog-20200101.db.77.part").touch()
        (old / "backups" / "catalog-form1-20200101T000000-7.db").touch()
        self.age(old, 2)
        (old / "backups" / "catalog-20200102.db.78.part").touch()
        open_store(old).close()
        kept = self.copies(old)
        assert [name for name in kept if name.startswith("catalog-2020")] == [
            "catalog-20200102.db.78.part",
            *(f"catalog-2020010{day}.db" for day in range(4, 10)),
        ]
        assert "catalog-form1-20200101T000000-7.db" in kept, "what was kept before a migration stays"
        assert len(kept) == 1 + 6 + 1 + 1

    def test_a_large_catalog_is_its_keepers_work(self, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(daily, "CHEAP", 1000)
        self.age(old, 2)
        open_store(old).close()
        assert self.copies(old) == []

    def test_one_that_fails_is_told_and_harms_nothing(self, old: Path, caplog: pytest.LogCaptureFixture) -> None:
        (old / "backups").write_text("a file in the way")
        self.age(old, 2)
        with caplog.at_level(logging.WARNING, "jupyter_artifacts"):
            open_store(old).close()
        assert ["daily copy" in record.getMessage() for record in caplog.records] == [True]
