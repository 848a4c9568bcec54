r"""Packs: many small blobs in one file, with an index at its end.

::

    JAPACK1\0 | blob | blob | ... | index | footer
    index:  for each blob, in order: digest (32 bytes), offset (u64 LE), size (u64 LE)
    footer: number of blobs (u64 LE), digest of the index (32 bytes), JAINDEX1

The catalog alone says which blobs count. The index is there so that a lost catalog
can be rebuilt from packs, and so that a pack can be checked by itself.
"""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.store.behind import Behind
from jupyter_artifacts.store.flushing import make_durable
from jupyter_artifacts.store.open_packs import read_at
from jupyter_artifacts.store.records import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jupyter_artifacts.model.digest import Algorithm

SMALL = 256 << 10
"""Files up to here are packed; bigger ones are files of their own."""

FULL = 256 << 20
"""A pack that has reached this size gets no more blobs."""

HEAD = b"JAPACK1\0"
TAIL = b"JAINDEX1"
_STRETCH = 4 << 20
_LINE = struct.Struct("<32sQQ")
_FOOT = struct.Struct("<Q32s8s")
FOOT_SIZE = _FOOT.size
_PLACE = re.compile(r"([0-9a-f]{20,40})(?:@([1-9][0-9]{0,17}|0))?")
_SUFFIX = ".pack"
_NAME = re.compile(r"([0-9a-f]{20,40})\.pack")
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Packed(NamedTuple):
    """Where a packed blob begins."""

    pack: str
    offset: int


class Indexed(NamedTuple):
    """One line of a pack's index."""

    digest: Digest
    offset: int
    size: int


def parse(place: str) -> str | Packed:
    """Take a place apart: a loose blob's name is returned as it is.

    Raises
    ------
    CorruptError
        It is none that a local store ever gave out.
    """
    found = _PLACE.fullmatch(place)
    if found is None:
        raise CorruptError(f"the place {place[:60]!r} is none of this store's")
    pack, offset = found.groups()
    return pack if offset is None else Packed(pack, int(offset))


def place_of(pack: str, offset: int) -> Place:
    """Return the place of the blob that begins at `offset` of a pack."""
    return Place(f"{pack}@{offset}")


def file_name(pack: str) -> str:
    """Return the name of a pack's file."""
    return pack + _SUFFIX


def pack_of(name: str) -> str | None:
    """Return the pack whose file has this name; None for what is no pack's name."""
    found = _NAME.fullmatch(name)
    return found.group(1) if found else None


class PackWriter:
    """Writes one new pack. Nothing in it counts before `seal` has returned.

    Parameters
    ----------
    path : str
        A file that is not there yet.
    pack : str
        The pack's name, in places.
    algorithm : {"blake3", "sha256"}

    Attributes
    ----------
    size : int
        Bytes that it has so far, or is about to have.
    """

    def __init__(self, path: str, pack: str, algorithm: Algorithm) -> None:
        self.path = path
        self.pack = pack
        self.size = 0
        self._algorithm = algorithm
        self._index: list[bytes] = []
        self._fd = os.open(path, _NEW, 0o600)
        self._behind = Behind(self._fd)
        try:
            self._write([HEAD])
        except BaseException:
            self.abandon()
            raise

    def __len__(self) -> int:
        return len(self._index)

    def add(self, data: bytes | memoryview, blobs: Iterable[tuple[Digest, int]]) -> int:
        """Append blobs that lie one after the other in `data`; return where the first begins.

        Parameters
        ----------
        data : bytes or memoryview
        blobs : iterable of (digest, size)
            What lies in it; the sizes add up to its length.
        """
        return self._add([data], blobs, lent=False)

    def lend(self, parts: Sequence[memoryview], blobs: Iterable[tuple[Digest, int]]) -> int:
        """Append blobs that lie one after the other in `parts`; return where the first begins.

        The bytes must stay as they are until `lend`, `wait` or `seal` has been called again:
        they are written meanwhile, and what goes wrong is raised then.
        """
        return self._add(parts, blobs, lent=True)

    def wait(self) -> None:
        """Wait until everything that was lent is in the file; raises what went wrong."""
        self._behind.wait()

    def seal(self, *, durable: bool = True) -> None:
        """Write the index, make the file durable (unless told not to) and read-only, and close it."""
        index = b"".join(self._index)
        try:
            self._write([index, _FOOT.pack(len(self._index), digest_of(index, self._algorithm), TAIL)])
            if durable:
                make_durable(self._fd)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close the file as it is; without a seal it counts for nothing."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            self._behind.abandon()
            os.close(fd)

    def _add(self, parts: Sequence[bytes | memoryview], blobs: Iterable[tuple[Digest, int]], *, lent: bool) -> int:
        first = offset = self.size
        lines = []
        for digest, size in blobs:
            lines.append(_LINE.pack(digest, offset, size))
            offset += size
        length = sum(map(len, parts))
        if offset - first != length:
            raise ValueError(f"{length} bytes for blobs of {offset - first}")
        self._write(parts, lent=lent)
        self._index += lines
        return first

    def _write(self, parts: Sequence[bytes | memoryview], *, lent: bool = False) -> None:
        self._behind.write(parts, lent=lent)
        self.size += sum(map(len, parts))


def read_index(path: str, algorithm: Algorithm) -> list[Indexed]:
    """Return what a pack holds, in the order of its bytes.

    The index is checked against its digest, and that its blobs lie one after the other
    and fill the file; the blobs themselves are not read.

    Raises
    ------
    CorruptError
        The file is not a whole pack.
    OSError
        It cannot be read.
    """
    fd = os.open(path, _READ)
    try:
        return index_of(lambda size, offset: read_at(fd, size, offset), os.fstat(fd).st_size, path, algorithm)
    finally:
        os.close(fd)


def index_of(read: Callable[[int, int], bytes], size: int, path: str, algorithm: Algorithm) -> list[Indexed]:
    """Return what a pack holds that lies anywhere: `read` returns bytes by size and offset; as :func:`read_index`."""
    if size < len(HEAD) + _FOOT.size or read(len(HEAD), 0) != HEAD:
        raise CorruptError(f"{path} is not a pack: its first bytes are others")
    foot = read(_FOOT.size, size - _FOOT.size)
    count, wanted, tail = _FOOT.unpack(foot) if len(foot) == _FOOT.size else (0, b"", b"")
    if tail != TAIL:
        raise CorruptError(f"the pack {path} has no end: it was cut short or overwritten")
    length = count * _LINE.size
    begin = size - _FOOT.size - length
    if begin < len(HEAD):
        raise CorruptError(f"the pack {path} is damaged: its index would be larger than itself")
    index = read(length, begin)
    if digest_of(index, algorithm) != wanted:
        raise CorruptError(f"the index of the pack {path} is damaged")
    lines = [Indexed(Digest(digest), offset, size) for digest, offset, size in _LINE.iter_unpack(index)]
    _require_row(path, lines, begin)
    return lines


def check_pack(path: str, algorithm: Algorithm) -> tuple[list[Indexed], list[Indexed]]:
    """Hash all blobs of a pack; return the lines of the sound ones and of the damaged ones.

    Raises
    ------
    CorruptError
        The file is not a whole pack.
    OSError
        It cannot be read.
    """
    lines = read_index(path, algorithm)
    sound: list[Indexed] = []
    damaged: list[Indexed] = []
    fd = os.open(path, _READ)
    try:
        first = 0
        while first < len(lines):
            begin, after = lines[first].offset, first + 1
            while after < len(lines) and lines[after].offset + lines[after].size - begin <= _STRETCH:
                after += 1
            end = lines[after - 1].offset + lines[after - 1].size
            stretch = memoryview(read_at(fd, end - begin, begin))
            for line in lines[first:after]:
                data = stretch[line.offset - begin : line.offset - begin + line.size]
                (sound if digest_of(data, algorithm) == line.digest else damaged).append(line)
            first = after
    finally:
        os.close(fd)
    return sound, damaged


def _require_row(path: str, lines: Sequence[Indexed], end: int) -> None:
    expected = len(HEAD)
    for line in lines:
        if line.offset != expected:
            raise CorruptError(f"the index of the pack {path} leaves a gap at byte {expected}")
        expected += line.size
    if expected != end:
        raise CorruptError(f"the index of the pack {path} ends at byte {expected}, not {end}")
