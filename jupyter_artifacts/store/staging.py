"""What one writer writes into a session's folder: packs and loose files, none of it durable yet."""

from __future__ import annotations

import io
import itertools
import os
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.store import packs
from jupyter_artifacts.store.copying import clone, read_into, write_all
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.flushing import EarlyWriting, flush_files
from jupyter_artifacts.store.records import Place, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.sources import Taken

_PART = ".part"
_NEW = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_TRUNC
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


def pack_path(folder: str, pack: str) -> str:
    """Return where a pack lies that is not published yet."""
    return os.path.join(folder, packs.file_name(pack))


def part_path(folder: str, name: str) -> str:
    """Return where a loose blob lies that is not published yet; its name will be its place."""
    return os.path.join(folder, name + _PART)


class Staging:
    """Packs and parts of one writer, in a session's folder.

    Parameters
    ----------
    root : str
        The store's folder, for errors.
    folder : str
        The session's.
    prefix : str
        Begins all names given out; nobody else uses it.
    algorithm : {"blake3", "sha256"}
    pack_bytes : int, optional
        A pack of this size gets no more blobs; 0 for :data:`~jupyter_artifacts.store.packs.FULL`.
    durable : bool, default True
        Whether what is finished must outlive a power cut.
    """

    def __init__(
        self,
        root: str,
        folder: str,
        prefix: str,
        algorithm: Algorithm,
        pack_bytes: int = 0,
        durable: bool = True,
    ) -> None:
        self.root = root
        self.folder = folder
        self.algorithm: Algorithm = algorithm
        self._prefix = prefix
        self._pack_bytes = pack_bytes or packs.FULL
        self._durable = durable
        self._count = itertools.count(1)
        self._hasher = hasher(algorithm)
        self._writer: packs.PackWriter | None = None
        self._packs: list[str] = []
        self._loose: list[Stored] = []

    def name(self) -> str:
        """Return a name that was never given out."""
        return f"{self._prefix}{next(self._count):06x}"

    def pack(self, parts: Sequence[memoryview], blobs: Sequence[tuple[Digest, int]]) -> list[Stored]:
        """Append blobs that lie one after the other in `parts` to the open pack.

        The bytes must stay as they are until the next call of any method here.
        """
        if self._writer is None:
            name = self.name()
            self._writer = packs.PackWriter(pack_path(self.folder, name), name, self.algorithm)
        writer = self._writer
        offsets = itertools.accumulate([size for _, size in blobs], initial=writer.lend(parts, blobs))
        stored = [
            Stored(digest, size, packs.place_of(writer.pack, offset))
            for (digest, size), offset in zip(blobs, offsets)  # noqa: B905  the last offset is the next blob's
        ]
        if writer.size >= self._pack_bytes:
            self._seal_pack()
        return stored

    def copy(self, name: str, fd: int, path: str, size: int) -> Taken:
        """Copy an open file into the part `name`, hashing what is copied; it is begun anew each time.

        Where the file system can, it is cloned instead, and the clone is hashed.
        """
        with writing(self.root, size):
            out = os.open(part_path(self.folder, name), _NEW, 0o600)
            try:
                if clone(fd, out):
                    return read_into(out, path, self._hasher(), size, lambda _: None)
                early, written = EarlyWriting(), 0

                def write(data: memoryview) -> None:
                    nonlocal written
                    write_all(out, data)
                    written += len(data)
                    early.advance(out, written)

                return read_into(fd, path, self._hasher(), size, write)
            finally:
                os.close(out)

    def write(self, data: bytes) -> str:
        """Write bytes into a part; returns its name."""
        name = self.name()
        with writing(self.root, len(data)):
            out = os.open(part_path(self.folder, name), _NEW, 0o600)
            try:
                write_all(out, data)
            except BaseException:
                self.drop(name)
                raise
            finally:
                os.close(out)
        return name

    def move_in(self, path: str) -> str:
        """Make a file of the session's own a part; returns its name."""
        name = self.name()
        with writing(self.root):
            os.rename(path, part_path(self.folder, name))
            os.chmod(part_path(self.folder, name), 0o600)
        return name

    def drop(self, name: str) -> None:
        """Remove a part that is not needed."""
        os.unlink(part_path(self.folder, name))

    def keep(self, name: str, taken: Taken) -> Stored:
        """Count a part among what is to be stored."""
        stored = Stored(taken.digest, taken.size, Place(name))
        self._loose.append(stored)
        return stored

    def open(self, blob: Stored) -> BinaryIO:
        """Read back what was written."""
        place = packs.parse(blob.place)
        if self._writer is not None:
            self._writer.wait()
        if isinstance(place, str):
            return cast("BinaryIO", open(part_path(self.folder, place), "rb"))
        with open(pack_path(self.folder, place.pack), "rb") as file:
            file.seek(place.offset)
            return io.BytesIO(file.read(blob.size))

    def finish(self) -> tuple[list[str], list[Stored]]:
        """Make everything durable, where it must be; return the names of the packs and the loose blobs, once."""
        self._seal_pack()
        if self._durable:
            flush_files(part_path(self.folder, blob.place) for blob in self._loose)
        done = self._packs, self._loose
        self._packs, self._loose = [], []
        return done

    def abandon(self) -> None:
        """Close what is open."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None

    def _seal_pack(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.seal(durable=self._durable)
            self._packs.append(writer.pack)
