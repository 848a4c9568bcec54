"""One writer's session in a local store: copy and hash in one pass, drop what is known, make durable."""

from __future__ import annotations

import contextlib
import io
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from jupyter_artifacts.errors import ForkedStoreError, InvalidTypeError, StoreError, UsageError
from jupyter_artifacts.model.digest import digest_of, hasher, show
from jupyter_artifacts.store import sessions
from jupyter_artifacts.store.copying import read_into, steadily, write_all
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.layout import BLOBS, TMP, sync_folder
from jupyter_artifacts.store.locks import drop
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.sources import Taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.packing import Packing, PackingJob
    from jupyter_artifacts.store.protocols import BlobIndex
    from jupyter_artifacts.store.sources import Source

SMALL = 256 << 10
"""Up to here a file is read at once and written only when it turns out to be new."""

HELD = 8 << 20
"""This many bytes of small blobs wait in memory for one question to the catalog."""

_SYNC_THREADS = 8
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Folder(Protocol):
    """What a session needs of the blobs it belongs to."""

    root: str
    algorithm: Algorithm

    def file_name(self, digest: Digest, place: str) -> tuple[str, str]:
        """Return folder and file name of a loose blob."""

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it."""


class LocalSession:
    """A session whose temporary files lie in ``tmp/ID``; threads may share it.

    Every digest passes through these, in this order: `_held` (bytes in memory) or
    `_parts` (a temporary file), asked of the catalog in batches; then `_known` (a
    sound copy is stored already), or `_sealed` (written and durable).
    """

    def __init__(self, blobs: Folder, index: BlobIndex) -> None:
        self._blobs = blobs
        self._index = index
        self._ask = index.find
        self.condemn_seq = index.condemn_seq()
        self._hasher = hasher(blobs.algorithm)
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._held: dict[Digest, bytes] = {}
        self._held_bytes = 0
        self._parts: dict[Digest, tuple[str, int]] = {}
        self._new: dict[Digest, tuple[str, int]] = {}
        self._known: dict[Digest, Stored] = {}
        self._sealed: dict[Digest, Stored] = {}
        self._rotten: dict[Digest, Place] = {}
        self._count = 0
        self._broken = ""
        with writing(blobs.root):
            self.id, fd = sessions.open_folder(os.path.join(blobs.root, TMP))
        self._folder = os.path.join(blobs.root, TMP, self.id)
        self._end = weakref.finalize(self, _leave, fd, self._folder, self._pid)

    def scratch(self) -> Path:
        """Return a new empty folder for temporary files; it goes with the session."""
        with self._lock, writing(self._blobs.root):
            self._check()
            folder = Path(self._next("scratch"))
            folder.mkdir()
            return folder

    def put_bytes(self, data: bytes) -> Stored:
        """Store bytes; the place in the answer is final only once sealed."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise InvalidTypeError(f"put_bytes takes bytes, not {type(data).__name__}")
        with self._lock:
            self._check()
        data = bytes(data)
        return self._hold(Taken(digest_of(data, self._blobs.algorithm), len(data)), data)

    def put_file(self, path: str | os.PathLike[str], *, owned: bool = False) -> Stored:
        """Store a file's bytes in one pass of copy and hash."""
        path = os.fspath(path)
        with self._lock:
            self._check()
        if owned:
            return self._adopt(path)
        small = bytearray()
        part = ""

        def take(fd: int, size: int) -> Taken:
            nonlocal part
            if size <= SMALL and not part:
                small.clear()
                return read_into(fd, path, self._hasher(), size, small.extend)
            with writing(self._blobs.root, size):
                if not part:
                    with self._lock:
                        part = self._next("part")
                out = os.open(part, _NEW, 0o600)
                try:
                    return read_into(fd, path, self._hasher(), size, lambda data: write_all(out, data))
                finally:
                    os.close(out)

        try:
            taken = steadily(path, take)
        except BaseException:
            if part:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part)
            raise
        return self._keep(taken, part) if part else self._hold(taken, bytes(small))

    def put_files(self, sources: Sequence[Source]) -> list[Taken]:
        """Store many files' bytes."""
        stored = [self.put_file(source.path) for source in sources]
        return [Taken(blob.digest, blob.size) for blob in stored]

    def job(self) -> PackingJob:
        """Return what another process needs to pack files for this session."""
        raise NotImplementedError

    def adopt(self, packing: Packing) -> list[Taken]:
        """Take over what another process made in this session's folder."""
        raise NotImplementedError

    def reuse(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Rely on blobs that are stored already."""
        with self._lock:
            self._check()
            sound = {d: s for d, s in self._ask(digests).items() if not self._blobs.check(s)}
            self._known.update(sound)
            return sound

    @property
    def reused(self) -> tuple[Digest, ...]:
        """Digests that this session relies on and that the catalog knew before."""
        return tuple(self._known)

    def checkpoint(self) -> None:
        """Make durable what is there, and enter it in the catalog now."""
        with self._lock:
            self._index.replace(self.seal())
            self._confirm()

    def open(self, digest: Digest) -> BinaryIO:
        """Read back what this session has put, before it is sealed."""
        with self._lock:
            self._check()
            if digest in self._held:
                return io.BytesIO(self._held[digest])
            waiting = self._parts.get(digest) or self._new.get(digest)
            if waiting is not None:
                return cast("BinaryIO", open(waiting[0], "rb"))
            stored = self._sealed.get(digest) or self._known.get(digest)
        if stored is None:
            raise UsageError(f"this session has put no blob {show(digest, self._blobs.algorithm)[:15]}")
        return self._blobs.open(stored)

    def seal(self) -> tuple[Stored, ...]:
        """Make everything durable; return the blobs that the catalog does not know yet."""
        with self._lock:
            self._check()
            with self._whole(self._held_bytes + sum(size for _, size in self._new.values())):
                self._confirm()
                self._settle()
                self._make_durable()
            return tuple(self._sealed.values())

    def close(self) -> None:
        """Leave the session and remove its temporary files; sealed blobs stay."""
        if os.getpid() == self._pid:
            with Shield():
                self._end()

    def __enter__(self) -> LocalSession:  # noqa: PYI034  Self came with Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        if os.getpid() != self._pid:
            raise ForkedStoreError(
                "a blob session opened before a fork was used in the child process; log from the process that opened it"
            )
        if not self._end.alive:
            raise UsageError("this blob session is closed")
        if self._broken:
            raise StoreError(f"this blob session failed before ({self._broken}); log again to begin a new one")

    @contextlib.contextmanager
    def _whole(self, needed: int) -> Iterator[None]:
        """Do the block or give the session up.

        A step cut short (an interrupt too) may have lost track of a blob, and after a
        failed flush the kernel may hold the pages for clean: neither is tried again.
        """
        try:
            with writing(self._blobs.root, needed):
                yield
        except BaseException as error:
            self._broken = f"{type(error).__name__}: {error}"
            raise

    def _next(self, kind: str) -> str:
        self._count += 1
        return os.path.join(self._folder, f"{self._count}.{kind}")

    def _has(self, digest: Digest) -> Stored | None:
        stored = self._known.get(digest) or self._sealed.get(digest)
        if stored is not None:
            return stored
        waiting = self._parts.get(digest) or self._new.get(digest)
        if waiting is not None:
            return Stored(digest, waiting[1], self._place())
        if digest in self._held:
            return Stored(digest, len(self._held[digest]), self._place())
        return None

    def _place(self) -> Place:
        return Place(self.id)

    def _hold(self, taken: Taken, data: bytes) -> Stored:
        with self._lock:
            if (stored := self._has(taken.digest)) is None:
                self._held[taken.digest] = data
                self._held_bytes += len(data)
                if self._held_bytes > HELD:
                    with self._whole(self._held_bytes):
                        self._settle()
                stored = Stored(taken.digest, taken.size, self._place())
            return stored

    def _keep(self, taken: Taken, part: str) -> Stored:
        with self._lock:
            stored = self._has(taken.digest)
            if stored is None:
                self._parts[taken.digest] = (part, taken.size)
                return Stored(taken.digest, taken.size, self._place())
            os.unlink(part)
            return stored

    def _adopt(self, path: str) -> Stored:
        """Take a file of the session's own: it is hashed where it lies, then moved."""
        taken = steadily(path, lambda fd, size: read_into(fd, path, self._hasher(), size, lambda _: None))
        with self._lock, writing(self._blobs.root, taken.size):
            part = self._next("part")
            os.rename(path, part)
            os.chmod(part, 0o600)
            return self._keep(taken, part)

    def _settle(self) -> None:
        """Ask the catalog for what waits; keep what is new, or whose stored copy is rotten."""
        waiting = [*self._held, *self._parts]
        known = self._ask(waiting) if waiting else {}
        for digest in waiting:
            stored = known.get(digest)
            sound = stored is not None and not self._blobs.check(stored)
            if stored is not None and not sound:
                self._rotten[digest] = stored.place
            data = self._held.pop(digest, None)
            if data is not None:
                self._held_bytes -= len(data)
                if not sound:
                    self._new[digest] = (self._write(data), len(data))
            else:
                part, size = self._parts.pop(digest)
                if sound:
                    os.unlink(part)
                else:
                    self._new[digest] = (part, size)
            if stored is not None and sound:
                self._known[digest] = stored

    def _write(self, data: bytes) -> str:
        part = self._next("part")
        fd = os.open(part, _NEW, 0o600)
        try:
            write_all(fd, data)
        finally:
            os.close(fd)
        return part

    def _make_durable(self) -> None:
        if not self._new:
            return
        parts = [part for part, _ in self._new.values()]
        if len(parts) > _SYNC_THREADS:
            with ThreadPoolExecutor(_SYNC_THREADS) as pool:
                list(pool.map(_sync, parts))
        else:
            for part in parts:
                _sync(part)
        touched = set()
        for digest, (part, size) in self._new.items():
            self._count += 1
            place = Place(f"{self.id}{self._count:x}")
            below, name = self._blobs.file_name(digest, place)
            folder = os.path.join(self._blobs.root, BLOBS, below)
            os.rename(part, os.path.join(folder, name))
            touched.add(folder)
            self._sealed[digest] = Stored(digest, size, place)
        for folder in sorted(touched):
            sync_folder(folder)
        self._new.clear()

    def _confirm(self) -> None:
        """Forget sealed blobs that the catalog knows by now."""
        if not self._sealed:
            return
        for digest, stored in self._ask(list(self._sealed)).items():
            if stored.place != self._rotten.get(digest):
                self._known[digest] = stored
                del self._sealed[digest]


def _sync(path: str) -> None:
    fd = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(fd, 0o444)
        getattr(os, "fdatasync", os.fsync)(fd)
    finally:
        os.close(fd)


def _leave(fd: int, folder: str, pid: int) -> None:
    if os.getpid() != pid:
        return
    try:
        if os.path.isdir(folder):
            sessions.remove(folder)
    finally:
        drop(fd)
