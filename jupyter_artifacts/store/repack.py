"""Packs that are mostly dead are copied to new ones; small loose files of older stores are packed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store import blob_files as files
from jupyter_artifacts.store.packs import SMALL
from jupyter_artifacts.store.upkeep_records import Repacked
from jupyter_artifacts.store.upkept import NothingKnown, alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.upkept import Upkept

SPARSE = 0.5
"""A pack of whose bytes less than this share lives is copied."""

_FIXED = 56
_LINE = 48
"""Bytes of a pack besides its blobs: head and footer, and a line of the index for each blob."""

_MANY = 64
"""So many small loose files are worth a pack."""

_BATCH = 128 << 20


class Move(NamedTuple):
    """Blobs that are to be copied: out of one file (a pack, or a loose one), whose size is known."""

    key: str
    size: int
    blobs: list[Stored]


def sparse(blobs: Iterable[Stored], sizes: Mapping[str, int]) -> list[Move]:
    """Return the packs of which less than half lives."""
    alive: dict[str, list[Stored]] = defaultdict(list)
    for blob in blobs:
        key = files.key_of(blob.place)
        if key.endswith("@"):
            alive[key].append(blob)
    return [
        Move(key, sizes[key], inside)
        for key, inside in alive.items()
        if key in sizes and sum(blob.size + _LINE for blob in inside) + _FIXED < SPARSE * sizes[key]
    ]


def small(blobs: Iterable[Stored]) -> list[Move]:
    """Return the loose files that would be packed if they were logged today, if there are enough."""
    found = [Move(blob.place, blob.size, [blob]) for blob in blobs if "@" not in blob.place and blob.size <= SMALL]
    return found if len(found) >= _MANY else []


def written(moves: Iterable[Move]) -> int:
    """Return the bytes of the new packs that copying makes."""
    return sum(_FIXED + sum(blob.size + _LINE for one in batch for blob in one.blobs) for batch in _batches(moves))


def repack(store: Upkept, *, loose: bool = True) -> Repacked:
    """Copy what lives in sparse packs, pack small loose files, and remove the old files.

    A reader that has one open reads on; one that comes later is told the new place.

    Parameters
    ----------
    store : Store
    loose : bool, default True
        Pack small loose files too: stores made by the first releases have them.
    """
    with alone(store):
        blobs = list(store.catalog.blobs.all())
        listed = store.ground.listing()
        moves = sparse(blobs, store.ground.sizes(listed))
        single = small(blobs) if loose else []
        moved = move(store, moves + single)
        old = {files.key_of(before.place) for before, _ in moved}
        keys = files.named((blob.place for blob in store.catalog.blobs.all()), store.catalog.garbage.trash())
        _, removed = store.ground.remove(file for file in listed if file.key in old - keys)
        return Repacked(len(moves), len(single), len(moved), removed - added(store, moved))


def move(store: Upkept, moves: Sequence[Move]) -> list[tuple[Stored, Stored]]:
    """Copy blobs into new packs and point their rows there; return (before, after)."""
    moved: list[tuple[Stored, Stored]] = []
    for batch in _batches(moves):
        moved += _move(store, batch)
    return moved


def _batches(moves: Iterable[Move]) -> Iterator[list[Move]]:
    """Yield the moves that go into one new pack each."""
    batch: list[Move] = []
    size = 0
    for one in sorted(moves, key=lambda move: move.key):
        batch.append(one)
        size += sum(blob.size for blob in one.blobs)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _move(store: Upkept, moves: Sequence[Move]) -> list[tuple[Stored, Stored]]:
    session = store.blobs.session(NothingKnown())
    try:
        whole: list[Move] = []
        for one in moves:
            try:
                for blob in sorted(one.blobs, key=_offset):
                    session.put_bytes(store.blobs.read(blob))
            except CorruptError:
                continue  # verify names it; the file it lies in stays as it is
            whole.append(one)
        copies = {blob.digest: blob for blob in session.seal()}
        pairs = [(blob, copies[blob.digest]) for one in whole for blob in one.blobs]
        store.catalog.garbage.repoint(pairs)
        return pairs
    finally:
        session.close()


def _offset(blob: Stored) -> tuple[str, int]:
    pack, _, offset = blob.place.partition("@")
    return pack, int(offset or 0)


def added(store: Upkept, moved: Sequence[tuple[Stored, Stored]]) -> int:
    """Return the bytes of the packs that were written for copies."""
    new = {files.key_of(after.place) for _, after in moved}
    if not new:
        return 0
    return sum(size for key, size in store.ground.sizes(store.ground.listing()).items() if key in new)
