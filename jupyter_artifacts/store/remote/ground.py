"""The objects of a bucket, and who writes there, for those who look after a store.

Whether a writer lives is told by its row: whoever was silent for a day, or is known on
this machine to be dead, is revoked; only then what it has written and nobody entered
may go. Where any living session began before the last deletion, what was deleted waits
in the trash: its writer may rely on it.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.store import leases
from jupyter_artifacts.store.blob_files import File
from jupyter_artifacts.store.layout import BLOBS, CATALOG, JOURNAL, PACKS, TMP
from jupyter_artifacts.store.packs import index_of, pack_of
from jupyter_artifacts.store.writers import SILENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.packs import Indexed
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs
    from jupyter_artifacts.store.remote.bucket import Bucket
    from jupyter_artifacts.store.writers import Writer

_LOOSE = re.compile(r"[0-9a-f]{64}\.([0-9a-f]{20,40})")


class BucketFiles:
    """A bucket's objects that are blobs."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._sizes: dict[str, int] = {}

    def listing(self) -> Sequence[File]:
        """Return the loose blobs and the packs; what has another kind of name is not this package's."""
        found = []
        for one in (*self._bucket.listing(f"{BLOBS}/"), *self._bucket.listing(f"{PACKS}/")):
            name = one.key.rpartition("/")[2]
            loose, pack = _LOOSE.fullmatch(name), pack_of(name)
            if loose or pack:
                found.append(File(loose[1] if loose else f"{pack}@", one.key))
                self._sizes[one.key] = one.size
        return found

    def sizes(self, files: Iterable[File]) -> dict[str, int]:
        """Return the bytes of listed files by key."""
        return {file.key: self._sizes[file.path] for file in files if file.path in self._sizes}

    def remove(self, files: Iterable[File]) -> tuple[int, int]:
        """Remove listed objects; return how many there were, and their bytes."""
        doomed = [file.path for file in files]
        self._bucket.delete(doomed)
        return len(doomed), sum(self._sizes.pop(path, 0) for path in doomed)

    def index(self, file: File, algorithm: Algorithm) -> Sequence[Indexed]:
        """Return what a pack says that it holds; only its end is fetched."""

        def read(size: int, offset: int) -> bytes:
            data = self._bucket.get_range(file.path, offset, offset + size)
            if data is None:
                raise CorruptError(f"{self._bucket.url}/{file.path} has gone")
            return bytes(data)

        return index_of(read, self._sizes[file.path], f"{self._bucket.url}/{file.path}", algorithm)


class RemoteGround(BucketFiles):
    """A bucket's prefix, and who writes there."""

    def __init__(self, blobs: RemoteBlobs, catalog: Catalog) -> None:
        super().__init__(blobs.bucket)
        self._blobs = blobs
        self._catalog = catalog
        self._tmp = os.path.join(blobs.root, TMP)

    def living(self, *, swept: bool = False) -> AbstractSet[str]:
        """Return the sessions that may still write: those that nobody has revoked."""
        active = self._catalog.writers.active()
        over = set(self._over(active)) if swept else set()
        return {writer.id for writer in active} - over

    def claimed(self) -> AbstractSet[Digest]:
        """Return the digests in the trash, where a living session may rely on them: it began before they went there."""
        seq = self._catalog.blobs.condemn_seq()
        if all(writer.condemn_seq >= seq for writer in self._catalog.writers.active()):
            return frozenset()
        return {one.digest for one in self._catalog.garbage.trash()}

    def dead(self) -> tuple[int, int]:
        """Return how many folders killed processes have left on this machine, and their bytes: none are the store's."""
        return len(leases.dead(self._tmp)), 0

    def sweep(self) -> int:
        """Revoke the sessions that are over; return how many of their folders were removed here."""
        self._catalog.writers.revoke(self._over(self._catalog.writers.active()))
        return self._blobs.sweep()

    def total(self) -> int:
        """Return the bytes of the objects, and of the catalog where it lies in a folder."""
        root = self._blobs.root
        own = [name for name in os.listdir(root) if name.startswith(CATALOG) or name == JOURNAL]
        return sum(self.sizes(self.listing()).values()) + sum(os.path.getsize(os.path.join(root, name)) for name in own)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to look after the store, on whatever machine."""
        with self._catalog.writers.alone():
            yield

    def _over(self, active: Iterable[Writer]) -> list[str]:
        """Return the sessions that were silent for a day, or of this machine and dead."""
        here = leases.living(self._tmp)
        silent = time.time() - SILENCE
        return [
            writer.id
            for writer in active
            if writer.heartbeat_at < silent or (writer.host == self._blobs.host and writer.id not in here)
        ]
