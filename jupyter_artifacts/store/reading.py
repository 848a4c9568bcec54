"""Verified reading by digest: finds where a blob lies, and says whose bytes are rotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model.digest import show

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.protocols import BlobIndex, Blobs
    from jupyter_artifacts.store.records import Stored

T = TypeVar("T")

_REMEMBERED = 200_000


class Reader:
    """Reads blobs by digest; remembers places, and asks again when one has moved.

    Parameters
    ----------
    blobs : Blobs
    index : BlobIndex
    """

    def __init__(self, blobs: Blobs, index: BlobIndex) -> None:
        self._blobs = blobs
        self._index = index
        self._guard = threading.Lock()
        self._places: OrderedDict[Digest, Stored] = OrderedDict()

    def read(self, digest: Digest, what: str) -> bytes:
        """Return a blob's bytes; `what` names them in errors."""
        return self._do(digest, what, self._blobs.read)

    def open(self, digest: Digest, what: str) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        return self._do(digest, what, self._blobs.open)

    def copy_to(self, digest: Digest, target: str | os.PathLike[str], what: str) -> None:
        """Write a blob to the file `target`."""
        self._do(digest, what, lambda blob: self._blobs.copy_to(blob, target))

    def places(self, digests: Iterable[Digest]) -> dict[Digest, Stored]:
        """Return where blobs lie, asked at once; those that the catalog does not know are left out."""
        found = dict(self._index.find(list(digests)))
        with self._guard:
            self._places.update(found)
            self._trim()
        return found

    def _do(self, digest: Digest, what: str, act: Callable[[Stored], T]) -> T:
        stored = self._places.get(digest)
        if stored is None:
            stored = self._look(digest, what)
        while True:
            try:
                return act(stored)
            except CorruptError as error:
                # It may have been healed, or moved, since its place was remembered; and moved again meanwhile.
                again = self._look(digest, what)
                if again.place == stored.place:
                    raise CorruptError(
                        f"{what} ({show(digest, self._blobs.algorithm)}): {error}. Other files are not affected; "
                        "logging the same bytes again heals it"
                    ) from error
                stored = again

    def _look(self, digest: Digest, what: str) -> Stored:
        stored = self._index.find([digest]).get(digest)
        if stored is None:
            raise CorruptError(f"{what}: the catalog does not know its blob {show(digest, self._blobs.algorithm)}")
        self._remember(digest, stored)
        return stored

    def _remember(self, digest: Digest, stored: Stored) -> None:
        with self._guard:
            self._places[digest] = stored
            self._trim()

    def _trim(self) -> None:
        while len(self._places) > _REMEMBERED:
            self._places.popitem(last=False)
