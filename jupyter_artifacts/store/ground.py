"""Where the files of a store's blobs lie and who writes there, for those who look after it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.store import blob_files as files
from jupyter_artifacts.store import leases
from jupyter_artifacts.store.layout import TMP
from jupyter_artifacts.store.packs import read_index
from jupyter_artifacts.store.sessions import sweep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractContextManager

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.blob_files import File
    from jupyter_artifacts.store.packs import Indexed


class Files(Protocol):
    """One store's files."""

    def listing(self) -> Sequence[File]:
        """Return the loose blobs and the packs."""

    def sizes(self, files: Iterable[File]) -> dict[str, int]:
        """Return the bytes of listed files by key."""

    def remove(self, files: Iterable[File]) -> tuple[int, int]:
        """Remove listed files; return how many there were, and their bytes."""

    def index(self, file: File, algorithm: Algorithm) -> Sequence[Indexed]:
        """Return what a pack says that it holds.

        Raises
        ------
        CorruptError, OSError
        """


class Ground(Files, Protocol):
    """One store's files and writers.

    The order of looking makes it safe to remove what nothing names: files first, then
    who lives, then the catalog. What a session entered before it ended is in the catalog
    by then; what a new one writes is not among the files.
    """

    def living(self, *, swept: bool = False) -> AbstractSet[str]:
        """Return the sessions that may still write; with `swept` those that would be left after :meth:`sweep`."""

    def claimed(self) -> AbstractSet[Digest]:
        """Return the digests that living sessions may rely on."""

    def dead(self) -> tuple[int, int]:
        """Return how many folders killed processes have left on this machine, and their bytes."""

    def sweep(self) -> int:
        """End sessions whose process is gone; return how many of their folders were removed."""

    def total(self) -> int:
        """Return the bytes of everything that the store keeps."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold what keeps others, who share more than a folder, from looking after the store."""


class LocalGround:
    """A store's folder."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._tmp = os.path.join(root, TMP)

    def listing(self) -> Sequence[File]:
        """Return the loose blobs and the packs."""
        return list(files.listing(self._root))

    def sizes(self, files_: Iterable[File]) -> dict[str, int]:
        """Return the bytes of listed files by key."""
        return files.sizes(files_)

    def remove(self, files_: Iterable[File]) -> tuple[int, int]:
        """Remove listed files; return how many there were, and their bytes."""
        return files.remove(files_)

    def index(self, file: File, algorithm: Algorithm) -> Sequence[Indexed]:
        """Return what a pack says that it holds."""
        return read_index(file.path, algorithm)

    def living(self, *, swept: bool = False) -> AbstractSet[str]:  # noqa: ARG002  a lock tells at once
        """Return the sessions that may still write."""
        return leases.living(self._tmp)

    def claimed(self) -> AbstractSet[Digest]:
        """Return the digests that living sessions rely on."""
        return leases.claimed(self._tmp)

    def dead(self) -> tuple[int, int]:
        """Return how many folders killed processes have left, and their bytes."""
        left = leases.dead(self._tmp)
        return len(left), sum(map(files.folder_size, left))

    def sweep(self) -> int:
        """Remove the folders of sessions whose process is gone."""
        return sweep(self._tmp)

    def total(self) -> int:
        """Return the bytes of everything in the folder."""
        return files.folder_size(self._root)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold nothing: whoever looks after the store holds a lock in its folder."""
        yield
