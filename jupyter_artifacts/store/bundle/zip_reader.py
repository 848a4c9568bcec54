"""Reading a zip archive that compresses nothing: every place and size is checked against the file before it is used."""

from __future__ import annotations

import contextlib
import os
import struct
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError, MissingFileError
from jupyter_artifacts.store.bundle.members import Member, is_member
from jupyter_artifacts.store.bundle.zip_writer import (
    CENTRAL,
    CENTRAL_SIGN,
    END,
    END64,
    END64_SIGN,
    END_SIGN,
    EXTRA64,
    LOCAL,
    LOCAL_SIGN,
    LOCATOR,
    LOCATOR_SIGN,
    MAX16,
    MAX32,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 4_000_000
_MOST_BYTES = 1 << 30
_ENCRYPTED = 1


class _Found(NamedTuple):
    name: str
    size: int
    offset: int


class ZipMembers:
    """The members of a bundle that is one file.

    Parameters
    ----------
    path : str

    Raises
    ------
    CorruptError
        It is no archive, is compressed or encrypted, or its directory does not fit the file.
    """

    def __init__(self, path: str) -> None:
        self.where = path
        self._fd = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
        try:
            self._file = Member(self._fd, 0, os.fstat(self._fd).st_size, path)
            self._members = self._directory()
        except BaseException:
            self.close()
            raise

    def names(self) -> Sequence[str]:
        """Return the names of all members."""
        return tuple(self._members)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Member]:
        """Open a member."""
        found = self._members.get(name)
        if found is None:
            raise MissingFileError(f"the bundle {self.where} has no {name}")
        yield Member(self._fd, found.offset, found.size, f"{self.where}/{name}")

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _directory(self) -> dict[str, _Found]:
        try:
            count, size, begin = self._end()
            if not count <= _MOST or not size <= _MOST_BYTES or begin + size > self._file.size:
                raise self._damaged("its directory is larger than the file, or than any bundle's")
            raw = self._file.read(begin, size)
            found = [self._placed(line, begin) for line in _lines(raw, count)]
        except (struct.error, UnicodeDecodeError, OverflowError, IndexError) as error:
            raise self._damaged("its directory cannot be read") from error
        end = 0
        for member in sorted(found, key=lambda member: member.offset):
            if member.offset < end:
                raise self._damaged(f"{member.name} overlaps what lies before it")
            end = member.offset + member.size
        members = {member.name: member for member in found}
        if len(members) != len(found):
            raise self._damaged("it holds two members of one name")
        return members

    def _end(self) -> tuple[int, int, int]:
        """Return how many members there are, and where their directory lies."""
        at = self._file.size - END.size
        end = END.unpack(self._file.read(max(at, 0), END.size))
        if end[0] != END_SIGN or end[7]:
            raise self._damaged("it is no zip archive, or was cut short")
        count, size, begin = end[4:7]
        if MAX32 not in {size, begin} and count != MAX16:
            return count, size, begin
        locator = LOCATOR.unpack(self._file.read(max(at - LOCATOR.size, 0), LOCATOR.size))
        if locator[0] != LOCATOR_SIGN:
            raise self._damaged("its end is damaged")
        end64 = END64.unpack(self._file.read(locator[2], END64.size))
        if end64[0] != END64_SIGN:
            raise self._damaged("its end is damaged")
        return end64[7], end64[8], end64[9]

    def _placed(self, line: _Line, end: int) -> _Found:
        """Check a line of the directory, and that the member says the same where it lies."""
        name, size, offset = line.name.decode(), line.size, line.offset
        if line.method or line.flags & _ENCRYPTED or line.size != line.packed:
            raise self._damaged(f"{name[:80]!r} is compressed or encrypted; unpack it yourself and import the folder")
        if not is_member(name):
            raise self._damaged(f"it holds {name[:80]!r}, which no bundle does")
        head = LOCAL.unpack(self._file.read(offset, LOCAL.size))
        begin = offset + LOCAL.size + head[9] + head[10]
        if head[0] != LOCAL_SIGN or self._file.read(offset + LOCAL.size, head[9]) != line.name:
            raise self._damaged(f"{name} does not lie where its directory says")
        if begin + size > end:
            raise self._damaged(f"{name} would reach beyond the members")
        return _Found(name, size, begin)

    def _damaged(self, why: str) -> CorruptError:
        return CorruptError(f"{self.where} is not a bundle that can be imported: {why}")


class _Line(NamedTuple):
    name: bytes
    flags: int
    method: int
    packed: int
    size: int
    offset: int


def _lines(raw: bytes, count: int) -> Iterator[_Line]:
    at = 0
    for _ in range(count):
        head = CENTRAL.unpack_from(raw, at)
        if head[0] != CENTRAL_SIGN:
            raise IndexError("a line without its sign")
        name_length, extra_length, comment_length = head[10:13]
        at += CENTRAL.size
        name, extra = raw[at : at + name_length], raw[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length + comment_length
        if at > len(raw):
            raise IndexError("a line beyond the directory")
        wide = _wide(extra)
        size = next(wide) if head[9] == MAX32 else head[9]
        packed = next(wide) if head[8] == MAX32 else head[8]
        offset = next(wide) if head[16] == MAX32 else head[16]
        if name.endswith(b"/") and not size:
            continue  # other tools write lines for folders
        yield _Line(name, head[3], head[4], packed, size, offset)


def _wide(extra: bytes) -> Iterator[int]:
    """Yield the 64-bit numbers that stand in for those that did not fit; raises IndexError after the last."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == EXTRA64:
            part = extra[at + 4 : at + 4 + length]
            yield from struct.unpack(f"<{len(part) // 8}Q", part[: len(part) // 8 * 8])
            break
        at += 4 + length
    raise IndexError("a size is missing")
