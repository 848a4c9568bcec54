"""Small blobs on their way into a pack: read into one big buffer and hashed where they lie."""

from __future__ import annotations

import mmap
import os
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import Digest, hasher
from jupyter_artifacts.store.copying import SOURCE_FLAGS, TICK_NS, read_some
from jupyter_artifacts.store.packs import SMALL
from jupyter_artifacts.store.sources import Taken, facts_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.sources import Source

BUFFER = 8 << 20


class Buffer:
    """Blobs that wait for the catalog's word whether they are new.

    No object is made for a file's bytes: reading 100,000 small files takes two thirds
    of the time that way. The memory is the kernel's until it is used.
    """

    def __init__(self, algorithm: Algorithm) -> None:
        self._hasher = hasher(algorithm)
        self._room: memoryview | None = None
        self._end = 0
        self._waiting: dict[Digest, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, digest: Digest) -> bool:
        return digest in self._waiting

    @property
    def used(self) -> int:
        """Bytes that wait."""
        return self._end

    @property
    def digests(self) -> list[Digest]:
        """What waits, in order."""
        return list(self._waiting)

    def has_room(self, size: int) -> bool:
        """Tell whether a blob of this size fits in now."""
        return self._end + size < BUFFER

    def put(self, taken: Taken, data: bytes | bytearray) -> None:
        """Take bytes that were hashed elsewhere; there must be room."""
        if taken.digest not in self._waiting:
            end = self._end + taken.size
            self._memory()[self._end : end] = data
            self._waiting[taken.digest] = (self._end, taken.size)
            self._end = end

    def take(self, sources: Sequence[Source], begin: int, settled: Container[Digest], taken: list[Taken]) -> int:
        """Read files until the buffer is full, or one is not plainly what was seen of it.

        Parameters
        ----------
        sources : sequence of Source
        begin : int
            Number of the first source to read.
        settled : container of digests
            What need not be kept again.
        taken : list
            Gets a `Taken` for each file read.

        Returns
        -------
        int
            Number of the first source that was not read: there was no room for it, or it
            is big, has changed, may be changing right now, or cannot be read. Who calls
            looks closer at that one.
        """
        room, end, waiting, new = self._memory(), self._end, self._waiting, self._hasher
        now = time.time_ns()
        young, ahead = now - TICK_NS, now + TICK_NS
        for number in range(begin, len(sources)):
            facts = sources[number].facts
            size = facts[0]
            if size > SMALL or end + size >= BUFFER or young < facts[2] < ahead:
                break
            try:
                fd = os.open(sources[number].path, SOURCE_FLAGS)
                try:
                    # One byte more than expected shows a file that has grown.
                    count = read_some(fd, room[end : end + size + 1])
                    then = facts_of(os.fstat(fd))
                finally:
                    os.close(fd)
            except OSError:
                break
            if count != size or then != facts:
                break
            h = new()
            h.update(room[end : end + size])
            digest = Digest(h.digest())
            taken.append(Taken(digest, size))
            if digest not in waiting and digest not in settled:
                waiting[digest] = (end, size)
                end += size
        else:
            number = len(sources)
        self._end = end
        return number

    def get(self, digest: Digest) -> bytes | None:
        """Return the bytes of a blob that waits."""
        place = self._waiting.get(digest)
        return None if place is None else bytes(self._memory()[place[0] : place[0] + place[1]])

    def rest(self, skip: Container[Digest]) -> tuple[list[memoryview], list[tuple[Digest, int]]]:
        """Return the stretches of the buffer without the blobs of `skip`, and what lies in them, in order."""
        room, begin = self._memory(), 0
        parts: list[memoryview] = []
        blobs: list[tuple[Digest, int]] = []
        for digest, (offset, size) in self._waiting.items():
            if digest not in skip:
                blobs.append((digest, size))
            else:
                if begin < offset:
                    parts.append(room[begin:offset])
                begin = offset + size
        if begin < self._end:
            parts.append(room[begin : self._end])
        return parts, blobs

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._end = 0

    def _memory(self) -> memoryview:
        if self._room is None:
            try:
                self._room = memoryview(mmap.mmap(-1, BUFFER))
            except OSError as error:
                raise MemoryError(f"no {BUFFER >> 20} MiB of memory to read files into") from error
        return self._room
