"""The cache: whatever happens to it costs time and nothing else."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store import cache_db
from jupyter_artifacts.store.cache_db import CacheDb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[CacheDb]:
    opened = CacheDb(str(tmp_path))
    yield opened
    opened.close()


def test_values_come_back(cache: CacheDb, tmp_path: Path) -> None:
    values = {b"%d" % number: os.urandom(number) for number in range(1200)}
    cache.put("tree", values)
    assert cache.get_many("tree", list(values)) == values
    assert cache.get("tree", b"none") is None
    assert cache.get("other", b"7") is None
    cache.put("tree", {b"7": b"new"})
    cache.drop("tree", [b"8", b"none"])
    cache.close()
    again = CacheDb(str(tmp_path))
    assert (again.get("tree", b"7"), again.get("tree", b"8"), again.get("tree", b"9")) == (b"new", None, values[b"9"])
    again.close()


def test_a_store_that_is_only_read_gets_no_cache(tmp_path: Path) -> None:
    cache = CacheDb(str(tmp_path), writable=False)
    cache.put("tree", {b"k": b"v"})
    assert cache.get("tree", b"k") is None
    assert list(tmp_path.iterdir()) == []


def test_no_folder_is_made_for_it(tmp_path: Path) -> None:
    cache = CacheDb(str(tmp_path / "gone"))
    cache.put("tree", {b"k": b"v"})
    assert cache.get("tree", b"k") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["noise", "empty", "cut", "no tables", "another form", "another program's"])
def test_what_is_no_cache_is_begun_anew(cache: CacheDb, tmp_path: Path, damage: str) -> None:
    cache.put("tree", {b"%d" % number: os.urandom(500) for number in range(500)})
    cache.close()
    path = tmp_path / "cache.db"
    if damage == "noise":
        path.write_bytes(os.urandom(20_000))
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        os.truncate(path, 5000)
    else:
        with sqlite3.connect(path) as conn:
            if damage == "no tables":
                conn.execute("DROP TABLE value")
            elif damage == "another form":
                conn.execute("PRAGMA user_version = 99")
            else:
                conn.executescript("PRAGMA user_version = 0; CREATE TABLE mine (x)")
        conn.close()
    for _ in range(3):
        assert cache.get("tree", b"none") is None
        cache.put("tree", {b"k": b"v"})
    assert cache.get("tree", b"k") == b"v"


def test_flipped_bits_never_give_a_wrong_value(cache: CacheDb, tmp_path: Path) -> None:
    """SQLite checks little; each value has a checksum of its own."""
    chance = random.Random(3)  # noqa: S311  where to strike, no secret
    values = {b"%d" % number: b"value %d " % number * 20 for number in range(200)}
    path = tmp_path / "cache.db"
    lost = 0
    for _ in range(25):
        for _ in range(2):  # the first may meet old damage, and delete the file
            cache.put("tree", values)
        cache.close()
        data = bytearray(path.read_bytes())
        for _ in range(40):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        found = cache.get_many("tree", list(values))
        lost += len(values) - len(found)
        assert found.items() <= values.items()
    assert lost > 0, "no bit that mattered was hit"


def test_a_locked_cache_is_gone_without(cache: CacheDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_db, "_BUSY_SECONDS", 0.05)
    cache.put("tree", {b"k": b"v"})
    cache.close()
    other = sqlite3.connect(tmp_path / "cache.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cache.put("tree", {b"k": b"lost"})
    assert cache.get("tree", b"k") == b"v"
    other.execute("ROLLBACK")
    other.close()
    cache.put("tree", {b"k": b"new"})
    assert cache.get("tree", b"k") == b"new"


@pytest.mark.parametrize(("kind", "mode"), [("ext4", "wal"), ("nfs4", "truncate"), ("fuse.sshfs", "truncate")])
def test_no_shared_memory_where_machines_share_the_folder(
    cache: CacheDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, mode: str
) -> None:
    cache.put("tree", {b"k": b"v"})
    cache.close()
    monkeypatch.setattr(cache_db, "file_system", lambda _: kind)
    assert cache.rows("PRAGMA journal_mode") == [(mode,)]
    assert cache.get("tree", b"k") == b"v"
    assert (tmp_path / "cache.db-wal").exists() == (mode == "wal")


def test_a_change_is_whole_or_not_at_all(cache: CacheDb) -> None:
    words = "INSERT INTO stamp VALUES (?, ?, ?, ?, ?)"
    cache.change((words, [("a", 1, 1, 1, 1)]), ("DELETE FROM nothing WHERE x = ?", [(1,)]))
    assert cache.rows("SELECT * FROM stamp") == []


def test_deleted_while_it_is_open(cache: CacheDb, tmp_path: Path) -> None:
    cache.put("tree", {b"k": b"v"})
    for path in tmp_path.glob("cache.db*"):
        path.unlink()
    assert cache.get("tree", b"k") is None
    cache.put("tree", {b"k": b"v"})
    assert CacheDb(str(tmp_path)).get("tree", b"k") == b"v"


def test_threads_and_forks_share_it(cache: CacheDb) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 20):
            cache.put("tree", {b"%d" % number: b"%d" % number})

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    child = os.fork()
    if child == 0:
        cache.put("tree", {b"child": b"was here"})
        os._exit(0 if cache.get("tree", b"301") == b"301" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert cache.get("tree", b"child") == b"was here"
    assert len(cache.rows("SELECT key FROM value")) == 81
