"""Blobs in a local folder: small ones in packs, big ones a file each, every read checked against its digest."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import uuid
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.errors import CorruptError, UnreadableFileError
from jupyter_artifacts.model.digest import digest_of, hasher, show
from jupyter_artifacts.store.cache_db import CacheDb
from jupyter_artifacts.store.copying import CHUNK, read_some, write_all
from jupyter_artifacts.store.faults import FULL, full, gone, read_only, writing
from jupyter_artifacts.store.layout import BLOBS, PACKS, TMP
from jupyter_artifacts.store.local_session import LocalSession
from jupyter_artifacts.store.location import MARK
from jupyter_artifacts.store.open_packs import OpenPacks
from jupyter_artifacts.store.packs import FOOT_SIZE, Packed, file_name, parse
from jupyter_artifacts.store.sessions import sweep
from jupyter_artifacts.store.soundness import sound
from jupyter_artifacts.store.stamps import Stamps, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.protocols import BlobIndex, BlobSession
    from jupyter_artifacts.store.records import Stored

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

    A packed blob's place is its pack's name and where in the pack it begins. A loose
    blob's place is the part of its file's name that is unique to the write; the rest of
    the name is the digest. So a place from a hostile catalog cannot lead anywhere else.

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
        self._packs = OpenPacks()
        self.cache = CacheDb(root, writable=writable)
        self.stamps = Stamps(self.cache)
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
        try:
            place = parse(blob.place)
        except CorruptError as error:
            raise CorruptError(f"blob {self._name(blob)}: {error}") from error
        if isinstance(place, str):
            return os.path.join(self.root, BLOBS, *self.file_name(blob.digest, place))
        return os.path.join(self.root, PACKS, file_name(place.pack))

    def sound(self, blobs: Iterable[Stored]) -> dict[Digest, Stored]:
        """Return those whose bytes are as they were logged; what nothing has touched is not read."""
        return sound(self, self.stamps, blobs)

    def where(self, blob: Stored) -> str:
        """Return the path, below the store's folder, of the file that holds a blob."""
        return os.path.relpath(self.path(blob), self.root)

    def untouched(self, files: Mapping[str, str]) -> bool:
        """Tell whether files, given as name and path below the folder, are as they were when they were sealed."""
        stamps = self.stamps.find(list(files))
        try:
            return all(
                stamps.get(name) == stamp_of(os.lstat(os.path.join(self.root, path))) for name, path in files.items()
            )
        except OSError:
            return False

    def brought(self, blobs: Iterable[Stored]) -> Iterator[tuple[str, Sequence[Stored]]]:
        """Yield the store's folder, in which all blobs lie."""
        yield self.root, list(blobs)

    @staticmethod
    def file_name(digest: Digest, place: str) -> tuple[str, str]:
        """Return the folder below ``blobs/`` and the file name of a loose blob."""
        name = digest.hex()
        return name[:2], f"{name}.{place}"

    def open(self, blob: Stored) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        if _is_packed(blob) or blob.size <= CHUNK:
            return io.BytesIO(self.read(blob))
        fd = self._open(blob)
        try:
            self._verify(fd, blob, lambda _: None)
            os.lseek(fd, 0, os.SEEK_SET)
            keep, fd = fd, -1
            return cast("BinaryIO", open(keep, "rb"))
        finally:
            if fd >= 0:
                os.close(fd)

    def read(self, blob: Stored) -> bytes:
        """Return a blob's verified bytes."""
        if _is_packed(blob):
            return self._read_packed(blob)
        with io.BytesIO() as whole:
            self._pass(blob, whole.write)
            return whole.getvalue()

    def copy_to(self, blob: Stored, target: str | os.PathLike[str]) -> None:
        """Write a blob to the file `target`, verified.

        The bytes go to a new file beside the target that takes its place when all is
        well: what was there (a link too) is replaced, never written through.
        """
        target = os.fspath(target)
        folder = os.path.dirname(target) or "."
        part = os.path.join(folder, f".ja-{uuid.uuid4().hex[:12]}.part")
        try:
            out = os.open(part, _NEW, 0o666)
            try:
                try:
                    self._pass(blob, lambda data: write_all(out, data))
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

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it, or an empty string."""
        try:
            self._pass(blob, lambda _: None)
        except (CorruptError, UnreadableFileError) as error:
            return str(error)
        return ""

    def glance(self, blob: Stored) -> str:
        """Compare a blob's size with its file's, without reading it; return what is wrong, or an empty string."""
        try:
            place, size = parse(blob.place), os.lstat(self.path(blob)).st_size
        except FileNotFoundError:
            return f"blob {self._name(blob)} is missing"
        except CorruptError as error:
            return str(error)
        if isinstance(place, Packed):
            missing = place.offset + blob.size - (size - FOOT_SIZE)
            return f"blob {self._name(blob)} lies {missing} bytes past the end of its pack" if missing > 0 else ""
        if size != blob.size:
            return f"blob {self._name(blob)} has {size} bytes instead of {blob.size}"
        return ""

    def close(self) -> None:
        """Let go of open packs and of the cache."""
        self._packs.clear()
        self.cache.close()

    def _name(self, blob: Stored) -> str:
        return show(blob.digest, self.algorithm)[:15]

    def _pass(self, blob: Stored, sink: Callable[[bytes | memoryview], object]) -> None:
        """Hand a blob's bytes to `sink`, verified once this has returned."""
        if _is_packed(blob):
            sink(self._read_packed(blob))
            return
        fd = self._open(blob)
        try:
            self._verify(fd, blob, sink)
        finally:
            os.close(fd)

    def _read_packed(self, blob: Stored) -> bytes:
        path = self.path(blob)
        offset = int(blob.place.partition("@")[2])
        try:
            pack, size = self._packs.get(path)
            # A size from a hostile catalog must not make us ask for more than there is.
            data = b"" if not 0 <= blob.size <= size - offset else pack.read(blob.size, offset)
        except OSError as error:
            raise self._fault(error, blob, path) from error
        if len(data) != blob.size:
            raise CorruptError(f"blob {self._name(blob)} lies past the end of its pack {path}")
        if digest_of(data, self.algorithm) != blob.digest:
            raise CorruptError(f"blob {self._name(blob)} is damaged: its bytes are not those that were logged")
        return data

    def _open(self, blob: Stored) -> int:
        path = self.path(blob)
        try:
            return os.open(path, _READ)
        except OSError as error:
            raise self._fault(error, blob, path) from error

    def _fault(self, error: OSError, blob: Stored, path: str) -> OSError:
        if isinstance(error, FileNotFoundError):
            if not os.path.exists(os.path.join(self.root, MARK)):
                return gone(self.root)
            return CorruptError(f"blob {self._name(blob)} is missing")
        if error.errno in {errno.EIO, errno.ELOOP, errno.EISDIR}:
            return CorruptError(f"blob {self._name(blob)} cannot be read: {error.strerror}")
        return UnreadableFileError(f"blob {self._name(blob)} at {path} cannot be read: {error.strerror}")

    def _verify(self, fd: int, blob: Stored, sink: Callable[[bytes | memoryview], object]) -> None:
        h = self._hasher()
        buffer = memoryview(bytearray(max(1, min(CHUNK, blob.size + 1))))
        total = 0
        while total <= blob.size:
            try:
                count = read_some(fd, buffer)
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


def _is_packed(blob: Stored) -> bool:
    return "@" in blob.place
