"""Blobs in a bucket: small ones in packs, big ones an object each, every read checked against its digest."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import uuid
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.errors import ArtifactsError, CorruptError
from jupyter_artifacts.store import leases
from jupyter_artifacts.store.cache_db import CacheDb
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.faults import FULL, full, read_only, writing
from jupyter_artifacts.store.layout import TMP
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.location import home_of
from jupyter_artifacts.store.packs import Packed, parse
from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.store.remote.fetching import Fetcher, key_of
from jupyter_artifacts.store.remote.fresh import FreshPack
from jupyter_artifacts.store.remote.machine import machine_of
from jupyter_artifacts.store.remote.marks import Marks
from jupyter_artifacts.store.remote.near import FOLDER, LIMIT_VARIABLE, Near, limit_of
from jupyter_artifacts.store.remote.session import RemoteSession
from jupyter_artifacts.store.sessions import sweep
from jupyter_artifacts.store.stamps import Stamps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.location import BucketURL
    from jupyter_artifacts.store.protocols import BlobIndex, BlobSession
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.writers import Writers

_BATCH = 256 << 20
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class RemoteBlobs:
    """The blobs of one store in a bucket, and this machine's part: what is on its way there, and what was read.

    Parameters
    ----------
    root : str
        This machine's folder for the store.
    url : BucketURL
    algorithm : {"blake3", "sha256"}
    writers : Writers
        Where sessions are entered.
    writable : bool
        False refuses sessions.
    """

    def __init__(
        self, root: str, url: BucketURL, algorithm: Algorithm, writers: Writers, *, writable: bool = True
    ) -> None:
        self.root = root
        self.algorithm: Algorithm = algorithm
        self.writers = writers
        self.bucket = Bucket(url)
        self.cache = CacheDb(root, writable=writable)
        self.stamps = Stamps(self.cache)
        # A folder that is only to be read has its cache elsewhere.
        cached = root if os.access(root, os.W_OK) else home_of(str(url))
        self.near = Near(os.path.join(cached, FOLDER), algorithm, limit_of(os.environ.get(LIMIT_VARIABLE)))
        self.host = machine_of(root) if writable else ""
        self._writable = writable
        self._marks = Marks(self.bucket, self.stamps)
        self._fetcher = Fetcher(self.bucket, algorithm, self.near)
        self._ended: list[str] = []
        self._fresh = FreshPack(self.bucket, algorithm)
        if writable:
            with writing(root):
                self.sweep()

    def __repr__(self) -> str:
        return f"<RemoteBlobs {self.bucket.url}>"

    def session(self, index: BlobIndex) -> BlobSession:
        """Open a session; `index` answers which digests need not be written again, and takes checkpoints."""
        if not self._writable:
            raise read_only(self.root)
        session = RemoteSession(self, index)
        try:
            ended, self._ended = self._ended, []
            self.writers.enter(session.id, self.host, session.condemn_seq, ended)
        except BaseException:
            session.close()
            raise
        return session

    def ended(self, session: str) -> None:
        """Say that a session has ended; where the catalog does not hear it now, it is told with the next one."""
        ended, self._ended = [*self._ended, session], []
        try:
            self.writers.leave(ended)
        except ArtifactsError:  # what was logged is published by now, and the store may be closed
            self._ended = ended

    def sweep(self) -> int:
        """Take away what killed processes of this machine have left, once nothing they have written can count."""
        tmp = os.path.join(self.root, TMP)
        self.writers.revoke(os.path.basename(folder) for folder in leases.dead(tmp))
        return sweep(tmp)

    @staticmethod
    def file_name(digest: Digest, place: str) -> tuple[str, str]:
        """Return the folder below ``blobs/`` and the name of a loose blob."""
        return LocalBlobs.file_name(digest, place)

    def where(self, blob: Stored) -> str:
        """Return the key of the object that a blob lies in."""
        return key_of(blob)

    def untouched(self, files: Mapping[str, str]) -> bool:
        """Tell whether objects, given as name and key, are as they were when they were written."""
        return self._marks.untouched(files)

    def sound(self, blobs: Iterable[Stored]) -> dict[Digest, Stored]:
        """Return those whose bytes are as they were logged, as far as a look at the objects tells."""
        return self._marks.sound(blobs, self.check)

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        with contextlib.suppress(CorruptError):
            return self.near.open(blob)
        place = self._place(blob)
        if isinstance(place, Packed):
            return io.BytesIO(self._fetcher.packed(blob, place))
        path = self._part()
        self._fetcher.loose(blob, path)
        try:
            return cast("BinaryIO", open(path, "rb"))
        finally:
            self._settle(path, blob)

    def read(self, blob: Stored) -> bytes:
        """Return a blob's verified bytes."""
        with contextlib.suppress(CorruptError):
            return self.near.read(blob)
        place = self._place(blob)
        if isinstance(place, Packed):
            return self._fetcher.packed(blob, place)
        with self.open(blob) as file:
            return file.read()

    def copy_to(self, blob: Stored, target: str | os.PathLike[str]) -> None:
        """Write a blob to the file `target`, verified; what was there is replaced, never written through."""
        with contextlib.suppress(CorruptError):
            self.near.copy_to(blob, target)
            return
        target = os.fspath(target)
        folder = os.path.dirname(target) or "."
        part = os.path.join(folder, f".ja-{uuid.uuid4().hex[:12]}.part")
        try:
            place = self._place(blob)
            if isinstance(place, Packed):
                _write(part, self._fetcher.packed(blob, place))
            else:
                self._fetcher.loose(blob, part)
            os.replace(part, target)
        except BaseException as error:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            if isinstance(error, OSError) and error.errno in FULL and not isinstance(error, CorruptError):
                raise full(folder, blob.size, error.errno or errno.ENOSPC) from error
            raise

    def brought(self, blobs: Iterable[Stored]) -> Iterator[tuple[str, list[Stored]]]:
        """Yield folders in which blobs lie as in a local store, and which; what finds no room there is left out."""
        batch: list[Stored] = []
        size, most = 0, min(_BATCH, self.near.limit // 4)
        for blob in sorted(blobs, key=lambda blob: blob.place):
            if not self.near.keeps(blob.size):
                continue
            if batch and size + blob.size > most:
                self._fetcher.bring(batch)
                yield self.near.root, batch
                batch, size = [], 0
            batch.append(blob)
            size += blob.size
        if batch:
            self._fetcher.bring(batch)
            yield self.near.root, batch

    def check(self, blob: Stored) -> str:
        """Hash a blob as it lies in the bucket; return what is wrong with it, or an empty string."""
        try:
            place = self._place(blob)
            if isinstance(place, Packed):
                return self._fresh.check(blob, place)
            path = self._part()
            self._fetcher.loose(blob, path)
            os.unlink(path)
        except CorruptError as error:
            return str(error)
        return ""

    def glance(self, blob: Stored) -> str:
        """Compare a blob's size with its object's; return what is wrong, or an empty string."""
        name = blob.digest.hex()[:12]
        try:
            place, there = self._place(blob), self.bucket.head(key_of(blob))
        except CorruptError as error:
            return str(error)
        if there is None:
            return f"blob {name} is missing in {self.bucket.url}"
        if isinstance(place, Packed):
            missing = place.offset + blob.size - there.size
            return f"blob {name} lies {missing} bytes past the end of its pack" if missing > 0 else ""
        return "" if there.size == blob.size else f"blob {name} has {there.size} bytes instead of {blob.size}"

    def close(self) -> None:
        """Let go of the cache."""
        self._fresh.forget()
        self.near.close()
        self.cache.close()

    def _place(self, blob: Stored) -> str | Packed:
        try:
            return parse(blob.place)
        except CorruptError as error:
            raise CorruptError(f"blob {blob.digest.hex()[:12]}: {error}") from error

    def _part(self) -> str:
        with writing(self.near.root):
            return self.near.part()

    def _settle(self, path: str, blob: Stored) -> None:
        """Keep a file that was fetched, or remove it; who has it open reads on."""
        if os.name != "nt":
            self.near.take_in(path, key_of(blob))


def _write(path: str, data: bytes) -> None:
    out = os.open(path, _NEW, 0o666)
    try:
        write_all(out, data)
    finally:
        os.close(out)
