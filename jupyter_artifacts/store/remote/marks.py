"""Whether what lies in a bucket can be relied on, told by a look at each object instead of its bytes.

An object never changes. The mark that the service gave it (its ETag) is kept beside its
size in the same table as the stamps of a local store's files. One that is as it was is
sound; one that differs is fetched and hashed. An object that another machine has written
carries no mark here yet: its size is believed, and its mark kept from then on; the bytes
are checked whenever they are read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store.packs import Packed, parse
from jupyter_artifacts.store.remote.crew import side_by_side
from jupyter_artifacts.store.remote.fetching import key_of
from jupyter_artifacts.store.stamps import Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.bucket import Bucket
    from jupyter_artifacts.store.stamps import Stamps

_AT_ONCE = 16


def stamp_of(size: int, mark: str) -> Stamp:
    """Return the stamp of an object: its size, and its mark as a number."""
    return Stamp(size, 0, 0, int.from_bytes(hashlib.blake2b(mark.encode(), digest_size=7).digest(), "big"))


class Marks:
    """The marks of one bucket's objects.

    Parameters
    ----------
    bucket : Bucket
    stamps : Stamps
    """

    def __init__(self, bucket: Bucket, stamps: Stamps) -> None:
        self._bucket = bucket
        self._stamps = stamps

    def sound(self, blobs: Iterable[Stored], check: Callable[[Stored], str]) -> dict[Digest, Stored]:
        """Return those blobs that can be relied on; `check` hashes one anew, and says what is wrong."""
        by_object: dict[str, list[Stored]] = {}
        for blob in blobs:
            by_object.setdefault(blob.place.partition("@")[0], []).append(blob)
        keys = {}
        for name, there in by_object.items():
            try:
                keys[name] = key_of(there[0])
            except CorruptError:
                continue
        known = self._stamps.find(list(keys))
        good: dict[Digest, Stored] = {}
        learned: dict[str, Stamp] = {}
        for name, now in self._look(keys).items():
            there = [blob for blob in by_object[name] if _fits(blob, now.size)]
            whole = len(there) == len(by_object[name])
            if name in known and known[name] != now:
                there = [blob for blob in there if not check(blob)]
                whole = False  # there may be blobs in it that nobody asked for
            good.update((blob.digest, blob) for blob in there)
            if whole and name not in known:
                learned[name] = now
        self._stamps.remember(learned)
        return good

    def untouched(self, keys: Mapping[str, str]) -> bool:
        """Tell whether objects, given as name and key, are as they were when their marks were kept."""
        known = self._stamps.find(list(keys))
        return known.keys() == keys.keys() and self._look(keys) == known

    def _look(self, keys: Mapping[str, str]) -> dict[str, Stamp]:
        """Return the stamps of those objects that are there."""
        found: dict[str, Stamp] = {}

        def look(name: str) -> None:
            there = self._bucket.head(keys[name])
            if there is not None:
                found[name] = stamp_of(there.size, there.mark)

        side_by_side(look, keys, _AT_ONCE)
        return found


def _fits(blob: Stored, size: int) -> bool:
    place = parse(blob.place)
    return place.offset + blob.size <= size if isinstance(place, Packed) else blob.size == size
