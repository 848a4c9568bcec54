"""The journal that a lost catalog can be rebuilt from."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreFullError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.catalog.journal import Journal
from jupyter_artifacts.store.records import HistoryChunk, RunChanges, RunFile, VersionChanges
from jupyter_artifacts.testing.publications import publication, run
from jupyter_artifacts.testing.stores import log_files

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.store import Store


def journal(store: Store) -> Journal:
    """Return the store's journal."""
    return Journal(f"{store.root}/catalog.jsonl")


def test_each_change_of_a_version_has_its_line(store: Store) -> None:
    first = log_files(store, "data", {"a": b"1"}, metadata={"nan": float("inf"), "text": "\0"}).version
    second = log_files(store, "data", {"a": b"2"}, aliases=("best",)).version
    store.catalog.versions.change(second.id, VersionChanges(tags=("t",)))
    store.catalog.versions.delete(first.id)
    lines = list(journal(store).lines())
    assert [(line["what"], line["version"]) for line in lines] == [
        ("publish", 0),
        ("publish", 1),
        ("change", 1),
        ("delete", 0),
    ]
    assert (lines[0]["digest"], lines[0]["root"]) == (first.digest.hex(), first.root.hex())
    assert lines[0]["metadata"] == first.metadata
    assert lines[1]["aliases"] == ["latest", "best"]
    assert lines[2]["tags"] == ["t"]


@pytest.mark.parametrize("torn", ['{"what": "publ', "\n", "", "[]\n", '{"$ja": "unheard of"}\n', "\udcff\n"])
def test_a_torn_line_spoils_no_other(store: Store, tmp_path: Path, torn: str) -> None:
    log_files(store, "data", {"a": b"1"})
    with (tmp_path / "store" / "catalog.jsonl").open("ab") as file:
        file.write(torn.encode("utf-8", "surrogateescape"))
    log_files(store, "data", {"a": b"2"})
    assert [line["version"] for line in journal(store).lines()] == [0, 1]


def test_a_journal_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert list(Journal(str(tmp_path / "none")).lines()) == []


def test_a_version_without_its_line_is_not_committed(store: Store) -> None:
    log_files(store, "data", {"a": b"1"})
    new = publication("x", name="data")
    with pytest.MonkeyPatch.context() as patch:

        def full(*_: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(os, "write", full)
        with pytest.raises(StoreFullError):
            store.catalog.versions.publish(new)
    assert store.catalog.versions.resolve("p", "data", "latest").number == 0
    assert store.catalog.versions.publish(new).version.number == 1


def test_runs_uses_and_files_have_their_lines(store: Store) -> None:
    """A heartbeat and a summary alone do not: they change all the time."""
    catalog = store.catalog
    catalog.runs.start(run("r1", config={"lr": float("nan")}))
    version = log_files(store, "data", {"a": b"1"}).version
    catalog.edges.use("r1", version.id, "train")
    entry = next(iter(store.manifest(version)))
    catalog.runs.add_files("r1", [RunFile("x.png", Digest(entry.digest), 1)], [])
    catalog.runs.change("r1", RunChanges(heartbeat_at=5.0, summary={"a": 1}))
    catalog.runs.change("r1", RunChanges(state="finished", ended_at=9.0))
    lines = list(journal(store).lines())
    assert [line["what"] for line in lines] == ["run", "publish", "use", "files", "run"]
    assert (lines[2]["run"], lines[2]["id"], lines[2]["as"]) == ("r1", version.id, "train")
    assert lines[3]["files"] == [["x.png", entry.digest.hex(), 1]]
    assert (lines[4]["state"], lines[4]["summary"], lines[4]["ended_at"]) == ("finished", {"a": 1}, 9.0)
    assert journal(store).newest() == version.id


def test_the_newest_is_among_the_last_lines(tmp_path: Path) -> None:
    lines = Journal(str(tmp_path / "j"))
    assert lines.newest() == 0
    lines.append({"what": "publish", "id": 900})
    for number in range(2000):
        lines.append({"what": "publish", "id": number % 300, "text": "x" * 50})
    assert lines.newest() == 299
    with (tmp_path / "j").open("ab") as file:
        file.write(b'{"what": "publ\xff')
    assert lines.newest() == 299


def test_the_newest_id_is_found_behind_a_long_history(store: Store) -> None:
    started = store.catalog.runs.start(run("r"))
    store.catalog.runs.append_history("r", HistoryChunk(0, 1, f'["{"x" * 700_000}"]'))
    assert journal(store).newest() == started.sequence
    store.catalog.runs.append_history("r", HistoryChunk(0, 1, "[]"))
    assert [line["what"] for line in journal(store).lines()] == ["run", "history"], "a part that is there is not told"
