"""Bringing a deleted version back, as long as the garbage collector has left its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, NotFoundError, VanishedError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.gc.mark import lies_here, shards
from jupyter_artifacts.store.upkept import alone

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.upkept import Upkept


def restore(store: Upkept, version_id: int) -> VersionRecord:
    """Make a deleted version live again; its aliases do not come back, but ``latest`` does if it is the newest.

    Raises
    ------
    NotFoundError
        Its files are gone: more than a day has passed between two garbage collections.
    UsageError
        It is not deleted.
    """
    with alone(store):
        old = store.catalog.versions.get(version_id)
        gone = f"{old.label} was deleted, and a garbage collection has removed its files since; log them again"
        try:
            named = [old.root, *shards(store.read(old.root, f"{old.label} manifest"))]
            named += (Digest(entry.digest) for entry in store.manifest(old) if lies_here(entry))
            return store.catalog.garbage.restore(version_id, named)
        except (CorruptError, VanishedError) as error:
            raise NotFoundError(gone) from error
