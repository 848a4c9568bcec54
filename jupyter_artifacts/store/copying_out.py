"""Copying a blob's file out of the store: shared where the disk can, else read, hashed and written in one pass."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from jupyter_artifacts.store.copying import clone, read_some, write_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Hasher

UNREADABLE = frozenset({errno.EIO, errno.EISDIR})
"""What a rotten disk says of a file, and what stands where a file should be."""

_BUFFER = 256 << 10
"""It stays in the processor's cache: hashing and writing then cost little more than the copy alone."""


def read_hashed(source: int, h: Hasher, limit: int, sink: Callable[[memoryview], None] = lambda _: None) -> int:
    """Read and hash from the present position, handing each part to `sink`; return the bytes read.

    Stops once past `limit`: the source is longer than it should be. Where it cannot be
    read it counts as ended: the digest will tell.
    """
    buffer = memoryview(bytearray(max(1, min(_BUFFER, limit + 1))))
    total = 0
    while total <= limit and (count := _read(source, buffer)):
        part = buffer[:count]
        h.update(part)
        sink(part)
        total += count
    return total


def _read(source: int, buffer: memoryview) -> int:
    try:
        return read_some(source, buffer)
    except OSError as error:
        if error.errno in UNREADABLE:
            return 0
        raise


def copy_hashed(source: int, target: int, h: Hasher, limit: int) -> int:
    """Fill an empty file, open for reading and writing, with another's bytes, and hash what it has got."""
    if clone(source, target):
        return read_hashed(target, h, limit)
    return read_hashed(source, h, limit, lambda part: write_all(target, part))
