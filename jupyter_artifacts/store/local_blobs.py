"""Blobs in a local folder: one read-only file a blob, each read checked against its digest."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import uuid
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.errors import CorruptError, UnreadableFileError
from jupyter_artifacts.model.digest import hasher, show
from jupyter_artifacts.store.copying import CHUNK, write_all
from jupyter_artifacts.store.faults import FULL, full, gone, read_only, writing
from jupyter_artifacts.store.layout import BLOBS, TMP
from jupyter_artifacts.store.local_session import LocalSession
from jupyter_artifacts.store.location import MARK
from jupyter_artifacts.store.sessions import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.protocols import BlobIndex, BlobSession
    from jupyter_artifacts.store.records import Stored

_LOOSE = re.compile(r"[0-9a-f]{20,40}")
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


class LocalBlobs:
    """The blobs below one store's folder.

    A loose blob's place is the part of its file's name that is unique to the write;
    the rest of the name is the digest, so a place from a hostile catalog cannot lead
    anywhere else.

    Parameters
    ----------
    root : str
        The store's folder.
    algorithm : {"blake3", "sha256"}
    writable : bool
        False refuses sessions.
    """

    def __init__(self, root: str, algorithm: Algorithm, *, writable: bool = True) -> None:
        self.root = root
        self.algorithm: Algorithm = algorithm
        self._writable = writable
        self._hasher = hasher(algorithm)
        if writable:
            with writing(root):
                sweep(os.path.join(root, TMP))

    def session(self, index: BlobIndex) -> BlobSession:
        """Open a session; `index` answers which digests need not be written again, and takes checkpoints."""
        if not self._writable:
            raise read_only(self.root)
        return LocalSession(self, index)

    def path(self, blob: Stored) -> str:
        """Return the file that a blob's place names.

        Raises
        ------
        CorruptError
            The place is none that this class ever wrote.
        """
        if not _LOOSE.fullmatch(blob.place):
            raise CorruptError(
                f"blob {self._name(blob)} has the place {blob.place[:60]!r}, which is none of this store's"
            )
        return os.path.join(self.root, BLOBS, *self.file_name(blob.digest, blob.place))

    @staticmethod
    def file_name(digest: Digest, place: str) -> tuple[str, str]:
        """Return the folder below ``blobs/`` and the file name of a loose blob."""
        name = digest.hex()
        return name[:2], f"{name}.{place}"

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        fd = self._open(blob)
        try:
            if blob.size <= CHUNK:
                small = io.BytesIO()
                self._verify(fd, blob, small.write)
                small.seek(0)
                return small
            self._verify(fd, blob, lambda _: None)
            os.lseek(fd, 0, os.SEEK_SET)
            keep, fd = fd, -1
            return cast("BinaryIO", open(keep, "rb"))
        finally:
            if fd >= 0:
                os.close(fd)

    def read(self, blob: Stored) -> bytes:
        """Return a blob's verified bytes."""
        with io.BytesIO() as whole:
            fd = self._open(blob)
            try:
                self._verify(fd, blob, whole.write)
            finally:
                os.close(fd)
            return whole.getvalue()

    def copy_to(self, blob: Stored, target: str | os.PathLike[str]) -> None:
        """Write a blob to the file `target`, verified.

        The bytes go to a new file beside the target that takes its place when all is
        well: what was there (a link too) is replaced, never written through.
        """
        target = os.fspath(target)
        folder = os.path.dirname(target) or "."
        part = os.path.join(folder, f".ja-{uuid.uuid4().hex[:12]}.part")
        fd = self._open(blob)
        try:
            out = os.open(part, _NEW, 0o666)
            try:
                try:
                    self._verify(fd, blob, lambda data: write_all(out, data))
                finally:
                    os.close(out)
                os.replace(part, target)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(part)
                raise
        except OSError as error:
            if error.errno in FULL and not isinstance(error, CorruptError):
                raise full(folder, blob.size, error.errno or errno.ENOSPC) from error
            raise
        finally:
            os.close(fd)

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it, or an empty string."""
        try:
            fd = self._open(blob)
            try:
                self._verify(fd, blob, lambda _: None)
            finally:
                os.close(fd)
        except (CorruptError, UnreadableFileError) as error:
            return str(error)
        return ""

    def glance(self, blob: Stored) -> str:
        """Compare a blob's size with its file's, without reading it; return what is wrong, or an empty string."""
        try:
            size = os.lstat(self.path(blob)).st_size
        except FileNotFoundError:
            return f"blob {self._name(blob)} is missing"
        except CorruptError as error:
            return str(error)
        if size != blob.size:
            return f"blob {self._name(blob)} has {size} bytes instead of {blob.size}"
        return ""

    def close(self) -> None:
        """Nothing is kept open between calls."""

    def _name(self, blob: Stored) -> str:
        return show(blob.digest, self.algorithm)[:15]

    def _open(self, blob: Stored) -> int:
        path = self.path(blob)
        try:
            return os.open(path, _READ)
        except FileNotFoundError as error:
            if not os.path.exists(os.path.join(self.root, MARK)):
                raise gone(self.root) from error
            raise CorruptError(f"blob {self._name(blob)} is missing") from error
        except OSError as error:
            if error.errno in {errno.EIO, errno.ELOOP}:
                raise CorruptError(f"blob {self._name(blob)} cannot be read: {error.strerror}") from error
            raise UnreadableFileError(f"blob {self._name(blob)} at {path} cannot be read: {error.strerror}") from error

    def _verify(self, fd: int, blob: Stored, sink: Callable[[memoryview], object]) -> None:
        h = self._hasher()
        buffer = memoryview(bytearray(max(1, min(CHUNK, blob.size + 1))))
        total = 0
        with open(fd, "rb", buffering=0, closefd=False) as file:
            while total <= blob.size:
                try:
                    count = file.readinto(buffer)
                except OSError as error:
                    raise CorruptError(f"blob {self._name(blob)} cannot be read: {error.strerror}") from error
                if not count:
                    break
                h.update(buffer[:count])
                sink(buffer[:count])
                total += count
        if total != blob.size:
            have = "more" if total > blob.size else str(total)
            raise CorruptError(f"blob {self._name(blob)} has {have} bytes instead of {blob.size}")
        if h.digest() != blob.digest:
            raise CorruptError(f"blob {self._name(blob)} is damaged: its bytes are not those that were logged")
