"""Whether what is stored can be relied on, without reading it where nothing has touched it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store.packs import check_pack, parse
from jupyter_artifacts.store.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.stamps import Stamp, Stamps

_WORTH = 8
"""A pack is hashed whole, once for all, where at least an eighth of it is asked for."""


class Files(Protocol):
    """What is needed of the blobs."""

    algorithm: Algorithm

    def path(self, blob: Stored) -> str:
        """Return the file that holds a blob."""

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it."""


def sound(files: Files, stamps: Stamps, blobs: Iterable[Stored]) -> dict[Digest, Stored]:
    """Return those of `blobs` whose bytes are as they were logged.

    Files whose stamp is unchanged since they were sealed, or last hashed, count as sound;
    the others are hashed now, and remembered.
    """
    by_file: dict[str, list[Stored]] = {}
    for blob in blobs:
        by_file.setdefault(blob.place.partition("@")[0], []).append(blob)
    known = stamps.find(list(by_file))
    good: dict[Digest, Stored] = {}
    learned: dict[str, Stamp] = {}
    for name, there in by_file.items():
        try:
            parse(there[0].place)
            path = files.path(there[0])
            now = stamp_of(os.lstat(path))
        except (CorruptError, OSError):
            continue
        if known.get(name) == now:
            good.update((blob.digest, blob) for blob in there if _fits(blob, now.size))
            continue
        found, whole = _hashed(files, path, there, now.size)
        good.update(found)
        if whole and _is_still(path, now):
            learned[name] = now
    if learned:
        stamps.remember(learned)
    return good


def _offset(blob: Stored) -> int:
    offset = blob.place.partition("@")[2]
    return int(offset) if offset.isdecimal() else -1


def _fits(blob: Stored, size: int) -> bool:
    return 0 <= _offset(blob) <= size - blob.size if "@" in blob.place else blob.size == size


def _hashed(files: Files, path: str, blobs: list[Stored], size: int) -> tuple[dict[Digest, Stored], bool]:
    """Return the sound ones among one file's blobs, and whether the whole file is sound."""
    packed = "@" in blobs[0].place
    if packed and sum(blob.size for blob in blobs) * _WORTH >= size:
        with contextlib.suppress(CorruptError, OSError):  # its index is lost: they are hashed one by one
            right, wrong = check_pack(path, files.algorithm)
            lines = {(line.digest, line.offset, line.size) for line in right}
            return {b.digest: b for b in blobs if (b.digest, _offset(b), b.size) in lines}, not wrong
    good = {blob.digest: blob for blob in blobs if not files.check(blob)}
    return good, not packed and len(good) == len(blobs)


def _is_still(path: str, then: Stamp) -> bool:
    try:
        return stamp_of(os.lstat(path)) == then
    except OSError:
        return False
