"""The read cache: what was fetched from a bucket, at the same names as in a store's folder.

A pack is a file with holes: only what somebody wanted of it is there. Nothing here is
believed: each blob is checked against its digest whenever it is read, and what differs,
or is a hole, or is gone, is fetched again. So the folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import uuid
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.layout import BLOBS, PACKS
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.open_packs import read_at
from jupyter_artifacts.store.packs import Packed, file_name, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.records import Stored

FOLDER = "read"
LIMIT_VARIABLE = "JUPYTER_ARTIFACTS_CACHE_BYTES"
LIMIT = 10 << 30
_PARTS = "parts"
_SHARE = 4
"""A blob of more than this part of the limit is not kept."""

_TRIM_EVERY = 16
_RECENT = 60.0
_BLOCK = 512
_REMEMBERED = 10_000
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WRITE = (
    os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


def limit_of(text: str | None) -> int:
    """Return the cache's limit in bytes, as the environment has it; what is no number counts as none given."""
    return int(text) if text and text.isdecimal() else LIMIT


class Near(LocalBlobs):
    """A folder of fetched blobs, read as a store's own; those used longest ago go first.

    Parameters
    ----------
    root : str
        The folder.
    algorithm : {"blake3", "sha256"}
    limit : int
        Bytes that may stay; 0 keeps nothing.
    """

    def __init__(self, root: str, algorithm: Algorithm, limit: int) -> None:
        super().__init__(root, algorithm, writable=False)
        self.limit = limit
        self._guard_of_use = threading.Lock()
        self._used: dict[str, float] = {}
        self._grown = limit  # the first to write looks how much there is

    def keeps(self, size: int) -> bool:
        """Tell whether so many bytes of one blob may stay."""
        return 0 < size <= self.limit // _SHARE

    def has(self, blob: Stored) -> bool:
        """Tell whether a blob is here; a packed one is hashed, a loose one looked at, since its reader hashes it."""
        try:
            if "@" in blob.place:
                self.read(blob)
                return True
            return os.path.getsize(self.path(blob)) == blob.size
        except OSError:
            return False

    def keep(self, pack: str, offset: int, data: memoryview) -> None:
        """Keep some of a pack's bytes."""
        if not self.limit or not data:
            return
        path = os.path.join(self.root, PACKS, file_name(pack))
        with self._may_fail():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(path, _WRITE, 0o600)
            try:
                os.lseek(fd, offset, os.SEEK_SET)
                write_all(fd, data)
            finally:
                os.close(fd)
            self._grow(len(data))

    def take_in(self, path: str, name: str) -> None:
        """Move a file here that holds a whole pack or blob (`name`: its place below the folder), or remove it."""
        size = os.path.getsize(path)
        if not self.keeps(size):
            os.unlink(path)
            return
        target = os.path.join(self.root, name)
        with self._may_fail():
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(path, target)
            self._grow(size)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def part(self) -> str:
        """Return the name of a new file for a download."""
        folder = os.path.join(self.root, _PARTS)
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, uuid.uuid4().hex)

    def trim(self) -> None:
        """Remove files, those used longest ago first, until what is left is below the limit."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self.limit:
                return
            with contextlib.suppress(OSError):
                os.unlink(path)
                total -= size

    def path(self, blob: Stored) -> str:
        """Return the file that a blob's place names, and note that it is used."""
        path = super().path(blob)
        now = time.monotonic()
        if now - self._used.get(path, -_RECENT) >= _RECENT:
            with contextlib.suppress(OSError):
                os.utime(path)
            with self._guard_of_use:
                if len(self._used) > _REMEMBERED:
                    self._used.clear()
                self._used[path] = now
        return path

    def _read_packed(self, blob: Stored) -> bytes:
        place = parse(blob.place)
        try:
            fd = os.open(self.path(blob), _READ)
        except OSError as error:
            raise self._fault(error, blob, blob.place) from error
        try:
            offset = place.offset if isinstance(place, Packed) else 0
            # A size from a hostile catalog must not make us ask for more than there is.
            fits = 0 <= blob.size <= os.fstat(fd).st_size - offset
            data = read_at(fd, blob.size, offset) if fits else b""
        except OSError as error:
            raise self._fault(error, blob, blob.place) from error
        finally:
            os.close(fd)
        if len(data) != blob.size or digest_of(data, self.algorithm) != blob.digest:
            raise CorruptError(f"blob {blob.digest.hex()[:12]} is not in the cache")
        return data

    def _fault(self, error: OSError, blob: Stored, path: str) -> OSError:  # noqa: ARG002  the same for every reason
        return CorruptError(f"blob {blob.digest.hex()[:12]} is not in the cache: {error.strerror}")

    def _grow(self, size: int) -> None:
        with self._guard_of_use:
            self._grown += size
            if self._grown < self.limit // _TRIM_EVERY:
                return
            self._grown = 0
        self.trim()

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """Yield when each file was used, the bytes it takes on the disk, and its path."""
        for path in _below(os.path.join(self.root, name) for name in (PACKS, BLOBS, _PARTS)):
            with contextlib.suppress(OSError):
                facts = os.lstat(path)
                yield facts.st_mtime, getattr(facts, "st_blocks", facts.st_size // _BLOCK) * _BLOCK, path

    @contextlib.contextmanager
    def _may_fail(self) -> Iterator[None]:
        """Do the block if it can be done: a full disk, or a folder deleted meanwhile, only costs a fetch."""
        try:
            yield
        except OSError:
            self._grown = self.limit


def _below(folders: Iterable[str]) -> Iterator[str]:
    for folder in folders:
        for above, _, names in os.walk(folder):
            yield from (os.path.join(above, name) for name in names)
