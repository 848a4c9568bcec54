"""A catalog that was lost or damaged comes back: versions, numbers, names, runs, lineage; what is gone is told."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import CatalogDamagedError, NotFoundError, ReadOnlyStoreError, StoreError
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.rebuild import rebuild
from jupyter_artifacts.store.records import (
    CollectionChanges,
    HistoryChunk,
    Query,
    RunChanges,
    RunFile,
    VersionChanges,
)
from jupyter_artifacts.store.verify import versions
from jupyter_artifacts.testing.publications import run
from jupyter_artifacts.testing.stores import log_files, read_files
from tests.store.damage import where

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.store import Store


def fill(store: Store) -> None:
    """Make a bit of everything that a catalog holds."""
    catalog = store.catalog
    catalog.runs.start(run("r1", config={"lr": 0.5, "nan": float("inf")}, tags=("b", "a")))
    catalog.runs.start(run("r2", notes="\0odd"))
    first = log_files(store, "data", {"a": b"a" * 1000, "b": b"b"}, run_id="r1", metadata={"k": [1, None]}).version
    second = log_files(store, "data", {"a": b"a" * 1000}, run_id="r1", aliases=("latest", "best"), ttl=99).version
    log_files(store, "data", {"a": b"gone"})
    model = log_files(store, "model", {"m": b"m" * 300_000}, run_id="r2", project="q", tags=("t",)).version
    catalog.versions.delete(catalog.versions.resolve("p", "data", "latest").id)
    catalog.versions.change(first.id, VersionChanges(aliases=("old",), tags=("x", "y"), description="first"))
    catalog.edges.use("r2", first.id, "train")
    catalog.edges.use("r2", second.id)
    with closing(store.session()) as session:
        file = session.put_bytes(b"a picture")
        catalog.runs.add_files("r1", [RunFile("media/x.png", file.digest, file.size)], session.seal())
    catalog.runs.append_history("r1", HistoryChunk(0, 1, '[{"_step": 0, "loss": 1}]'))
    catalog.runs.change("r1", RunChanges(state="finished", summary={"loss": 1}, ended_at=1_700_000_100.0, exit_code=0))
    catalog.links.link(model.id, "registry", "Best", ["prod"])
    catalog.links.link(first.id, "registry", "Data", [])
    renamed = catalog.collections.find("p", "data")
    assert renamed is not None
    catalog.collections.change(renamed.id, CollectionChanges(name="digits", tags=("vision",), description="all"))
    log_files(store, "digits", {"a": b"after"}, run_id="r2")


def everything(store: Store) -> dict[str, object]:
    """Return what a catalog says, but for the clock's part of it."""
    catalog = store.catalog
    runs = catalog.runs.page(Query(limit=100)).rows
    live = list(versions(catalog))
    return {
        "versions": [replace(version, created_at=0.0, updated_at=0.0) for version in live],
        "files": [read_files(store, version) for version in live],
        "collections": [
            (c.project, c.name, c.type, c.description, c.tags, c.versions, c.newest, c.size)
            for c in catalog.versions.collections(Query(limit=100)).rows
        ],
        "runs": [replace(one, heartbeat_at=0.0) for one in runs],
        "history": [list(catalog.runs.history(r.id)) for r in runs],
        "run files": [catalog.runs.files(r.id) for r in runs],
        "lineage": catalog.edges.lineage(),
        "links": [
            (link.project, link.name, link.number, link.aliases, link.version.id)
            for link in catalog.links.page(Query(limit=100)).rows
        ],
        "check": catalog.check(),
    }


def harm(path: Path, how: str) -> None:
    """Damage a catalog's file."""
    data = path.read_bytes()
    damaged = {
        "header": b"\xff" * 100 + data[100:],
        "page": data[: 4096 * 3] + os.urandom(4096) + data[4096 * 4 :],
        "half": data[: len(data) // 2],
        "empty": b"",
        "noise": os.urandom(len(data)),
    }
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(damaged[how])


@pytest.mark.parametrize("how", ["gone", "header", "page", "half", "empty", "noise"])
def test_everything_comes_back(store: Store, how: str) -> None:
    fill(store)
    before = everything(store)
    root = store.root
    store.close()
    harm(Path(root, "catalog.db"), how)
    done = rebuild(root)
    with open_store(root) as again:
        after = everything(again)
        assert again.verify(data=True) == []
        assert again.gc(now=True).deleted == 2, "the files of the deleted version alone"
        assert after == before
        assert log_files(again, "digits", {"a": b"after the end"}).version.number == 4
        assert again.catalog.check() == []
    assert (done.versions, done.runs, done.damaged) == (4, 2, ())
    assert done.blobs > 10
    kept = Path(done.kept)
    assert (how == "gone") == (not done.kept)
    if done.kept:
        assert kept.parent == Path(root)
    assert done.notes == ()


def test_history_that_is_lost_is_told(store: Store) -> None:
    for name in ("whole", "holed", "old", "none"):
        store.catalog.runs.start(run(name))
    for name in ("whole", "holed", "old"):
        for part in range(3):
            store.catalog.runs.append_history(name, HistoryChunk(part, 1, f'[{{"i": {part}}}]'))
    whole = list(store.catalog.runs.history("whole"))
    journal = Path(store.root, "catalog.jsonl")
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["run"] == "old":
            line.pop("cache_key", None)
    kept = [
        line
        for line in lines
        if (line["run"], line["what"]) != ("old", "history") and (line["run"], line.get("part")) != ("holed", 1)
    ]
    journal.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    Path(store.root, "catalog.db").unlink()
    done = rebuild(store.root)
    assert done.notes == ("rows of the history of 2 runs are lost: holed, old",)
    with open_store(store.root) as again:
        assert list(again.catalog.runs.history("whole")) == whole
        assert [chunk.sequence for chunk in again.catalog.runs.history("holed")] == [0, 2]


def test_a_sound_catalog_gives_the_history_too(store: Store) -> None:
    fill(store)
    before = everything(store)
    rebuild(store.root)
    with open_store(store.root) as again:
        assert everything(again) == before


def test_the_error_names_the_command(store: Store) -> None:
    log_files(store, "data", {"a": b"a"})
    root = store.root
    store.close()
    harm(Path(root, "catalog.db"), "header")
    with pytest.raises(CatalogDamagedError, match=r"jupyter artifacts rebuild.*jupyter_artifacts\.rebuild\("):
        open_store(root)


def test_damaged_files_are_told_by_version(store: Store) -> None:
    log_files(store, "whole", {"a": b"a"})
    lost = log_files(store, "lost", {"b": b"b" * 2000}).version
    cut = log_files(store, "cut", {"c": b"c" * 300_000}).version
    path, _, _ = where(store, lost.root)
    path.unlink()
    path, _, _ = where(store, cut.root)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])
    Path(store.root, "catalog.db").unlink()
    done = rebuild(store.root)
    assert [line.split(":")[0] for line in done.damaged] == ["lost", "cut"]
    assert any("has no end" in note for note in done.notes)
    with open_store(store.root) as again:
        assert again.catalog.check() == []
        assert log_files(again, "lost", {"b": b"b" * 2000}).created is False
        assert [problem.where for problem in again.verify(data=True)] == ["cut:v0"], "logging it again healed the other"


def test_a_journal_of_the_first_release(store: Store) -> None:
    """It knows no ids, no runs, no uses; a run is then known by its id alone."""
    store.catalog.runs.start(run("r1"))
    for number in range(3):
        log_files(store, "data", {"a": bytes([number])}, run_id="r1")
    path = Path(store.root, "catalog.jsonl")
    old = []
    for line in map(json.loads, path.read_text().splitlines()):
        if line["what"] == "publish":
            for name in ("id", "history_step", "ttl", "commit_id"):
                line.pop(name, None)
            old.append(json.dumps(line))
    path.write_text("\n".join(old) + "\n")
    Path(store.root, "catalog.db").unlink()
    done = rebuild(store.root)
    assert (done.versions, done.runs, done.damaged) == (3, 1, ())
    assert any("by their ids alone" in note for note in done.notes)
    with open_store(store.root) as again:
        assert [version.label for version in again.catalog.edges.outputs("r1")] == ["data:v0", "data:v1", "data:v2"]
        assert again.catalog.check() == []


def test_lines_that_are_lost_or_make_no_sense(store: Store) -> None:
    """Numbers stay without gaps; a line of a transaction that failed is overruled by the next one."""
    for number in range(4):
        log_files(store, "data", {"a": bytes([number])})
    path = Path(store.root, "catalog.jsonl")
    lines = path.read_text().splitlines()
    never = json.loads(lines[3]) | {"digest": "ab" * 32, "commit_id": "never", "files": 7}
    other = json.loads(lines[3]) | {"name": "other", "version": 0}
    del other["commit_id"]
    strange = ['{"what": "publish"}', '{"what": "unheard of"}', "[]", '{"what": "run", "run": 3}', "torn {"]
    path.write_text("\n".join([lines[0], lines[2], *strange, json.dumps(never), lines[3], json.dumps(other)]) + "\n")
    Path(store.root, "catalog.db").unlink()
    done = rebuild(store.root)
    assert any("3 lines of the journal made no sense" in note for note in done.notes)
    assert any("v1" in note for note in done.notes)
    with open_store(store.root) as again:
        found = {version.label: version.files for version in versions(again.catalog)}
        assert found == {"data:v0": 1, "data:v2": 1, "other:v0": 1}, "an id that was given again belongs to the later"
        assert again.catalog.check() == []


def test_without_journal_and_mark_the_bytes_are_kept(store: Store) -> None:
    log_files(store, "data", {"a": b"a"})
    for name in ("catalog.jsonl", "catalog.db", "store.json"):
        Path(store.root, name).unlink()
    algorithm, root = store.algorithm, store.root
    done = rebuild(root)
    assert (done.versions, done.runs, done.blobs) == (0, 0, 3)
    with open_store(root) as again:
        assert again.algorithm == algorithm
        assert log_files(again, "data", {"a": b"a"}).version.number == 0


@pytest.mark.parametrize("what", ["", "{", '{"format": 1, "id": "x", "hash": "md5"}', "\xff"])
def test_a_damaged_mark_is_written_anew(store: Store, what: str) -> None:
    log_files(store, "data", {"a": b"a", "b": b"b"})
    root, mark = Path(store.root), Path(store.root, "store.json")
    was = json.loads(mark.read_text(encoding="utf-8"))
    store.close()
    mark.write_bytes(what.encode("latin-1"))
    with pytest.raises(StoreError, match=r"store.json cannot be read.*jupyter artifacts rebuild"):
        open_store(root)
    assert rebuild(root).versions == 1
    assert json.loads(mark.read_text(encoding="utf-8")) == was
    assert [path.read_bytes() for path in root.glob("store.json.damaged-*")] == [what.encode("latin-1")]
    with open_store(root) as again:
        assert again.verify(data=True) == []


@pytest.mark.parametrize("name", ["rename", "unlink", "fsync"])
def test_killed_at_any_moment_nothing_has_happened_or_all(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The store opens with everything in it, without a second rebuild, which would do no harm either."""
    fill(store)
    before = everything(store)
    root = store.root
    real, struck = getattr(os, name), 0
    for number in itertools.count(1):
        calls = [0]

        def dying(*given: object, real: Callable[..., None] = real, calls: list[int] = calls, at: int = number) -> None:
            calls[0] += 1
            if calls[0] == at:
                raise KeyboardInterrupt
            real(*given)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, dying)
            try:
                rebuild(root)
            except KeyboardInterrupt:
                struck += 1
        if calls[0] < number:
            break
        with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
            calls[0] = 0
            patch.setattr(os, name, dying)
            rebuild(root)  # and the second one is killed at the same place
        with open_store(root) as again:
            assert everything(again) == before, (name, number)
        rebuild(root)
        with open_store(root) as again:
            assert everything(again) == before, (name, number)
    assert struck
    assert list(Path(root).glob("catalog.db.ready-*")) == []


def test_a_new_catalog_that_never_came_to_its_place_is_none(store: Store) -> None:
    """It may be older than what was lost since: only where the old one was renamed for it does it count."""
    fill(store)
    store.close()
    root = Path(store.root)
    shutil.copy(root / "catalog.db", root / "catalog.db.ready-20200101T000000-1")
    (root / "catalog.db").unlink()
    with pytest.raises(CatalogDamagedError, match="missing"):
        open_store(root)
    rebuild(root)
    assert list(root.glob("catalog.db.ready-*")) == []


def test_the_log_of_a_killed_writer_is_not_taken_for_the_new_ones(store: Store) -> None:
    """A write-ahead log beside another database would be replayed into it."""
    log_files(store, "data", {"a": b"a"})
    root = Path(store.root)
    wal = (root / "catalog.db-wal").read_bytes()
    store.close()
    (root / "catalog.db-wal").write_bytes(wal)
    rebuild(root)
    assert not (root / "catalog.db-wal").exists()
    with closing(sqlite3.connect(root / "catalog.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        rebuild(tmp_path)


def test_a_store_that_cannot_be_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ReadOnlyStoreError):
        rebuild(store.root)
    monkeypatch.undo()
    assert Path(store.root, layout.CATALOG).exists()


def test_a_folder_in_the_place_of_the_mark(store: Store) -> None:
    log_files(store, "data", {"a": b"a"})
    mark = Path(store.root, "store.json")
    store.close()
    mark.unlink()
    mark.mkdir()
    with pytest.raises(StoreError, match=r"store.json cannot be read.*jupyter artifacts rebuild"):
        open_store(store.root)
    assert rebuild(store.root).versions == 1
    assert mark.is_file()
