"""Digests that a session relies on: seen when damaged, not read again when nothing has touched them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.testing.rot import flip, whereabouts
from tests.store.session_files import begin, finish, make_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

FEW_MB = 4 << 20


@pytest.mark.parametrize("size", [1000, 2_000_000], ids=["packed", "loose"])
def test_damage_is_seen_and_healed_whatever_the_cache_says(store: Store, tmp_path: Path, size: int) -> None:
    """A stamp that was remembered is no longer right once the file was touched."""
    (source,) = make_files(tmp_path / "s", 1, size)
    session = begin(store)
    digest = session.put_file(source.path).digest
    session.seal()
    time.sleep(0.02)
    finish(store, session)
    flip(store, digest)
    session = begin(store)
    assert session.reuse([digest]) == {}
    session.put_file(source.path)
    assert finish(store, session) == size
    assert store.read(digest, "it") == Path(source.path).read_bytes()


@pytest.mark.parametrize("size", [1000, 2_000_000], ids=["packed", "loose"])
def test_what_nothing_has_touched_is_not_read_again(
    store: Store, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = make_files(tmp_path / "s", 1, size)
    session = begin(store)
    digest = session.put_file(source.path).digest
    session.seal()
    time.sleep(0.02)
    finish(store, session)
    monkeypatch.setattr(os, "readv", lambda *_: pytest.fail("read"))
    monkeypatch.setattr(os, "pread", lambda *_: pytest.fail("read"))
    session = begin(store)
    assert list(session.reuse([digest])) == [digest]
    session.close()


def test_a_cache_that_is_lost_costs_one_reading(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = make_files(tmp_path / "s", 20, 1000)
    session = begin(store)
    digests = [one.digest for one in session.put_files(sources)]
    finish(store, session)
    name = whereabouts(store, digests[0])[0].stem
    time.sleep(0.02)
    for file in ("cache.db", "cache.db-wal", "cache.db-shm"):
        Path(store.root, file).unlink(missing_ok=True)
    with begin(store) as session:
        assert len(session.reuse(digests)) == 20
    monkeypatch.setattr(os, "pread", lambda *_: pytest.fail("read"))
    with begin(store) as session:
        assert len(session.reuse(digests)) == 20
        assert list(session._blobs.stamps.find([name, "f" * 30])) == [name]
