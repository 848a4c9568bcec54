"""Checking what lies in a bucket now: a pack is fetched whole, once for all of its blobs."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.remote.bucket import PART
from jupyter_artifacts.store.remote.crew import side_by_side
from jupyter_artifacts.store.remote.fetching import pack_key

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.packs import Packed
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.remote.bucket import Bucket

_SECONDS = 5.0


class FreshPack:
    """The pack that was fetched last, for a few seconds; each of its blobs is checked with it once."""

    def __init__(self, bucket: Bucket, algorithm: Algorithm) -> None:
        self._bucket = bucket
        self._algorithm: Algorithm = algorithm
        self._guard = threading.Lock()
        self._pack = ""
        self._data = bytearray()
        self._until = 0.0
        self._checked: set[int] = set()

    def check(self, blob: Stored, place: Packed) -> str:
        """Hash a blob as it lies in the bucket; return what is wrong, or an empty string."""
        name = blob.digest.hex()[:12]
        with self._guard:
            if self._pack != place.pack or place.offset in self._checked or time.monotonic() > self._until:
                self._drop()
                there = self._bucket.head(pack_key(place.pack))
                if there is None:
                    return f"blob {name} is missing: its pack is not in {self._bucket.url}"
                self._fetch(place.pack, there.size)
            self._checked.add(place.offset)
            data = memoryview(self._data)[place.offset : place.offset + blob.size]
        if len(data) != blob.size:
            return f"blob {name} lies past the end of its pack in {self._bucket.url}"
        if digest_of(data, self._algorithm) != blob.digest:
            return f"blob {name} is damaged: its bytes in {self._bucket.url} are not those that were logged"
        return ""

    def forget(self) -> None:
        """Let go of it."""
        with self._guard:
            self._drop()

    def _fetch(self, pack: str, size: int) -> None:
        whole = bytearray(size)

        def stretch(begin: int) -> None:
            data = self._bucket.get_range(pack_key(pack), begin, min(begin + PART, size))
            if data is not None:
                whole[begin : begin + len(data)] = data

        side_by_side(stretch, range(0, size, PART))
        self._pack, self._data, self._until = pack, whole, time.monotonic() + _SECONDS

    def _drop(self) -> None:
        self._pack, self._data = "", bytearray()
        self._checked.clear()
