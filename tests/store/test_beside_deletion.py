"""Looking over a store while another process deletes a version and collects what only that version needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.tracking.artifact.dangling import dangling_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import VersionRecord


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Return a store with two versions of one artifact that share nothing."""
    where = str(tmp_path / "store")
    for text in ("first", "second"):
        with ja.init(project="p", store=where) as run:
            artifact = ja.Artifact("data", "dataset")
            with artifact.new_file("a.txt") as out:
                out.write(text * 100_000)
            run.log_artifact(artifact).wait()
    return where


def lose_first(store: str) -> None:
    """Delete the first version, and free its bytes, as another process would."""
    ja.Api(store=store).artifact("p/data:v0").delete(delete_aliases=True)
    ja.gc(store=store, now=True)


def told_by_dangling(store: str) -> list[str]:
    return list(dangling_files(open_store(store)))


def told_by_du(store: str) -> list[str]:
    return [of.name for one in ja.du(store=store).artifacts for of in one.versions]


def told_by_verify(store: str) -> list[str]:
    return [str(problem) for problem in ja.verify(store=store)]


@pytest.mark.parametrize(
    ("room", "told", "wanted"),
    [
        ("tracking.artifact.dangling", told_by_dangling, []),
        ("store.du", told_by_du, ["data:v1"]),
        ("store.verify", told_by_verify, []),
    ],
)
def test_a_version_that_goes_after_it_was_listed(
    room: str, told: Callable[[str], list[str]], wanted: list[str], store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module(f"jupyter_artifacts.{room}")
    really = module.versions

    def listed(catalog: Catalog) -> Iterator[VersionRecord]:
        monkeypatch.setattr(module, "versions", really)
        found = list(really(catalog))
        lose_first(store)
        yield from found

    monkeypatch.setattr(module, "versions", listed)
    assert told(store) == wanted
    assert module.versions is really, "nothing was listed"


def test_bytes_that_go_before_they_are_hashed(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("jupyter_artifacts.store.verify")
    really = module.Inspection.hash

    def hashed(self: object, share: float, seconds: float) -> None:
        lose_first(store)
        really(self, share, seconds)

    monkeypatch.setattr(module.Inspection, "hash", hashed)
    assert [str(problem) for problem in ja.verify(store=store, data=True)] == []


def test_a_forecast_beside_a_collector(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("jupyter_artifacts.store.gc.collect")
    really = module.Marker.mark
    began: list[str] = []

    def marked(self: object, roots: object) -> object:
        if not began:
            began.append("once")
            lose_first(store)
        return really(self, roots)

    monkeypatch.setattr(module.Marker, "mark", marked)
    assert ja.gc(store=store, dry_run=True).deleted == 0
    assert began
