"""From one form of the catalog to the next."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NewerFormatError, ReadOnlyStoreError, StoreError
from jupyter_artifacts.store.catalog import migrations
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
