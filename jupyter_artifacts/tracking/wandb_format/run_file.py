"""The records of a ``run-ID.wandb`` file: LevelDB's log format behind seven bytes of W&B's own.

Blocks of 32 KiB hold pieces, each with a CRC-32 (of type and bytes), a length and a
type: whole, first, middle or last piece of a record. A run that was killed leaves
a file that ends in the middle; what came before is whole and is read.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = b":W&B"
_HEAD = struct.Struct("<4sHB")
_NUMBER = 0xBEE1
_BLOCK = 32768
_PIECE = struct.Struct("<IHB")
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


class Records(NamedTuple):
    """The whole records of a file, and what stopped the reading (empty at a good end)."""

    records: list[bytes]
    trouble: str


def read_records(path: Path) -> Records:
    """Read a run file.

    Raises
    ------
    InvalidValueError
        It is none.
    """
    data = path.read_bytes()
    if len(data) < _HEAD.size or data[:4] != _MAGIC or _HEAD.unpack_from(data)[1] != _NUMBER:
        raise InvalidValueError(f"{path} is no W&B run file (it does not begin as one)")
    found: list[bytes] = []
    pieces: list[bytes] = []
    at = _HEAD.size
    while at < len(data):
        left = _BLOCK - at % _BLOCK
        if left < _PIECE.size:
            at += left
            continue
        if at + _PIECE.size > len(data):
            return Records(found, f"it ends at byte {len(data)}, in the middle of a record")
        crc, size, kind = _PIECE.unpack_from(data, at)
        body = data[at + _PIECE.size : at + _PIECE.size + size]
        if len(body) < size:
            return Records(found, f"it ends at byte {len(data)}, in the middle of a record")
        if zlib.crc32(body, zlib.crc32(bytes([kind]))) != crc:
            return Records(found, f"the record at byte {at} is damaged; what follows was not read")
        at += _PIECE.size + size
        if kind in {_WHOLE, _FIRST}:
            pieces = []
        pieces.append(body)
        if kind in {_WHOLE, _LAST}:
            found.append(b"".join(pieces))
            pieces = []
        elif kind not in {_FIRST, _MIDDLE}:
            return Records(found, f"the record at byte {at} is of the unknown kind {kind}")
    return Records(found, "it ends in the middle of a record" if pieces else "")
