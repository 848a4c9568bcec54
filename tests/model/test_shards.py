"""Parts of a manifest: only the shards that a question needs are read, and the answers are the whole's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.model.manifest import Manifest
from jupyter_artifacts.model.shards import Entry, Root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.model.manifest import Encoded

COUNT = 30_000


def content(i: int, version: int = 0) -> Entry:
    return Entry(f"d{i % 97}/{i:06}", digest_of(b"%d.%d" % (i, version), "blake3"), 4096)


ENTRIES = [content(i) for i in range(COUNT)]
WHOLE = Manifest(ENTRIES).encode("blake3")


class Shelf:
    """Shards by digest, which counts how many are read."""

    def __init__(self, *manifests: Encoded) -> None:
        self.shards = {digest_of(raw, "blake3"): raw for manifest in manifests for raw in manifest.shards}
        self.read: list[Digest] = []

    def __call__(self, digest: Digest) -> bytes:
        self.read.append(digest)
        return self.shards[digest]


@settings(deadline=None)
@given(st.integers(0, COUNT - 1))
def test_one_path_is_found_in_one_shard(which: int) -> None:
    shelf = Shelf(WHOLE)
    assert Root(WHOLE.root, shelf).get(ENTRIES[which].path) == ENTRIES[which]
    assert len(shelf.read) == 1


@pytest.mark.parametrize("path", ["", "a", "d5/", "d5", "zzz", "d96/999999", "\U0010ffff"])
def test_a_path_that_is_not_there(path: str) -> None:
    shelf = Shelf(WHOLE)
    assert Root(WHOLE.root, shelf).get(path) is None
    assert len(shelf.read) <= 1


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["", "d", "d5", "d5/", "d50/0000", "d96/", "e", "d13/000013", "a"]))
def test_what_lies_below_a_prefix(prefix: str) -> None:
    shelf = Shelf(WHOLE)
    found = Root(WHOLE.root, shelf).below(prefix)
    assert [entry.path for entry in found] == sorted(e.path for e in ENTRIES if e.path.startswith(prefix))
    if prefix.endswith("/"):
        assert len(shelf.read) <= 3 < len(WHOLE.shards)


def after(changed: Iterable[int], removed: Iterable[int], added: int) -> Encoded:
    gone, new = set(removed), set(changed)
    kept = [content(i, int(i in new)) for i in range(COUNT) if i not in gone]
    return Manifest([*kept, *(content(COUNT + i) for i in range(added))]).encode("blake3")


@settings(deadline=None, max_examples=10)
@given(
    st.sets(st.integers(0, 9_999), max_size=3), st.sets(st.integers(10_000, COUNT - 1), max_size=3), st.integers(0, 2)
)
def test_the_difference_reads_only_what_differs(changed: set[int], removed: set[int], added: int) -> None:
    other = after(changed, removed, added)
    shelf = Shelf(WHOLE, other)
    found = Root(WHOLE.root, shelf).difference(Root(other.root, shelf))
    assert {entry.path for entry in found.added} == {content(COUNT + i).path for i in range(added)}
    assert {entry.path for entry in found.removed} == {content(i).path for i in removed}
    assert {old.path for old, _ in found.changed} == {content(i).path for i in changed}
    assert all(old.path == new.path and old != new for old, new in found.changed)
    touched = len(changed) + len(removed) + added
    assert len(shelf.read) <= 3 * touched


PATHS = st.text("abc/", min_size=1, max_size=3).filter(lambda path: path.strip("/") == path and "//" not in path)
FILES = st.dictionaries(PATHS, st.integers(0, 2), max_size=6)


@given(FILES, FILES)
def test_the_difference_is_that_of_two_dicts(one: dict[str, int], two: dict[str, int]) -> None:
    def encoded(files: dict[str, int]) -> Encoded | None:
        try:
            return Manifest(Entry(path, bytes([n]) * 32, n) for path, n in files.items()).encode("blake3")
        except ValueError:  # a file that is also a folder
            return None

    here, there = encoded(one), encoded(two)
    if here is None or there is None:
        return
    shelf = Shelf(here, there)
    found = Root(here.root, shelf).difference(Root(there.root, shelf))
    assert [e.path for e in found.added] == sorted(set(two) - set(one))
    assert [e.path for e in found.removed] == sorted(set(one) - set(two))
    assert [e.path for e, _ in found.changed] == sorted(p for p in set(one) & set(two) if one[p] != two[p])


def test_what_is_no_root() -> None:
    with pytest.raises(CorruptError):
        Root(b"\xc1", Shelf())
    encoded = Manifest([Entry("a", bytes(32), 1)]).encode("blake3")
    with pytest.raises(CorruptError):
        Root(encoded.root, lambda _: b"noise").get("a")
