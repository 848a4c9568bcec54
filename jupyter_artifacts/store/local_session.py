"""One writer's session in a local store: what is new is written once, made durable, and put in its place."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from jupyter_artifacts.errors import ArtifactsError, ForkedStoreError, InvalidTypeError, StoreError, UsageError
from jupyter_artifacts.model.digest import digest_of, show
from jupyter_artifacts.store import hosts, packs, sessions
from jupyter_artifacts.store.copying import CHUNK, TICK_NS, is_young
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.flushing import sync_folders
from jupyter_artifacts.store.intake import Found, Intake
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.layout import BLOBS, PACKS, TMP
from jupyter_artifacts.store.locks import drop
from jupyter_artifacts.store.packing import PackingJob
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.store.reliance import Reliance
from jupyter_artifacts.store.sources import Taken
from jupyter_artifacts.store.staging import Staging, pack_path, part_path
from jupyter_artifacts.store.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.packing import Packing
    from jupyter_artifacts.store.protocols import BlobIndex
    from jupyter_artifacts.store.sources import Source
    from jupyter_artifacts.store.stamps import Stamp, Stamps

PACKED_BYTES = CHUNK
"""Bytes from memory are packed up to here, more than files: manifests are logged with every version."""

CHECKPOINT_BYTES = 256 << 20
CHECKPOINT_SECONDS = 5.0
"""After so much work what is done so far is entered in the catalog, in case the rest never is."""


class Folder(Protocol):
    """What a session needs of the blobs it belongs to."""

    root: str
    algorithm: Algorithm
    stamps: Stamps

    def file_name(self, digest: Digest, place: str) -> tuple[str, str]:
        """Return folder and file name of a loose blob."""

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""

    def sound(self, blobs: Iterable[Stored]) -> dict[Digest, Stored]:
        """Return those whose bytes are as they were logged."""


class LocalSession:
    """A session whose temporary files lie in ``tmp/ID``; threads may share it.

    Every digest is settled by the intake: known to the catalog and sound, or written.
    What is written is fresh at first, then sealed: durable and in its place, and the
    catalog is to be told.
    """

    def __init__(self, blobs: Folder, index: BlobIndex) -> None:
        self._blobs = blobs
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._sealed: dict[Digest, Stored] = {}
        self._adopted: list[tuple[list[str], list[Stored]]] = []
        self._stamps: dict[str, tuple[str, Stamp]] = {}
        self._jobs = 0
        self._scratches = 0
        self._broken = ""
        self._since = 0
        self._worked = 0.0
        self.condemn_seq = index.condemn_seq()
        with writing(blobs.root):
            self.id, fd = sessions.open_folder(os.path.join(blobs.root, TMP))
        self._folder = os.path.join(blobs.root, TMP, self.id)
        self._staging = Staging(*self._job())
        self._reliance = Reliance(blobs.root, self._folder, index, blobs)
        self._intake = Intake(self._staging, self._reliance.ask, blobs.stamps.has_size)
        self._end = weakref.finalize(self, _leave, self._staging, fd, self._pid)

    def scratch(self) -> Path:
        """Return a new empty folder for temporary files; it goes with the session."""
        with self._lock, writing(self._blobs.root):
            self._check()
            self._scratches += 1
            folder = Path(self._folder, f"{self._scratches}.scratch")
            folder.mkdir()
            return folder

    def put_bytes(self, data: bytes) -> Stored:
        """Store bytes; the place in the answer is final only once sealed."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise InvalidTypeError(f"put_bytes takes bytes, not {type(data).__name__}")
        data = bytes(data)
        taken = Taken(digest_of(data, self._blobs.algorithm), len(data))
        with self._putting():
            if len(data) <= PACKED_BYTES:
                self._intake.put(taken, data)
            elif not self._intake.has(taken.digest):
                self._intake.enter(Found(taken, None, self._staging.write(data)), "")
        return self._put(taken)

    def put_file(self, path: str | os.PathLike[str], *, owned: bool = False) -> Stored:
        """Store a file's bytes in one pass of copy and hash."""
        path = os.fspath(path)
        with self._lock:
            self._check()
        began = time.monotonic()
        found = self._intake.own(path) if owned else self._intake.read(path)
        with self._putting(began):
            return self._put(self._intake.enter(found, path))

    def put_files(self, sources: Sequence[Source]) -> list[Taken]:
        """Store many files' bytes."""
        taken: list[Taken] = []
        number = 0
        while number < len(sources):
            with self._putting():
                number = self._intake.step(sources, number, taken)
        return taken

    def job(self) -> PackingJob:
        """Return what another process needs to pack files for this session."""
        with self._lock:
            self._check()
            self._jobs += 1
            return self._job()

    def adopt(self, packing: Packing) -> list[Taken]:
        """Take over what another process made in this session's folder."""
        if packing.job.folder != self._folder:
            raise UsageError("these files were packed for another session")
        with self._putting(), self._whole(0):
            blobs = {blob.digest: blob for blob in packing.blobs if not self._intake.has(blob.digest)}
            known = self._reliance.ask(list(blobs))
            self._intake.settled.update(known)
            fresh = [blob for blob in blobs.values() if blob.digest not in known]
            self._intake.count(fresh)
            needed = {blob.place.partition("@")[0] for blob in fresh}
            for pack in set(packing.packs) - needed:
                os.unlink(pack_path(self._folder, pack))
            for blob in packing.loose:
                if blob.place not in needed:
                    self._staging.drop(blob.place)
            self._adopted.append(
                ([pack for pack in packing.packs if pack in needed], [b for b in packing.loose if b.place in needed])
            )
        return packing.taken

    def reuse(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Rely on blobs that are stored already, without reading a source."""
        with self._lock:
            self._check()
            known = self._reliance.known
            sound = {digest: known[digest] for digest in digests if digest in known}
            asked = self._reliance.ask([digest for digest in digests if digest not in sound])
            self._intake.settled.update(asked)
            return {**sound, **asked}

    def rely(self, digests: Sequence[Digest]) -> None:
        """Rely on blobs without asking for them."""
        with self._lock, writing(self._blobs.root):
            self._check()
            self._reliance.rely(digests)

    @property
    def reused(self) -> tuple[Digest, ...]:
        """Digests that this session relies on and that the catalog knew before."""
        return self._reliance.digests

    @property
    def stored(self) -> tuple[Stored, ...]:
        """What this session has sealed, or relies on, and where it lies."""
        with self._lock:
            return (*self._reliance.known.values(), *self._sealed.values())

    @property
    def written(self) -> int:
        """Bytes of the blobs that this session has written."""
        return self._intake.written

    def open(self, digest: Digest) -> BinaryIO:
        """Read back what this session has put, before it is sealed."""
        with self._lock:
            self._check()
            waiting = self._intake.open(digest)
            if waiting is not None:
                return waiting
            stored = self._sealed.get(digest) or self._reliance.known.get(digest)
            if stored is None and (fresh := self._intake.settled.get(digest)) is not None:
                return self._staging.open(fresh)
        if stored is None:
            raise UsageError(f"this session has put no blob {show(digest, self._blobs.algorithm)[:15]}")
        return self._blobs.open(stored)

    def seal(self) -> tuple[Stored, ...]:
        """Make everything durable; return the blobs that the catalog does not know yet."""
        with self._lock:
            self._check()
            with self._whole(self._work):
                hosts.check(self._folder)
                for digest in self._reliance.entered(self._sealed):
                    del self._sealed[digest]
                self._intake.settle()
                self._make_durable()
            return tuple(self._sealed.values())

    def checkpoint(self) -> None:
        """Make durable what is there, and enter it in the catalog now."""
        with self._lock:
            if self.seal():
                with self._whole(0):
                    self._reliance.enter(self._sealed)
                    self._sealed.clear()
                    self._remember()

    def close(self) -> None:
        """Leave the session and remove its temporary files; sealed blobs stay."""
        if os.getpid() == self._pid:
            with Shield():
                if self._end.alive:
                    self._remember()
                    self._intake.forget()
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
        if broken := self._broken or self._intake.torn:
            raise StoreError(f"this blob session failed before ({broken}); log again to begin a new one")

    @contextlib.contextmanager
    def _putting(self, began: float = 0) -> Iterator[None]:
        """Put something; an error that we foresaw, of one file, leaves the session as it was."""
        entered = time.monotonic()
        with self._lock:
            self._check()
            try:
                yield
            except ArtifactsError:
                raise
            except BaseException as error:
                self._broken = f"{type(error).__name__}: {error}"
                raise
            self._worked += time.monotonic() - (began or entered)
            if self._work >= CHECKPOINT_BYTES or (self._work and self._worked >= CHECKPOINT_SECONDS):
                self.checkpoint()

    @property
    def _work(self) -> int:
        """Bytes that have come in since the last seal and are not known."""
        return self._intake.waiting + self._intake.written - self._since

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

    def _job(self) -> PackingJob:
        return PackingJob(self._blobs.root, self._folder, f"{self.id}{self._jobs:08x}", self._blobs.algorithm)

    def _put(self, taken: Taken) -> Stored:
        return self._intake.settled.get(taken.digest) or Stored(taken.digest, taken.size, Place(self.id))

    def _make_durable(self) -> None:
        adopted, self._adopted = self._adopted, []
        self._land([self._staging.finish(), *adopted])
        self._sealed.update({blob.digest: blob for blob in self._intake.fresh})
        self._intake.fresh.clear()
        if self._work >= CHECKPOINT_BYTES:
            time.sleep(TICK_NS / 1e9)  # so that the stamps can be trusted, and gigabytes need not be hashed again
        self._since, self._worked = self._intake.written, 0.0

    def _land(self, done: Sequence[tuple[list[str], list[Stored]]]) -> None:
        """Put finished packs and loose blobs where readers find them, durable."""
        touched = set()
        for packed, loose in done:
            for pack in packed:
                folder = os.path.join(self._blobs.root, PACKS)
                self._move(pack_path(self._folder, pack), os.path.join(folder, packs.file_name(pack)), pack)
                touched.add(folder)
            for blob in loose:
                below, name = self._blobs.file_name(blob.digest, blob.place)
                folder = os.path.join(self._blobs.root, BLOBS, below)
                self._move(part_path(self._folder, blob.place), os.path.join(folder, name), blob.place)
                touched.add(folder)
        sync_folders(touched)

    def _move(self, part: str, target: str, name: str) -> None:
        os.rename(part, target)
        self._stamps[name] = target, stamp_of(os.lstat(target))

    def _remember(self) -> None:
        """Keep the stamps of what was sealed, where nothing has touched it since; too young ones wait."""
        still, young = {}, {}
        for name, (path, stamp) in self._stamps.items():
            with contextlib.suppress(OSError):
                if is_young(stamp.ctime_ns):
                    young[name] = path, stamp
                elif stamp_of(os.lstat(path)) == stamp:
                    still[name] = stamp
        self._stamps = young
        self._blobs.stamps.remember(still)


def _leave(staging: Staging, fd: int, pid: int) -> None:
    if os.getpid() != pid:
        return
    # What was logged is safe by now; a folder that cannot be removed is the next sweeper's.
    with contextlib.suppress(OSError):
        staging.abandon()
    with contextlib.suppress(OSError):
        if os.path.isdir(staging.folder):
            sessions.remove(staging.folder)
    with contextlib.suppress(OSError):
        drop(fd)
