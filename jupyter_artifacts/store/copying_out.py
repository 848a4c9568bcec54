"""Copying a blob's file out of the store: shared where the disk can, else read, hashed and written in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.store.copying import clone, write_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Hasher

_BUFFER = 256 << 10
"""It stays in the processor's cache: hashing and writing then cost little more than the copy alone."""


def read_hashed(source: int, h: Hasher, limit: int, sink: Callable[[memoryview], None] = lambda _: None) -> int:
    """Read and hash from the present position, handing each part to `sink`; return the bytes read.

    Stops once past `limit`: the source is longer than it should be.
    """
    buffer = memoryview(bytearray(max(1, min(_BUFFER, limit + 1))))
    total = 0
    with open(source, "rb", buffering=0, closefd=False) as file:
        while total <= limit and (count := file.readinto(buffer)):
            part = buffer[:count]
            h.update(part)
            sink(part)
            total += count
    return total


def copy_hashed(source: int, target: int, h: Hasher, limit: int) -> int:
    """Fill an empty file, open for reading and writing, with another's bytes, and hash what it has got."""
    if clone(source, target):
        return read_hashed(target, h, limit)
    return read_hashed(source, h, limit, lambda part: write_all(target, part))
