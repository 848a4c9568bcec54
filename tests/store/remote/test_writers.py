"""Sessions as rows, on both engines and in memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import UsageError, VanishedError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.writers import Nobody
from jupyter_artifacts.testing.memory import MemoryWriters
from jupyter_artifacts.testing.publications import publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.writers import Writers

A, B = "a" * 20, "b" * 20


@pytest.fixture(params=["sqlite", "postgres"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    name = str(tmp_path / "one")
    if request.param == "postgres":
        name = f"{request.getfixturevalue('postgres').database()} {name}"
    with open_store(name) as store:
        yield store.catalog


@pytest.fixture
def writers(catalog: Catalog) -> Writers:
    return catalog.writers


def blob(data: bytes, session: str) -> Stored:
    return Stored(digest_of(data, "blake3"), len(data), Place(f"{session}000001@8"))


def test_in_memory_as_in_the_catalog() -> None:
    test_they_come_beat_and_go(MemoryWriters())


def test_they_come_beat_and_go(writers: Writers) -> None:
    writers.enter(A, "here", 3)
    writers.enter(B, "there", 4)
    first, second = writers.active()
    assert (first.id, first.host, first.condemn_seq) == (A, "here", 3)
    writers.beat(A)
    assert {writer.id: writer for writer in writers.active()}[A].heartbeat_at >= first.heartbeat_at
    writers.revoke([B])
    assert [writer.id for writer in writers.active()] == [A]
    writers.enter("c" * 20, "here", 5, ended=[A])
    assert [writer.id for writer in writers.active()] == ["c" * 20]
    writers.leave(["c" * 20])
    assert list(writers.active()) == []
    with writers.alone():
        assert second.host == "there"


def test_blobs_of_a_revoked_one_are_refused_everywhere(catalog: Catalog) -> None:
    catalog.writers.enter(A, "here", 0)
    catalog.writers.enter(B, "here", 0)
    fine, gone = blob(b"fine", B), blob(b"gone", A)
    catalog.writers.revoke([A])
    catalog.writers.leave([A])
    for blobs in ((gone,), (fine, gone)):
        with pytest.raises(VanishedError) as caught:
            catalog.blobs.replace(blobs)
        assert caught.value.digests == (gone.digest,)
        with pytest.raises(VanishedError):
            catalog.versions.publish(publication("one", blobs=blobs))
    assert list(catalog.blobs.all()) == []
    assert list(catalog.versions.projects()) == []
    catalog.blobs.replace([fine])
    assert list(catalog.blobs.all()) == [fine]


def test_nobody_writes_to_what_is_only_read() -> None:
    nobody = Nobody()
    with pytest.raises(UsageError):
        nobody.enter(A, "here", os.getpid())
    nobody.beat(A)
    nobody.leave([A])
    nobody.revoke([A])
    with nobody.alone():
        assert nobody.active() == ()
