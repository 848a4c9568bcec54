"""A catalog that lost its last commits is not taken for a sound one."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CatalogDamagedError, StoreError
from jupyter_artifacts.store.catalog.high_water import HighWater
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.rebuild import rebuild
from jupyter_artifacts.store.records import NewRun

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


def start(store: Store, *names: str) -> None:
    """Commit once for each name."""
    for name in names:
        store.catalog.runs.start(NewRun(name, "p", name))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def earlier(root: Path, tmp_path: Path) -> Path:
    """Make a store with three commits; return a copy of its catalog as it was after the first."""
    kept = tmp_path / "earlier.db"
    with open_store(root) as store:
        start(store, "a")
    shutil.copy(root / "catalog.db", kept)
    with open_store(root) as store:
        start(store, "b", "c")
    return kept


@pytest.mark.parametrize("number", [0, 1, 7, 10**18])
def test_the_number_only_grows(tmp_path: Path, number: int) -> None:
    high = HighWater(str(tmp_path / "catalog.db"))
    assert high.read() == 0
    high.note(number)
    high.note(number - 1 if number else 0)
    assert high.read() == number
    high.note(number + 1)
    assert high.read() == number + 1
    high.forget()
    high.forget()
    assert high.read() == 0


@pytest.mark.parametrize("place", [0, 19, 20, 22, 29])
def test_a_rotten_number_says_nothing(tmp_path: Path, place: int) -> None:
    path = tmp_path / "catalog.db-high"
    high = HighWater(str(tmp_path / "catalog.db"))
    high.note(5)
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)
    assert high.read() == 0
    high.note(6)
    assert high.read() == 6


def test_a_folder_that_takes_no_number_fails_nobody(tmp_path: Path) -> None:
    (tmp_path / "catalog.db-high").mkdir()
    high = HighWater(str(tmp_path / "catalog.db"))
    high.note(5)
    assert high.read() == 0


@pytest.mark.parametrize("read_only", [False, True])
def test_an_older_copy_is_refused_and_rebuilt_from_the_journal(root: Path, earlier: Path, read_only: bool) -> None:
    shutil.copy(earlier, root / "catalog.db")
    if read_only:
        (root / "catalog.db").chmod(0o444)
    with pytest.raises(CatalogDamagedError, match=r"the last 2 commits are missing.*jupyter artifacts rebuild"):
        open_store(root)
    assert rebuild(root).runs == 3
    with open_store(root) as store:
        start(store, "d")
        assert store.verify() == []


def test_a_log_that_was_deleted_or_has_rotted_is_noticed(root: Path, tmp_path: Path) -> None:
    with open_store(root) as store:
        start(store, "a", "b", "c")
        shutil.copytree(root, tmp_path / "killed")  # as a kill leaves it: with its log
    for how in ("sound", "rotten", "deleted"):
        copy = tmp_path / how
        shutil.copytree(tmp_path / "killed", copy)
        wal = copy / "catalog.db-wal"
        if how == "deleted":
            wal.unlink()
        if how == "rotten":
            raw = bytearray(wal.read_bytes())
            raw[-2000] ^= 1  # in the last commit
            wal.write_bytes(raw)
        if how == "sound":
            with open_store(copy) as store:
                assert store.verify() == []
        else:
            with pytest.raises(CatalogDamagedError, match="commits are missing"):
                open_store(copy)
            assert rebuild(copy).runs == 3


def test_a_catalog_that_goes_back_while_it_is_open_takes_no_commit(root: Path) -> None:
    with open_store(root) as store:
        start(store, "a")
        HighWater(str(root / "catalog.db")).note(100)
        with pytest.raises(CatalogDamagedError, match="commits are missing"):
            start(store, "b")


@pytest.mark.skipif(not hasattr(os, "fdatasync"), reason="only here the log is flushed by us")
def test_a_commit_into_a_deleted_log_is_not_acknowledged(root: Path) -> None:
    with open_store(root) as store:
        start(store, "a")
        (root / "catalog.db-wal").unlink()
        with pytest.raises(StoreError, match="was deleted while it was written"):
            start(store, "b")
