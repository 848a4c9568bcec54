"""The stat cache: what is unchanged is known, what was young is not believed, and damage costs only time."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.store import stat_cache
from jupyter_artifacts.store.cache_db import CacheDb
from jupyter_artifacts.store.stat_cache import REST_NS, Proof, StatCache, at_rest

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.sources import Facts
    from jupyter_artifacts.store.stat_cache import Tree

NOW = 1_800_000_000_000_000_000
OLD = NOW - 10 * REST_NS

MOMENTS = st.sampled_from([OLD, NOW - REST_NS - 1, NOW - REST_NS, NOW, NOW + 10**12, -5])
FACTS = st.tuples(st.integers(0, 3), MOMENTS, MOMENTS, st.sampled_from([1, 2**64 - 1]))
FILES = st.dictionaries(st.text("ab/\n", min_size=1, max_size=3), FACTS, max_size=6)


def content(path: str, facts: Facts) -> Entry:
    return Entry(path, digest_of(f"{path}{facts}".encode(), "blake3"), facts[0])


def remembered(files: dict[str, Facts]) -> Tree:
    return at_rest(files, [content(path, facts) for path, facts in files.items()], NOW)


@pytest.fixture
def cache(tmp_path: Path) -> StatCache:
    return StatCache(CacheDb(str(tmp_path)), "blake3")


@given(FILES)
def test_only_files_at_rest_are_remembered(files: dict[str, Facts]) -> None:
    tree = remembered(files)
    found = {entry.path: entry for entry in tree.unchanged(files)}
    rested = {path for path, (_, mtime, ctime, _) in files.items() if max(mtime, ctime) < NOW - REST_NS}
    assert found.keys() == rested
    assert len(tree) == len(rested)
    assert tree.is_whole()
    assert all(entry == content(path, files[path]) for path, entry in found.items())


@given(FILES, FILES)
def test_what_differs_in_any_fact_is_not_known(before: dict[str, Facts], after: dict[str, Facts]) -> None:
    tree = remembered(before)
    believed = {entry.path: entry.digest for entry in tree.unchanged(before)}
    for entry in tree.unchanged(after):
        assert before[entry.path] == after[entry.path]
        assert believed[entry.path] == entry.digest
    assert {e.path for e in tree.unchanged(after)} == {p for p in believed if after.get(p) == before[p]}


@given(FILES)
def test_the_order_of_the_scan_does_not_matter(files: dict[str, Facts]) -> None:
    tree = remembered(files)
    backwards = dict(reversed(files.items()))
    assert set(map(entry_key, tree.unchanged(files))) == set(map(entry_key, tree.unchanged(backwards)))


def entry_key(entry: Entry) -> tuple[str, bytes]:
    return entry.path, entry.digest


def test_a_file_of_another_size_when_it_was_read_is_not_remembered() -> None:
    facts = {"a": (5, OLD, OLD, 1), "b": (5, OLD, OLD, 2)}
    tree = at_rest(facts, [Entry("a", bytes(32), 6), Entry("b", bytes(32), 5)], NOW)
    assert [entry.path for entry in tree.unchanged(facts)] == ["b"]


def test_folders_are_remembered_by_the_real_path(cache: StatCache, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    tree = remembered({"a": (1, OLD, OLD, 1)})
    digest = cache.remember(str(tmp_path), tree)
    assert cache.tree(str(tmp_path / "link")) == (tree, digest)
    assert cache.tree(str(tmp_path / "other")) is None


def test_another_machine_has_other_folders(cache: StatCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.remember(str(tmp_path), remembered({"a": (1, OLD, OLD, 1)}))
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    assert cache.tree(str(tmp_path)) is None


def test_a_proof_is_for_one_state_of_the_folder(cache: StatCache) -> None:
    one = cache.remember("/data", remembered({"a": (1, OLD, OLD, 1)}))
    proof = Proof(one, bytes(32), 3, {"0" * 20: "packs/x.pack"})
    cache.prove("/data", proof)
    assert cache.proof("/data", one) == proof
    two = cache.remember("/data", remembered({"a": (2, OLD, OLD, 1)}))
    assert cache.proof("/data", two) is None
    assert cache.proof("/other", one) is None


def test_there_is_an_end_to_remembering(cache: StatCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_cache, "_MOST_TREES", 5)
    for number in range(9):
        cache.remember(f"/data/{number}", remembered({"a": (1, OLD, OLD, 1)}))
        assert cache.tree(f"/data/{number}") is not None
    assert sum(cache.tree(f"/data/{number}") is not None for number in range(9)) <= 5


@pytest.mark.parametrize("kind", ["stat-tree", "stat-proof"])
@settings(max_examples=30)
@given(noise=st.binary(max_size=30))
def test_noise_is_nothing_remembered(tmp_path_factory: pytest.TempPathFactory, kind: str, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("cache")
    db = CacheDb(str(folder))
    cache = StatCache(db, "blake3")
    digest = cache.remember("/data", remembered({"a": (1, OLD, OLD, 1)}))
    (key,) = [key for (key,) in db.rows("SELECT key FROM value") if isinstance(key, bytes)]
    db.put(kind, {key: noise})
    tree = cache.tree("/data")
    assert tree is None or not tree[0].unchanged({"b": (1, OLD, OLD, 1)})
    assert kind != "stat-tree" or tree is None or tree[0].is_whole()
    assert cache.proof("/data", digest) is None
    db.close()


def test_a_damaged_file_costs_only_time(cache: StatCache, tmp_path: Path) -> None:
    cache.remember("/data", remembered({"a": (1, OLD, OLD, 1)}))
    with sqlite3.connect(tmp_path / "cache.db") as conn:
        conn.execute("UPDATE value SET data = zeroblob(10)")
    conn.close()
    assert cache.tree("/data") is None
