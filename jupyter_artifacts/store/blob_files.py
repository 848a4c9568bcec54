"""The files of a store's blobs, and which of them nothing names."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.store.layout import BLOBS, sync_folder
from jupyter_artifacts.store.packs import pack_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.store.upkeep_records import Trashed

PACKS = "packs"
_LOOSE = re.compile(r"[0-9a-f]{64}\.([0-9a-f]{20,40})")
_SESSION = 20
"""So many characters of a place are the id of the session that wrote it."""


class File(NamedTuple):
    """One file: the key that rows name it by, and its path."""

    key: str
    path: str

    @property
    def session(self) -> str:
        """The id of the session that wrote it."""
        return self.key[:_SESSION]


def key_of(place: str) -> str:
    """Return the key of the file that a place lies in; a pack's ends in ``@``."""
    pack, at, _ = place.partition("@")
    return pack + at


def listing(root: str) -> Iterator[File]:
    """Yield the loose blobs and the packs; what has another kind of name is not this package's."""
    blobs = os.path.join(root, BLOBS)
    for folder in sorted(_names(blobs)):
        for name in _names(os.path.join(blobs, folder)):
            found = _LOOSE.fullmatch(name)
            if found:
                yield File(found[1], os.path.join(blobs, folder, name))
    packs = os.path.join(root, PACKS)
    for name in sorted(_names(packs)):
        pack = pack_of(name)
        if pack:
            yield File(pack + "@", os.path.join(packs, name))


def named(places: Iterable[str], trash: Iterable[Trashed]) -> set[str]:
    """Return the keys of the files that rows and the trash name."""
    return {*map(key_of, places), *(key_of(one.place) for one in trash)}


def unnamed(files: Iterable[File], keys: AbstractSet[str], sessions: AbstractSet[str]) -> list[File]:
    """Return the files that nothing names and no living session wrote.

    The order of looking makes this safe: files first, then who lives, then the catalog.
    What a session entered before it ended is in the catalog by then; what a new one
    writes is not among the files.
    """
    return [file for file in files if file.key not in keys and file.session not in sessions]


def sizes(files: Iterable[File]) -> dict[str, int]:
    """Return the bytes of files by key; one that has gone meanwhile has none."""
    found = {}
    for file in files:
        try:
            found[file.key] = os.lstat(file.path).st_size
        except FileNotFoundError:
            continue
    return found


def remove(files: Iterable[File]) -> tuple[int, int]:
    """Remove files; return how many there were, and their bytes."""
    count = total = 0
    folders = set()
    for file in files:
        try:
            size = os.lstat(file.path).st_size
            os.unlink(file.path)
        except FileNotFoundError:
            continue
        folders.add(os.path.dirname(file.path))
        count += 1
        total += size
    for folder in sorted(folders):
        sync_folder(folder)
    return count, total


def folder_size(folder: str) -> int:
    """Return the bytes of all files in and below a folder; what goes meanwhile does not count."""
    total = 0
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(above, name)).st_size
            except FileNotFoundError:
                continue
    return total


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
