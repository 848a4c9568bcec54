"""Identity: the same files give the same digest, whatever the order; nothing else enters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import ArtifactsError, CorruptError, InvalidValueError, UnsafePathError
from jupyter_artifacts.model.digest import default_algorithm, digest_of, parse, show
from jupyter_artifacts.model.manifest import Entry, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.manifest import Encoded

SEGMENTS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)
CONTENT = st.binary(max_size=8)


def entries_of(files: dict[str, bytes], algorithm: Algorithm = "blake3") -> list[Entry]:
    return [Entry(path, digest_of(data, algorithm), len(data)) for path, data in files.items()]


def reader(encoded: Encoded, algorithm: Algorithm = "blake3") -> dict[Digest, bytes]:
    return {digest_of(raw, algorithm): raw for raw in encoded.shards}


FILES = st.dictionaries(SEGMENTS, CONTENT, max_size=12)


@given(FILES, st.randoms())
def test_order_does_not_enter(files: dict[str, bytes], random: Random) -> None:
    entries = entries_of(files)
    shuffled = sorted(entries, key=lambda _: random.random())
    assert Manifest(entries).encode("blake3") == Manifest(shuffled).encode("blake3")


@given(FILES, FILES)
def test_equal_digest_means_equal_files(one: dict[str, bytes], two: dict[str, bytes]) -> None:
    a, b = Manifest(entries_of(one)), Manifest(entries_of(two))
    assert (a.encode("blake3").digest == b.encode("blake3").digest) == (a.entries == b.entries)


@given(FILES, st.sampled_from(["blake3", "sha256"]))
def test_round_trip(files: dict[str, bytes], algorithm: Algorithm) -> None:
    manifest = Manifest(entries_of(files, algorithm))
    encoded = manifest.encode(algorithm)
    back = Manifest.decode(encoded.root, reader(encoded, algorithm).__getitem__)
    assert back.entries == manifest.entries
    assert back.size == sum(map(len, files.values()))
    assert all(path in back and back.get(path) is not None for path in files)


def many(count: int, changed: Iterable[int] = ()) -> Manifest:
    odd = set(changed)
    return Manifest(
        Entry(f"d{i % 97}/{i:06}", digest_of(b"%d%d" % (i, i in odd), "blake3"), 4096) for i in range(count)
    )


MANY = many(30_000)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 29_999))
def test_one_changed_file_rewrites_one_shard(which: int) -> None:
    before, after = MANY.encode("blake3"), many(30_000, [which]).encode("blake3")
    assert len(before.shards) > 3
    assert len(before.shards) == len(after.shards)
    assert sum(a != b for a, b in zip(before.shards, after.shards, strict=True)) == 1
    assert before.digest != after.digest


def test_shards_are_sorted_and_capped() -> None:
    manifest = Manifest(Entry(f"{i:07}", bytes(32), 0) for i in range(70_000))
    shards = [msgspec.msgpack.decode(raw, type=list[Entry]) for raw in manifest.encode("blake3").shards]
    assert max(map(len, shards)) <= 32768
    assert all(a[-1].path < b[0].path for a, b in pairwise(shards))


def test_the_digest_is_fixed_for_ever() -> None:
    """Golden values: changing one of these would give every artifact in every store a new version."""
    hello = Manifest(entries_of({"a.txt": b"hello", "b/c.txt": b"world"}))
    assert show(Manifest([]).encode("blake3").digest, "blake3") == GOLDEN_EMPTY
    assert show(hello.encode("blake3").digest, "blake3") == GOLDEN_HELLO


GOLDEN_EMPTY = "b3:bd4012227e3ae369fdadbce7ef9630b7523daca39931fe4a27bf5faf900841ed"
GOLDEN_HELLO = "b3:2adeaf77bd634ced7a857f7413fe20a67f7415581c6dd2905dd6e7103db28f12"


def test_the_same_path_twice() -> None:
    one, two = entries_of({"a": b"1"})[0], entries_of({"a": b"2"})[0]
    assert len(Manifest([one, one])) == 1
    with pytest.raises(InvalidValueError, match="'a'"):
        Manifest([one, two])


def test_a_file_and_a_folder_of_one_name() -> None:
    with pytest.raises(UnsafePathError):
        Manifest(entries_of({"a": b"1", "a/b": b"2"}))


@pytest.mark.parametrize("path", ["../x", "/x", "a/../b", "a//b", "C:/x"])
def test_a_hostile_manifest_is_refused(path: str) -> None:
    shard = msgspec.msgpack.encode([Entry(path, bytes(32), 1)])
    root = msgspec.msgpack.encode([[path, 1, 1, digest_of(shard, "blake3")]])
    with pytest.raises(ArtifactsError) as caught:
        Manifest.decode(root, {digest_of(shard, "blake3"): shard}.__getitem__)
    assert isinstance(caught.value, (CorruptError, UnsafePathError))


@given(st.binary(max_size=60))
def test_noise_is_no_manifest(noise: bytes) -> None:
    shard = msgspec.msgpack.encode([])
    try:
        manifest = Manifest.decode(noise, lambda _: shard)
    except (CorruptError, UnsafePathError):
        return
    assert len(manifest) == 0


def test_a_root_that_lies_about_a_shard() -> None:
    encoded = Manifest(entries_of({"a": b"1", "b": b"2"})).encode("blake3")
    (shard,) = encoded.shards
    root = msgspec.msgpack.encode([["a", 3, 2, digest_of(shard, "blake3")]])
    with pytest.raises(CorruptError, match="does not hold"):
        Manifest.decode(root, reader(encoded).__getitem__)


def test_text_form_of_digests() -> None:
    digest = digest_of(b"hello", default_algorithm())
    assert parse(show(digest, "blake3")) == ("blake3", digest)
    assert parse(show(digest, "sha256"))[0] == "sha256"
    with pytest.raises(InvalidValueError):
        parse("b3:xyz")
