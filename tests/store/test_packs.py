"""The pack format: written once, checked at every look."""

from __future__ import annotations

import stat
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import packs
from jupyter_artifacts.store.packs import Indexed, Packed, PackWriter, parse, place_of, read_index

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.model.digest import Algorithm

NAME = "0123456789abcdef0123"


def write(path: Path, contents: list[bytes], algorithm: Algorithm = "blake3") -> list[Indexed]:
    """Write a pack of these blobs; return what its index should say."""
    writer = PackWriter(str(path), NAME, algorithm)
    lines = []
    for content in contents:
        digest = digest_of(content, algorithm)
        lines.append(Indexed(digest, writer.add(content, [(digest, len(content))]), len(content)))
    writer.seal()
    return lines


@pytest.mark.parametrize("algorithm", ["blake3", "sha256"])
def test_what_is_written_is_indexed(tmp_path: Path, algorithm: Algorithm) -> None:
    contents = [b"one", b"", b"two" * 1000, b"\0" * 300_000]
    lines = write(tmp_path / "p", contents, algorithm)
    assert read_index(str(tmp_path / "p"), algorithm) == lines
    data = (tmp_path / "p").read_bytes()
    assert [data[line.offset : line.offset + line.size] for line in lines] == contents
    assert stat.S_IMODE((tmp_path / "p").stat().st_mode) == 0o444


def test_the_format_to_the_byte(tmp_path: Path) -> None:
    """Packs of today must be readable for ever."""
    write(tmp_path / "p", [b"abc", b"de"], "sha256")
    index = b"".join(
        struct.pack("<32sQQ", digest_of(data, "sha256"), offset, len(data))
        for data, offset in [(b"abc", 8), (b"de", 11)]
    )
    foot = struct.pack("<Q", 2) + digest_of(index, "sha256") + b"JAINDEX1"
    assert (tmp_path / "p").read_bytes() == b"JAPACK1\0abcde" + index + foot


def test_many_blobs_in_one_piece(tmp_path: Path) -> None:
    writer = PackWriter(str(tmp_path / "p"), NAME, "blake3")
    blobs = [(digest_of(b"abc", "blake3"), 3), (digest_of(b"de", "blake3"), 2)]
    assert writer.add(b"abcde", blobs) == 8
    assert writer.size == 13
    assert len(writer) == 2
    with pytest.raises(ValueError, match="4 bytes for blobs of 5"):
        writer.add(b"abcd", blobs)
    writer.seal()
    assert [line.offset for line in read_index(str(tmp_path / "p"), "blake3")] == [8, 11]


def test_an_empty_pack(tmp_path: Path) -> None:
    assert write(tmp_path / "p", []) == read_index(str(tmp_path / "p"), "blake3") == []


def test_a_pack_is_never_written_over(tmp_path: Path) -> None:
    write(tmp_path / "p", [b"x"])
    with pytest.raises(FileExistsError):
        PackWriter(str(tmp_path / "p"), NAME, "blake3")


def test_a_pack_without_its_end_is_none(tmp_path: Path) -> None:
    writer = PackWriter(str(tmp_path / "p"), NAME, "blake3")
    writer.add(b"x" * 100, [(digest_of(b"x" * 100, "blake3"), 100)])
    writer.abandon()
    writer.abandon()
    with pytest.raises(CorruptError, match="no end"):
        read_index(str(tmp_path / "p"), "blake3")


@given(where=st.integers(0, 10_000), flip=st.integers(1, 255), cut=st.booleans())
def test_damage_to_the_index_is_never_taken_for_an_index(
    tmp_path_factory: pytest.TempPathFactory, where: int, flip: int, cut: bool
) -> None:
    """Any byte changed, or the file cut short anywhere: refused, unless the byte is a blob's own."""
    path = tmp_path_factory.mktemp("packs") / "p"
    lines = write(path, [b"one", b"two" * 20, b""])
    data = bytearray(path.read_bytes())
    where %= len(data)
    in_blob = 8 <= where < lines[-1].offset
    path.unlink()
    if cut:
        path.write_bytes(data[:where])
    else:
        data[where] ^= flip
        path.write_bytes(data)
    if in_blob and not cut:
        assert read_index(str(path), "blake3") == lines
    else:
        with pytest.raises(CorruptError):
            read_index(str(path), "blake3")


@pytest.mark.parametrize(
    ("offsets", "says"), [((8, 12), "gap at byte 11"), ((8, 10), "gap"), ((9, 12), "gap at byte 8")]
)
def test_an_index_that_lies_is_refused(tmp_path: Path, offsets: tuple[int, int], says: str) -> None:
    """A hostile pack cannot point outside itself, or twice at the same bytes, however good its checksum."""
    index = b"".join(struct.pack("<32sQQ", b"d" * 32, offset, 3) for offset in offsets)
    foot = struct.pack("<Q32s8s", 2, digest_of(index, "blake3"), b"JAINDEX1")
    (tmp_path / "p").write_bytes(packs.HEAD + b"abcdef" + index + foot)
    with pytest.raises(CorruptError, match=says):
        read_index(str(tmp_path / "p"), "blake3")


def test_an_index_larger_than_its_file(tmp_path: Path) -> None:
    foot = struct.pack("<Q32s8s", 2**60, b"d" * 32, b"JAINDEX1")
    (tmp_path / "p").write_bytes(packs.HEAD + foot)
    with pytest.raises(CorruptError, match="larger than itself"):
        read_index(str(tmp_path / "p"), "blake3")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "p", [b"x"])
    (tmp_path / "link").symlink_to("p")
    with pytest.raises(OSError, match="link"):
        read_index(str(tmp_path / "link"), "blake3")


@given(st.text("0123456789abcdef", min_size=20, max_size=40), st.integers(0, 10**17))
def test_places_come_back(pack: str, offset: int) -> None:
    assert parse(place_of(pack, offset)) == Packed(pack, offset)
    assert parse(pack) == pack
    assert packs.pack_of(packs.file_name(pack)) == pack


@pytest.mark.parametrize(
    "place",
    [
        "",
        "@8",
        "../" * 7,
        "a" * 19,
        "a" * 41,
        "A" * 20,
        "a" * 20 + "@",
        "a" * 20 + "@08",
        "a" * 20 + "@-8",
        "a" * 20 + "@8\n",
        "a" * 20 + "@8@8",
        "a" * 20 + "/x",
        "a" * 20 + "@" + "9" * 30,
        "a" * 20 + "@\u0668",
    ],
)
def test_places_that_were_never_given_out(place: str) -> None:
    with pytest.raises(CorruptError, match="none of this store's"):
        parse(place)


@pytest.mark.parametrize(
    "name", ["", ".pack", "a" * 20, "a" * 20 + ".pack.part", "../" + "a" * 20 + ".pack", "g" * 20 + ".pack"]
)
def test_what_is_no_packs_name(name: str) -> None:
    assert packs.pack_of(name) is None
