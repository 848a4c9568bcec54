"""Making a store, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    CatalogDamagedError,
    NewerFormatError,
    NotFoundError,
    ReadOnlyStoreError,
    StoreError,
    UsageError,
)
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_what_a_new_store_holds(tmp_path: Path) -> None:
    with open_store(tmp_path / "s") as store:
        facts = json.loads((tmp_path / "s" / "store.json").read_text())
        assert (facts["format"], facts["id"], facts["hash"]) == (1, store.id, store.algorithm)
        assert (tmp_path / "s" / ".gitignore").read_text() == "*\n"
        assert len(list((tmp_path / "s" / "blobs").iterdir())) == 256
        assert not list((tmp_path / "s").glob("*.new*"))


def test_opening_without_making(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no store"):
        open_store(tmp_path / "s", create=False)
    assert not (tmp_path / "s").exists()


def test_an_empty_folder_that_is_named_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    with open_store(tmp_path / "s", create=False) as store:
        assert store.verify(data=True) == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").touch()
    with pytest.raises(NotFoundError):
        open_store(tmp_path / "other", create=False)
    with pytest.raises(NotFoundError):
        open_store(start=tmp_path, create=False)
    assert not (tmp_path / ".jupyter_artifacts").exists()


class Struck(BaseException):
    """The process dies here."""


def strike(monkeypatch: pytest.MonkeyPatch, name: str, nth: int) -> Callable[[], bool]:
    """Let the n-th call of an os function be the last thing that happens; tells whether it came to that."""
    real = getattr(os, name)
    calls = 0

    def call(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise Struck
        return real(*args, **more)

    monkeypatch.setattr(os, name, call)
    return lambda: calls >= nth


@pytest.mark.parametrize("name", ["open", "mkdir", "write", "fsync", "rename", "listdir", "unlink"])
@pytest.mark.parametrize("nth", [1, 2, 4, 9, 200])
def test_creation_struck_at_any_step_is_finished_by_the_next(name: str, nth: int, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with pytest.MonkeyPatch.context() as patch:
        struck = strike(patch, name, nth)
        try:
            open_store(folder).close()
        except Struck:
            assert struck()
    with open_store(folder) as store:
        log_files(store, "data", {"a": b"1"})
        assert store.verify(data=True) == []
    assert not list(folder.glob("*.new*"))


def test_two_processes_make_one_store(tmp_path: Path) -> None:
    code = "import sys; from jupyter_artifacts.store.opening import open_store; print(open_store(sys.argv[1]).id)"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "s")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ids = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert len(ids) == 1


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("dear")
    with pytest.raises(UsageError, match=r"thesis\.tex"):
        open_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(UsageError, match="is a file"):
        open_store(tmp_path / "thesis.tex")


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "makedirs", refuse)
    with pytest.raises(ReadOnlyStoreError, match="JUPYTER_ARTIFACTS_STORE"):
        open_store(tmp_path / "s")


def test_a_newer_store_is_refused_with_the_right_advice(tmp_path: Path) -> None:
    open_store(tmp_path / "s").close()
    mark = tmp_path / "s" / "store.json"
    facts = json.loads(mark.read_text())
    mark.write_text(json.dumps({**facts, "format": 2, "created_by": "9.9.9", "unheard": "of"}))
    with pytest.raises(NewerFormatError, match=r"9\.9\.9.*pip install -U jupyter_artifacts"):
        open_store(tmp_path / "s")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "x"}', '{"format": 1, "hash": "md5", "id": "x"}', "\udcff"]
)
def test_an_unreadable_mark_is_told(text: str, tmp_path: Path) -> None:
    open_store(tmp_path / "s").close()
    (tmp_path / "s" / "store.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError, match=r"store\.json"):
        open_store(tmp_path / "s")


def test_a_lost_mark_is_written_again_from_the_catalog(tmp_path: Path) -> None:
    with open_store(tmp_path / "s") as store:
        log_files(store, "data", {"a": b"1"})
        info = layout.read_info(store.root)
    (tmp_path / "s" / "store.json").unlink()
    with open_store(tmp_path / "s") as store:
        assert layout.read_info(store.root) == info
        assert read_files(store, store.catalog.versions.resolve("p", "data", "v0")) == {"a": b"1"}


def test_blobs_without_mark_and_catalog_are_not_covered_by_a_new_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "s") as store:
        log_files(store, "data", {"a": b"1"})
    for name in ("store.json", "catalog.db"):
        (tmp_path / "s" / name).unlink()
    with pytest.raises(CatalogDamagedError, match="backup"):
        open_store(tmp_path / "s")


def test_a_lost_catalog_is_told(tmp_path: Path) -> None:
    open_store(tmp_path / "s").close()
    (tmp_path / "s" / "catalog.db").unlink()
    with pytest.raises(CatalogDamagedError, match="missing"):
        open_store(tmp_path / "s")
    assert not (tmp_path / "s" / "catalog.db").exists()


def test_a_store_whose_empty_folders_were_lost_opens(tmp_path: Path) -> None:
    with open_store(tmp_path / "s") as store:
        log_files(store, "data", {"a": b"1"})
    for folder in [*(tmp_path / "s" / "blobs").iterdir(), tmp_path / "s" / "tmp"]:
        if not list(folder.iterdir()):
            folder.rmdir()
    (tmp_path / "s").rename(tmp_path / "elsewhere")
    with open_store(tmp_path / "elsewhere") as store:
        assert log_files(store, "data", {"a": b"2"}).version.number == 1
        assert store.verify(data=True) == []
