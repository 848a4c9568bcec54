"""Taking files and bytes in: small ones through a buffer into packs, big ones into files of their own."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.store.copying import read_into, steadily
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.filling import Buffer
from jupyter_artifacts.store.packs import SMALL
from jupyter_artifacts.store.sources import Taken
from jupyter_artifacts.store.staging import part_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.sources import Source
    from jupyter_artifacts.store.staging import Staging

_HELD = 256 << 20
_HELD_PARTS = 1000


class Found(NamedTuple):
    """One file that was read: its bytes are in `data` or in the part `part`, or were only hashed."""

    taken: Taken
    data: bytearray | None
    part: str


class Intake:
    """One writer's blobs until each is settled: known elsewhere, or written.

    Not for several threads at once, `read` excepted.

    Parameters
    ----------
    staging : Staging
    known : callable, optional
        Told digests, answers with those that need not be written.
    likely : callable, optional
        Told the size of a big file, whether one of that size is stored: then it is
        hashed before it is copied.

    Attributes
    ----------
    settled : dict of Digest to Stored
        What is known or written.
    fresh : list of Stored
        What was written; who takes it away empties the list.
    written : int
        Bytes of all that was written.
    torn : str
        The error that cut a step short, after which nothing here can be trusted.
    """

    def __init__(
        self,
        staging: Staging,
        known: Callable[[Sequence[Digest]], Mapping[Digest, Stored]] | None = None,
        likely: Callable[[int], bool] | None = None,
    ) -> None:
        self._staging = staging
        self._known = known or _nothing
        self._likely = likely or _never
        self._hasher = hasher(staging.algorithm)
        self._buffer, self._spare = Buffer(staging.algorithm), Buffer(staging.algorithm)
        self._parts: dict[Digest, tuple[str, int]] = {}
        self._held = 0
        self._sizes: set[int] = set()
        self.settled: dict[Digest, Stored] = {}
        self.fresh: list[Stored] = []
        self.written = 0
        self.torn = ""

    @property
    def waiting(self) -> int:
        """Bytes that are not settled yet."""
        return self._buffer.used + self._held

    def has(self, digest: Digest) -> bool:
        """Tell whether this blob was put, settled or not."""
        return digest in self.settled or digest in self._buffer or digest in self._parts

    def put(self, taken: Taken, data: bytes | bytearray) -> None:
        """Take bytes for a pack."""
        if not self.has(taken.digest):
            if not self._buffer.has_room(taken.size):
                self.settle()
            with self._whole():
                self._buffer.put(taken, data)

    def step(self, sources: Sequence[Source], begin: int, taken: list[Taken]) -> int:
        """Take some of `sources` from number `begin` on, into `taken`; return the number of the next."""
        with self._whole():
            number = self._buffer.take(sources, begin, self.settled, taken)
        if number > begin or number == len(sources):
            return number
        source = sources[number]
        if source.size <= SMALL and not self._buffer.has_room(source.size):
            self.settle()
            return number
        taken.append(self.take_file(source.path))
        return number + 1

    def take_file(self, path: str) -> Taken:
        """Take one file, whatever it is."""
        return self.enter(self.read(path), path)

    def read(self, path: str, *, copy: bool = False) -> Found:
        """Read one file into memory or a part; with `copy` never only hash it."""
        small = bytearray()
        part = ""
        hashed = False

        def take(fd: int, size: int) -> Taken:
            nonlocal part, hashed
            hashed = False
            if size <= SMALL and not part:
                small.clear()
                return read_into(fd, path, self._hasher(), size, small.extend)
            if not copy and not part and (size in self._sizes or self._likely(size)):
                hashed = True
                return again(fd, size)
            if not part:
                part = self._staging.name()
            return self._staging.copy(part, fd, path, size)

        def again(fd: int, size: int) -> Taken:
            return read_into(fd, path, self._hasher(), size, lambda _: None)

        try:
            taken = steadily(path, take, again)
        except BaseException:
            if part and os.path.exists(part_path(self._staging.folder, part)):
                self._staging.drop(part)
            raise
        return Found(taken, None if part or hashed else small, part)

    def own(self, path: str) -> Found:
        """Take a file of the session's own: a big one is hashed where it lies, then moved."""
        if os.path.isfile(path) and os.path.getsize(path) <= SMALL:
            found = self.read(path)
            os.unlink(path)
            return found
        taken = steadily(path, lambda fd, size: read_into(fd, path, self._hasher(), size, lambda _: None))
        return Found(taken, None, self._staging.move_in(path))

    def enter(self, found: Found, path: str) -> Taken:
        """Count a file that was read among what was put."""
        taken, data, part = found
        if data is not None:
            self.put(taken, data)
        elif part:
            self._enter_part(taken, part)
        elif not self.has(taken.digest):
            known = self._known([taken.digest])
            if not known:
                return self.enter(self.read(path, copy=True), path)
            self.settled.update(known)
        return taken

    def open(self, digest: Digest) -> BinaryIO | None:
        """Read back a blob that waits; None when it is settled, or was never put."""
        data = self._buffer.get(digest)
        if data is not None:
            return io.BytesIO(data)
        waiting = self._parts.get(digest)
        return cast("BinaryIO", open(part_path(self._staging.folder, waiting[0]), "rb")) if waiting else None

    def settle(self) -> None:
        """Ask what is known, write what is not."""
        digests = [*self._buffer.digests, *self._parts]
        if not digests:
            return
        with self._whole(), writing(self._staging.root, self.waiting):
            known = self._known(digests)
            fresh: list[Stored] = []
            parts, blobs = self._buffer.rest(known)
            if blobs:
                fresh += self._staging.pack(parts, blobs)
                self._buffer, self._spare = self._spare, self._buffer  # its bytes may be on their way still
            self._buffer.clear()
            for digest, (part, size) in self._parts.items():
                if digest in known:
                    self._staging.drop(part)
                else:
                    fresh.append(self._staging.keep(part, Taken(digest, size)))
            self._parts.clear()
            self._held = 0
            self.settled.update(known)
            self.count(fresh)

    def count(self, fresh: Sequence[Stored]) -> None:
        """Count blobs among what was written."""
        self.settled.update({blob.digest: blob for blob in fresh})
        self.fresh += fresh
        self.written += sum([blob.size for blob in fresh])

    def forget(self) -> None:
        """Let go of everything; the writer has come to its end."""
        self._known, self._likely = _nothing, _never
        self._buffer, self._spare = Buffer(self._staging.algorithm), Buffer(self._staging.algorithm)
        self._parts, self.settled, self.fresh = {}, {}, []

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Do the block or give it all up: a step cut short (an interrupt too) may have lost track of a blob."""
        try:
            yield
        except BaseException as error:
            self.torn = f"{type(error).__name__}: {error}"
            raise

    def _enter_part(self, taken: Taken, part: str) -> None:
        if self.has(taken.digest):
            self._staging.drop(part)
            return
        self._parts[taken.digest] = (part, taken.size)
        self._sizes.add(taken.size)
        self._held += taken.size
        if self._held >= _HELD or len(self._parts) >= _HELD_PARTS:
            self.settle()


def _nothing(_: Sequence[Digest]) -> Mapping[Digest, Stored]:
    return {}


def _never(_: int) -> bool:
    return False
