"""What looking after a store needs of it, and the lock that lets one process at a time do so."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.errors import StoreBusyError
from jupyter_artifacts.store.faults import read_only, writing
from jupyter_artifacts.store.layout import TMP
from jupyter_artifacts.store.locks import FileLock, NeverCameError, holders, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.ground import Ground
    from jupyter_artifacts.store.protocols import Blobs, Catalog
    from jupyter_artifacts.store.records import Stored, VersionRecord

LOCK = "upkeep.lock"
PATIENCE = 30.0


class Upkept(Protocol):
    """A store, as far as upkeep is concerned."""

    root: str
    location: str
    algorithm: Algorithm
    read_only: bool
    ground: Ground
    blobs: Blobs
    catalog: Catalog

    def manifest(self, version: VersionRecord) -> Manifest:
        """Return a version's files, verified."""

    def read(self, digest: Digest, what: str) -> bytes:
        """Return a blob's verified bytes."""

    def glance(self, blob: Stored) -> str:
        """Return what is wrong with a blob at a glance."""

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong."""

    def logged_from(self, digests: AbstractSet[Digest]) -> Iterable[tuple[str, Digest]]:
        """Return files of the user's that had these contents when they were logged."""


class NothingKnown:
    """A blob index for sessions that are to write every byte, whatever is stored already."""

    def find(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:  # noqa: ARG002  the protocol's name
        """Know none of them."""
        return {}

    def replace(self, blobs: Iterable[Stored]) -> None:
        """Enter nothing: whoever opened the session does so, in one go."""

    def all(self) -> Iterator[Stored]:
        """Yield nothing."""
        return iter(())

    def condemn_seq(self) -> int:
        """Return a number that never grows."""
        return 0


def tmp_of(root: str) -> str:
    """Return where a store's sessions have their folders."""
    return os.path.join(root, TMP)


@contextlib.contextmanager
def alone(store: Upkept) -> Iterator[None]:
    """Hold the lock of upkeep, so that collecting, repacking, repairing and restoring never meet.

    Raises
    ------
    StoreBusyError
        Another process has been at it for 30 seconds.
    ReadOnlyStoreError
    """
    if store.read_only:
        raise read_only(store.root)
    lock = FileLock(os.path.join(tmp_of(store.root), LOCK))
    with writing(store.root):
        try:
            with lock.held(PATIENCE, lambda: None), store.ground.alone():
                yield
        except NeverCameError as error:
            who = told(holders(lock.path))
            raise StoreBusyError(
                f"the store {store.location} is being looked after by {who}; wait for its gc or repair to end"
            ) from error
