"""Writing a zip archive that compresses nothing, with 64-bit sizes throughout."""

from __future__ import annotations

import os
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store.copying import write_all

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")
SIZES = struct.Struct("<2H2Q")
SIZES_AND_PLACE = struct.Struct("<2H3Q")

LOCAL_SIGN, CENTRAL_SIGN, END64_SIGN, LOCATOR_SIGN, END_SIGN = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"PK\x05\x06",
)
MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF
EXTRA64 = 1

_VERSION = 45
_UTF8 = 0x800
_DATE = 0x21  # the first day that the format knows: times are no part of a bundle
_UNIX = 3 << 8
_MODE = 0o100644 << 16
_CRC_AT = 14


class _Written(NamedTuple):
    name: bytes
    crc: int
    size: int
    offset: int


class ZipWriter:
    """Writes members one after the other.

    Parameters
    ----------
    path : str
        A file that is not there yet.
    """

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        self._members: list[_Written] = []
        self._at = 0

    def add(self, name: str, size: int, blocks: Iterable[bytes | memoryview]) -> None:
        """Write a member of a known size.

        Raises
        ------
        CorruptError
            The blocks are not `size` bytes.
        """
        raw = name.encode()
        offset = self._at
        self._write(LOCAL.pack(LOCAL_SIGN, _VERSION, _UTF8, 0, 0, _DATE, 0, MAX32, MAX32, len(raw), SIZES.size))
        self._write(raw + SIZES.pack(EXTRA64, SIZES.size - 4, size, size))
        begin, crc = self._at, 0
        for block in blocks:
            crc = zlib.crc32(block, crc)
            self._write(block)
        if self._at - begin != size:
            raise CorruptError(f"{name} has {self._at - begin} bytes instead of {size}")
        os.pwrite(self._fd, struct.pack("<I", crc), offset + _CRC_AT)
        self._members.append(_Written(raw, crc, size, offset))

    def close(self) -> None:
        """Write the directory, make the file durable and close it."""
        begin = self._at
        for member in self._members:
            self._write(
                CENTRAL.pack(
                    *(CENTRAL_SIGN, _UNIX | _VERSION, _VERSION, _UTF8, 0, 0, _DATE, member.crc, MAX32, MAX32),
                    *(len(member.name), SIZES_AND_PLACE.size, 0, 0, 0, _MODE, MAX32),
                )
            )
            extra = SIZES_AND_PLACE.pack(EXTRA64, SIZES_AND_PLACE.size - 4, member.size, member.size, member.offset)
            self._write(member.name + extra)
        end, count = self._at, len(self._members)
        self._write(
            END64.pack(END64_SIGN, END64.size - 12, _VERSION, _VERSION, 0, 0, count, count, end - begin, begin)
            + LOCATOR.pack(LOCATOR_SIGN, 0, end, 1)
            + END.pack(END_SIGN, 0, 0, min(count, MAX16), min(count, MAX16), MAX32, MAX32, 0)
        )
        try:
            os.fsync(self._fd)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close the file as it is."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _write(self, data: bytes | memoryview) -> None:
        os.lseek(self._fd, self._at, os.SEEK_SET)
        write_all(self._fd, data)
        self._at += len(data)
