"""The archive that a bundle is: what was written is read, by others too, and nothing else passes for one."""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import CorruptError, MissingFileError
from jupyter_artifacts.store.bundle.members import FACTS, HEADER, FolderMembers, Member, is_member
from jupyter_artifacts.store.bundle.zip_reader import ZipMembers
from jupyter_artifacts.store.bundle.zip_writer import ZipWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = (HEADER, FACTS, f"packs/{'0a' * 10}.pack", f"blobs/{'0b' * 32}")


@contextlib.contextmanager
def archive(members: dict[str, bytes]) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "b.zip")
        writer = ZipWriter(str(path))
        for name, data in members.items():
            writer.add(name, len(data), [data[:3], data[3:]])
        writer.close()
        yield path


def read(path: Path) -> dict[str, bytes]:
    members = ZipMembers(str(path))
    try:
        found = {}
        for name in members.names():
            with members.open(name) as member:
                found[name] = b"".join(member.blocks())
        return found
    finally:
        members.close()


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=300)))
def test_what_was_written_is_read_here_and_by_others(members: dict[str, bytes]) -> None:
    with archive(members) as path:
        assert read(path) == members
        with zipfile.ZipFile(path) as other:
            assert other.testzip() is None
            assert {name: other.read(name) for name in other.namelist()} == members


@settings(max_examples=150)
@given(st.data())
def test_an_archive_with_other_bytes_is_refused_or_reads_within_its_bounds(data: st.DataObject) -> None:
    members = {HEADER: b"{}", FACTS: b"facts\n" * 5, NAMES[3]: b"x" * 50}
    with archive(members) as path:
        raw = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(raw) - 1))
            raw[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=8))
        path.write_bytes(raw)
        with contextlib.suppress(CorruptError):
            found = read(path)
            assert found.keys() <= members.keys()
            assert sum(map(len, found.values())) <= len(raw)


def test_two_of_one_name_overlaps_and_too_much_are_refused(tmp_path: Path) -> None:
    writer = ZipWriter(str(tmp_path / "twice.zip"))
    for text in (b"one", b"two"):
        writer.add(HEADER, 3, [text])
    writer.close()
    with pytest.raises(CorruptError, match="two members of one name"):
        read(tmp_path / "twice.zip")
    with archive({HEADER: b"one", FACTS: b"two"}) as path:
        raw = path.read_bytes()
        first, second = raw.index(HEADER.encode()), raw.rindex(FACTS.encode())
        assert 0 < first < second
        same = raw[:second] + HEADER.encode() + raw[second + len(FACTS) :]
        path.write_bytes(same)
        with pytest.raises(CorruptError, match="does not lie where its directory says"):
            read(path)
    writer = ZipWriter(str(tmp_path / "short.zip"))
    with pytest.raises(CorruptError, match="3 bytes instead of 4"):
        writer.add(HEADER, 4, [b"abc"])
    writer.abandon()


def test_names() -> None:
    for good in NAMES:
        assert is_member(good)
    for bad in ("", "/bundle.json", "../bundle.json", "packs/../x.pack", "packs/x.pack", "blobs/0b", "bundle.json\n"):
        assert not is_member(bad)


def test_a_folder_holds_no_links_and_no_pipes(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / HEADER).symlink_to("/etc/passwd")
    (tmp_path / "packs" / "stranger").write_text("x")
    members = FolderMembers(str(tmp_path))
    assert members.names() == [HEADER]
    with pytest.raises(CorruptError, match="cannot be read"), members.open(HEADER):
        pass
    for missing in (FACTS, "packs/stranger", "../x"):
        with pytest.raises(MissingFileError), members.open(missing):
            pass


@given(lines=st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line)), ended=st.booleans())
@example(lines=[b"x" * 30, b"", b"y"], ended=False)
def test_lines(lines: list[bytes], *, ended: bool) -> None:
    text = b"\n".join(lines) + (b"\n" if ended else b"")
    with TemporaryDirectory() as folder:
        path = Path(folder, "f")
        path.write_bytes(text)
        with path.open("rb") as file:
            member = Member(file.fileno(), 0, len(text), "f")
            assert [line for line in member.lines(30) if line] == [line for line in lines if line]
            if any(len(line) > 20 for line in lines):
                with pytest.raises(CorruptError, match="more than 20 bytes"):
                    list(member.lines(20))
