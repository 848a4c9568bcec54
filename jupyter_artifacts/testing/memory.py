"""Blobs in memory: the smallest thing that keeps the contract, for tests of what stands on it."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from jupyter_artifacts.errors import CorruptError, UsageError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.packing import PackingJob
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.sources import Taken
from jupyter_artifacts.store.writers import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.packing import Packing
    from jupyter_artifacts.store.protocols import BlobIndex
    from jupyter_artifacts.store.sources import Source


class MemoryIndex:
    """What a catalog knows of blobs, as a dict."""

    def __init__(self) -> None:
        self.known: dict[Digest, Stored] = {}
        self.condemnations = 0
        self.asked = 0

    def find(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Return the known ones of `digests`."""
        self.asked += 1
        return {digest: self.known[digest] for digest in digests if digest in self.known}

    def replace(self, blobs: Iterable[Stored]) -> None:
        """Do what publishing does: point digests at their newest places."""
        self.known.update((blob.digest, blob) for blob in blobs)

    def all(self) -> Iterator[Stored]:
        """Yield every blob, in order of digest."""
        yield from sorted(self.known.values(), key=lambda blob: blob.digest)

    def condemn_seq(self) -> int:
        """Return how often blobs were condemned."""
        return self.condemnations


class MemoryBlobs:
    """Blobs by place in a dict."""

    def __init__(self, algorithm: Algorithm = "sha256") -> None:
        self.algorithm: Algorithm = algorithm
        self.bytes: dict[Place, bytes] = {}
        self._count = 0
        self._guard = threading.Lock()

    def session(self, index: BlobIndex) -> MemorySession:
        """Open a session."""
        return MemorySession(self, index)

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        return io.BytesIO(self.read(blob))

    def read(self, blob: Stored) -> bytes:
        """Return a blob's verified bytes."""
        wrong = self.check(blob)
        if wrong:
            raise CorruptError(wrong)
        return self.bytes[blob.place]

    def copy_to(self, blob: Stored, target: str | os.PathLike[str]) -> None:
        """Write a blob to a file."""
        data = self.read(blob)
        part = Path(f"{os.fspath(target)}.part")
        part.write_bytes(data)
        part.replace(target)

    def check(self, blob: Stored) -> str:
        """Re-hash a blob."""
        data = self.bytes.get(blob.place)
        if data is None:
            return f"blob {blob.digest.hex()[:12]} is missing"
        if digest_of(data, self.algorithm) != blob.digest:
            return f"blob {blob.digest.hex()[:12]} is damaged"
        return ""

    def brought(self, blobs: Iterable[Stored]) -> Iterator[tuple[str, Sequence[Stored]]]:  # noqa: ARG002  the protocol's
        """Yield no folder."""
        return iter(())

    def close(self) -> None:
        """Nothing to close."""

    def keep(self, data: bytes) -> Stored:
        """Keep bytes at a place of their own."""
        with self._guard:
            self._count += 1
            place = Place(f"{self._count}")
            self.bytes[place] = data
        return Stored(digest_of(data, self.algorithm), len(data), place)


class MemorySession:
    """A session over :class:`MemoryBlobs`."""

    def __init__(self, blobs: MemoryBlobs, index: BlobIndex) -> None:
        self._blobs = blobs
        self._index = index
        self.condemn_seq = index.condemn_seq()
        self._folder = tempfile.mkdtemp(prefix="jupyter_artifacts-")
        self._waiting: dict[Digest, bytes] = {}
        self._sealed: dict[Digest, Stored] = {}
        self._reused: dict[Digest, Stored] = {}
        self._relied: set[Digest] = set()
        self._open = True

    def scratch(self) -> Path:
        """Return a new empty folder."""
        self._check()
        return Path(tempfile.mkdtemp(dir=self._folder))

    def put_bytes(self, data: bytes) -> Stored:
        """Store bytes."""
        self._check()
        digest = digest_of(data, self._blobs.algorithm)
        if digest not in self._sealed:
            self._waiting[digest] = bytes(data)
        return Stored(digest, len(data), Place(""))

    def put_file(self, path: str | os.PathLike[str], *, owned: bool = False) -> Stored:
        """Store a file's bytes; none of the care that a disk needs."""
        stored = self.put_bytes(Path(path).read_bytes())
        if owned:
            Path(path).unlink()
        return stored

    def put_files(self, sources: Sequence[Source]) -> list[Taken]:
        """Store many files' bytes."""
        return [Taken(blob.digest, blob.size) for blob in (self.put_file(source.path) for source in sources)]

    def job(self) -> PackingJob:
        """Return what another process needs; what it makes is read in again by `adopt`."""
        self._check()
        return PackingJob(self._folder, tempfile.mkdtemp(dir=self._folder), "0" * 20, self._blobs.algorithm)

    def adopt(self, packing: Packing) -> list[Taken]:
        """Take over what `pack_files` made."""
        self._check()
        for digest, data in packing.contents():
            if digest not in self._sealed:
                self._waiting[digest] = data
        return packing.taken

    def reuse(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Rely on blobs that are known and sound."""
        self._check()
        sound = {digest: blob for digest, blob in self._index.find(digests).items() if not self._blobs.check(blob)}
        self._reused.update(sound)
        return sound

    def rely(self, digests: Sequence[Digest]) -> None:
        """Rely on blobs without asking for them."""
        self._check()
        self._relied.update(digests)

    @property
    def reused(self) -> tuple[Digest, ...]:
        """Digests that were known before."""
        return tuple(self._relied | self._reused.keys())

    @property
    def stored(self) -> tuple[Stored, ...]:
        """What is sealed or relied on."""
        return (*self._reused.values(), *self._sealed.values())

    @property
    def written(self) -> int:
        """Bytes that were not known."""
        return sum(blob.size for blob in self._sealed.values())

    def open(self, digest: Digest) -> BinaryIO:
        """Read back what this session has put."""
        self._check()
        if digest in self._waiting:
            return io.BytesIO(self._waiting[digest])
        stored = self._sealed.get(digest) or self._index.find([digest]).get(digest)
        if stored is None:
            raise UsageError(f"this session has put no blob {digest.hex()[:12]}")
        return self._blobs.open(stored)

    def seal(self) -> tuple[Stored, ...]:
        """Keep what is new, or rotten; return what the catalog does not know."""
        self._check()
        unsure = [digest for digest in self._waiting if digest not in self._reused]
        self._reused.update(self.reuse(unsure))
        for digest, data in self._waiting.items():
            if digest not in self._reused:
                self._sealed[digest] = self._blobs.keep(data)
        self._waiting.clear()
        return tuple(stored for digest, stored in self._sealed.items() if digest not in self.reuse([digest]))

    def checkpoint(self) -> None:
        """Enter what is there."""
        self._index.replace(self.seal())
        self.reuse(list(self._sealed))

    def close(self) -> None:
        """Leave the session."""
        self._open = False
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self) -> None:
        if not self._open:
            raise UsageError("this blob session is closed")


class MemoryWriters:
    """Who writes, as a dict: the catalog's part for blobs in a bucket."""

    def __init__(self) -> None:
        self.known: dict[str, Writer] = {}
        self.revoked: set[str] = set()

    def enter(self, session: str, host: str, condemn_seq: int, ended: Sequence[str] = ()) -> None:
        """Enter a session that begins."""
        self.leave(ended)
        self.known[session] = Writer(session, host, condemn_seq, time.time())

    def beat(self, session: str) -> None:
        """Say that a session lives."""
        self.known[session] = self.known[session]._replace(heartbeat_at=time.time())

    def leave(self, sessions: Sequence[str]) -> None:
        """Take sessions out that have ended."""
        for session in sessions:
            self.known.pop(session, None)

    def active(self) -> Sequence[Writer]:
        """Return the sessions that have neither ended nor been revoked."""
        return [writer for writer in self.known.values() if writer.id not in self.revoked]

    def revoke(self, sessions: Iterable[str]) -> None:
        """Revoke sessions."""
        self.revoked.update(sessions)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to look after the store."""
        yield
