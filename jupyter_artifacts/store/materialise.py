"""From the store to a folder, many files at once: every byte verified, each pack read once.

What lies in packs is read in the order of the packs, several megabytes at a time. What
differs from its digest is tried once more by the store's reader, which asks where the blob
lies now, and names artifact, path and digest when it is rotten.
"""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.store import packs
from jupyter_artifacts.store.copying_out import UNREADABLE, copy_hashed, read_hashed
from jupyter_artifacts.store.layout import BLOBS, PACKS
from jupyter_artifacts.store.local_blobs import LocalBlobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jupyter_artifacts.model.digest import Digest, Hasher
    from jupyter_artifacts.store.folder_update import FolderUpdate
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.store import Store

Link = Literal["", "hard"]
"""How loose blobs are handed out: as copies, or as read-only names of the store's own files."""

_RUN = 8 << 20
_GAP = 64 << 10
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP})


class Wanted(NamedTuple):
    """A file to be written: its path in the artifact, and the blob it is to hold."""

    path: str
    digest: Digest
    size: int


def write_blobs(
    store: Store,
    update: FolderUpdate,
    wanted: Iterable[Wanted],
    label: str,
    *,
    link: Link = "",
    report: Callable[[int, int], None] = lambda _files, _size: None,
) -> None:
    """Write blobs aside of a folder, verified.

    Parameters
    ----------
    store : Store
    update : FolderUpdate
    wanted : iterable of Wanted
        Paths that were judged already, each once.
    label : str
        Names the artifact in errors.
    link : {"", "hard"}, default ""
        ``"hard"``: where the disk allows, loose blobs become further names of the
        store's files, and all files are read-only.
    report : callable
        Told how many files, of how many bytes, were written since it was told last.

    Raises
    ------
    CorruptError
        Stored bytes are not those that were logged: names artifact, path and digest.
    OSError
        The disk is full, or the folder cannot be written.
    """
    _Writer(store, update, label, link, report).write(list(wanted))


class _Writer:
    """Writes what lies in a folder of blobs; the rest, and what is wrong there, is left to the store's reader."""

    def __init__(
        self, store: Store, update: FolderUpdate, label: str, link: Link, report: Callable[[int, int], None]
    ) -> None:
        self._store = store
        self._update = update
        self._label = label
        self._link = link
        self._mode = 0o444 if link else 0o666
        self._report = report
        self._new: Callable[[], Hasher] = hasher(store.algorithm)
        self._paths: dict[Digest, list[str]] = defaultdict(list)

    def write(self, wanted: Sequence[Wanted]) -> None:
        wanted = self._without_inherited(wanted)
        self._update.prepare([path for path, _, _ in wanted])
        for path, digest, _ in wanted:
            self._paths[digest].append(path)
        left = dict.fromkeys(self._paths)
        for root, blobs in self._store.blobs.brought(self._store.places(self._paths).values()):
            again = set(self._write_from(root, blobs))
            for blob in blobs:
                if blob.digest not in again:
                    del left[blob.digest]
        for digest in left:
            self._write_again(digest)

    def _without_inherited(self, wanted: Sequence[Wanted]) -> Sequence[Wanted]:
        """Keep what an update that was killed has written already, where its bytes are right; return the rest."""
        if not self._update.aside or not self._update.inherited:
            return wanted
        sought, kept = {one.path: one for one in wanted}, set[str]()

        def is_right(path: str, file: str, facts: os.stat_result) -> bool:
            one = sought.get(path)
            # A name of the store's own file must not become the user's, nor the other way round.
            if (
                one is None
                or self._link
                or facts.st_nlink != 1
                or not facts.st_mode & 0o200
                or facts.st_size != one.size
            ):
                return False
            fd, h = os.open(file, _READ), self._new()
            try:
                right = read_hashed(fd, h, one.size) == one.size and h.digest() == one.digest
            finally:
                os.close(fd)
            if right:
                kept.add(path)
                self._report(1, one.size)
            return right

        self._update.keep(is_right)
        return [one for one in wanted if one.path not in kept]

    def _write_from(self, root: str, blobs: Iterable[Stored]) -> list[Digest]:
        """Write what lies in a folder where the catalog says; return the digests of what does not."""
        again = []
        in_packs: dict[str, list[tuple[int, Stored]]] = defaultdict(list)
        for blob in blobs:
            pack, _, offset = blob.place.partition("@")
            if pack in in_packs and offset.isdecimal() and offset.isascii():
                in_packs[pack].append((int(offset), blob))
                continue
            try:
                place = packs.parse(blob.place)
            except CorruptError:
                again.append(blob.digest)
                continue
            if isinstance(place, packs.Packed):
                in_packs[place.pack].append((place.offset, blob))
            elif not self._write_loose(os.path.join(root, BLOBS, *LocalBlobs.file_name(blob.digest, place)), blob):
                again.append(blob.digest)
        for pack in sorted(in_packs):
            in_order = sorted(in_packs[pack], key=itemgetter(0))
            again += self._write_packed(os.path.join(root, PACKS, packs.file_name(pack)), in_order)
        return again

    # ------------------------------------------------------------ packed

    def _write_packed(self, pack: str, blobs: Sequence[tuple[int, Stored]]) -> list[Digest]:
        try:
            fd = os.open(pack, _READ)
        except OSError:
            return [blob.digest for _, blob in blobs]  # repacked meanwhile, or gone: the reader finds out
        bad = []
        try:
            for begin, end, run in _runs(blobs):
                bad += self._write_run(memoryview(_pread(fd, end - begin, begin)), begin, run)
        finally:
            os.close(fd)
        return bad

    def _write_run(self, data: memoryview, begin: int, run: Sequence[tuple[int, Stored]]) -> list[Digest]:
        """Write blobs whose bytes lie in `data`, which begins at `begin` of their pack."""
        new, mode, paths, aside = self._new, self._mode, self._paths, self._update.aside
        bad, files, total = [], 0, 0
        for offset, blob in run:
            size = blob.size
            part = data[offset - begin : offset - begin + size]
            h = new()
            h.update(part)
            if h.digest() != blob.digest:
                bad.append(blob.digest)
                continue
            for path in paths[blob.digest]:
                out = os.open(f"{aside}/{path}", _NEW, mode)
                try:
                    count = os.write(out, part)
                    while count < size:
                        count += os.write(out, part[count:])
                finally:
                    os.close(out)
                files += 1
                total += size
        self._report(files, total)
        return bad

    # ------------------------------------------------------------ loose

    def _write_loose(self, source: str, blob: Stored) -> bool:
        """Write a file of its own; False when its bytes are not as they should be."""
        try:
            fd = os.open(source, _READ)
        except OSError:
            return False
        try:
            for path in self._paths[blob.digest]:
                target = f"{self._update.aside}/{path}"
                if not (self._link_to(source, fd, blob, target) if self._link else self._copy(fd, blob, target)):
                    return False
                self._report(1, blob.size)
        finally:
            os.close(fd)
        return True

    def _copy(self, source: int, blob: Stored, target: str) -> bool:
        os.lseek(source, 0, os.SEEK_SET)
        out = os.open(target, _NEW, self._mode)
        try:
            h = self._new()
            size = copy_hashed(source, out, h, blob.size)
        finally:
            os.close(out)
        if size == blob.size and h.digest() == blob.digest:
            return True
        os.unlink(target)
        return False

    def _link_to(self, path: str, source: int, blob: Stored, target: str) -> bool:
        os.lseek(source, 0, os.SEEK_SET)
        h = self._new()
        if read_hashed(source, h, blob.size) != blob.size or h.digest() != blob.digest:
            return False
        try:
            os.link(path, target)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            return self._copy(source, blob, target)
        return True

    # ------------------------------------------------------------ what is not where it should be

    def _write_again(self, digest: Digest) -> None:
        """Let the reader find a blob, or say whose bytes are rotten."""
        for path in self._paths[digest]:
            target = f"{self._update.aside}/{path}"
            if os.path.lexists(target):
                continue
            self._store.copy_to(digest, target, f"{self._label}/{path}")
            if self._link:
                os.chmod(target, self._mode)
            self._report(1, os.lstat(target).st_size)


def _runs(blobs: Sequence[tuple[int, Stored]]) -> Iterator[tuple[int, int, Sequence[tuple[int, Stored]]]]:
    """Yield begin, end and blobs of what is read at once: near each other, a few megabytes in all."""
    first = 0
    begin = end = blobs[0][0]
    for at, (offset, blob) in enumerate(blobs):
        if at > first and (offset + blob.size - begin > _RUN or offset - end > _GAP):
            yield begin, end, blobs[first:at]
            first, begin = at, offset
        end = max(offset + blob.size, end if at > first else offset)
    yield begin, end, blobs[first:]


def _pread(fd: int, size: int, offset: int) -> bytes:
    """Return up to `size` bytes; fewer where the file ends or cannot be read: their digests will tell."""
    parts = []
    try:
        while size > 0 and (part := os.pread(fd, size, offset)):
            parts.append(part)
            size -= len(part)
            offset += len(part)
    except OSError as error:
        if error.errno not in UNREADABLE:
            raise
    return b"".join(parts)
