"""Stamps, and what is relied on by them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import packs, soundness
from jupyter_artifacts.store.cache_db import CacheDb
from jupyter_artifacts.store.copying import TICK_NS
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.stamps import Stamp, Stamps, stamp_of
from jupyter_artifacts.testing.rot import flip, whereabouts

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

OLD = Stamp(5, 1, 2, 3)


@pytest.fixture
def stamps(tmp_path: Path) -> Stamps:
    (tmp_path / "cache").mkdir()
    return Stamps(CacheDb(str(tmp_path / "cache")))


def test_stamps_come_back(stamps: Stamps) -> None:
    given = {f"{number:020x}": Stamp(number, 1, 2, 3) for number in range(1200)}
    stamps.remember(given)
    assert stamps.find([*given, "f" * 20]) == given
    stamps.remember({f"{7:020x}": OLD})
    assert stamps.find([f"{7:020x}"]) == {f"{7:020x}": OLD}
    assert stamps.has_size(1199)
    assert not stamps.has_size(1200)


def test_a_file_that_was_changed_a_moment_ago_is_not_remembered(stamps: Stamps) -> None:
    now = time.time_ns()
    stamps.remember({"a" * 20: Stamp(1, 1, now, 1), "b" * 20: Stamp(1, 1, now - 2 * TICK_NS, 1)})
    assert list(stamps.find(["a" * 20, "b" * 20])) == ["b" * 20]


def logged(store: Store, contents: list[bytes]) -> list[Stored]:
    """Log blobs, so long ago that their stamps are remembered."""
    with store.blobs.session(store.catalog.blobs) as session:  # type: ignore[attr-defined]  # a local one has an end
        digests = [session.put_bytes(content).digest for content in contents]
        sealed = session.seal()
        store.catalog.blobs.replace(sealed)
        time.sleep(2 * TICK_NS / 1e9)
    found = store.catalog.blobs.find(digests)
    return [found[digest] for digest in digests]


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every reading of stored bytes fail the test."""
    for name in ("pread", "readv"):
        monkeypatch.setattr(os, name, lambda *_: pytest.fail("read"))


CONTENTS = [b"%d" % number * 1000 for number in range(50)] + [b"x" * 2_000_000]


def sound(store: Store, blobs: list[Stored]) -> set[bytes]:
    """Ask for all at once."""
    assert isinstance(store.blobs, LocalBlobs)
    return set(store.blobs.sound(blobs))


def test_what_nothing_has_touched_is_sound_without_reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = logged(store, CONTENTS)
    unread(monkeypatch)
    assert sound(store, blobs) == {blob.digest for blob in blobs}


@pytest.mark.parametrize("which", [0, 49, 50])
def test_damage_to_one_blob_is_damage_to_that_one(store: Store, which: int) -> None:
    blobs = logged(store, CONTENTS)
    flip(store, blobs[which].digest)
    for _ in range(2):
        assert sound(store, blobs) == {blob.digest for blob in blobs} - {blobs[which].digest}


def test_a_file_that_was_only_touched_is_hashed_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = logged(store, CONTENTS)
    for blob in (blobs[0], blobs[-1]):
        os.utime(whereabouts(store, blob.digest)[0])
    time.sleep(2 * TICK_NS / 1e9)
    assert sound(store, blobs) == {blob.digest for blob in blobs}
    unread(monkeypatch)
    assert sound(store, blobs) == {blob.digest for blob in blobs}


def test_few_blobs_of_a_large_pack_do_not_cost_the_whole_pack(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = logged(store, CONTENTS[:50])
    os.utime(whereabouts(store, blobs[0].digest)[0])
    monkeypatch.setattr(soundness, "check_pack", lambda *_: pytest.fail("hashed the pack"))
    assert sound(store, blobs[:2]) == {blob.digest for blob in blobs[:2]}


def test_lost_files_and_hostile_rows_are_not_sound(store: Store) -> None:
    blobs = logged(store, CONTENTS)
    pack = blobs[0].place.partition("@")[0]
    forged = [
        Stored(digest_of(b"?", store.algorithm), 10, Place(place))
        for place in ("", "../x", f"{pack}@x", f"{pack}@99999999", f"{pack}@", "f" * 30, f"{'f' * 30}@8")
    ]
    forged.append(Stored(blobs[0].digest, blobs[0].size, packs.place_of(pack, 10**15)))
    assert sound(store, forged) == set()
    whereabouts(store, blobs[-1].digest)[0].unlink()
    Path(store.root, "packs", packs.file_name(pack)).unlink()
    assert sound(store, blobs) == set()


def test_a_pack_with_a_ruined_index_still_gives_its_blobs(store: Store) -> None:
    """They are hashed one by one; only the index is lost."""
    blobs = logged(store, CONTENTS[:3])
    path = whereabouts(store, blobs[0].digest)[0]
    path.chmod(0o644)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"?")
    assert sound(store, blobs) == {blob.digest for blob in blobs}


def test_a_stamp_is_what_the_system_says(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    facts = (tmp_path / "f").stat()
    assert stamp_of(facts) == (5, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
