"""One run of the garbage collector, from expired versions to removed files."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import blob_files as files
from jupyter_artifacts.store import repack
from jupyter_artifacts.store.gc.mark import Marker
from jupyter_artifacts.store.upkeep_records import Collected, Trashed
from jupyter_artifacts.store.upkept import alone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.upkeep_records import Roots
    from jupyter_artifacts.store.upkept import Upkept

GRACE = 24 * 3600.0
"""Seconds between condemning and deleting, in which a deleted version can be brought back."""

_SESSION = 20


def collect(store: Upkept, *, dry_run: bool = False, now: bool = False, expired: bool = False) -> Collected:
    """Remove what no live version, run or open draft needs.

    What nothing names any more is condemned first and deleted by a run a day later:
    until then a deleted version can be brought back, and readers are not disturbed.
    Writers are safe in any case; see `store/catalog/condemned.py`.

    Parameters
    ----------
    store : Store
    dry_run : bool, default False
        Change nothing; say what would be done.
    now : bool, default False
        Do not wait the day.
    expired : bool, default False
        Delete versions first whose time to live is over. Without it they are kept:
        a garbage collection deletes no version that nobody told it to delete.

    Raises
    ------
    StoreError
        A live version's manifest cannot be read, or the catalog is an older copy; nothing was removed.
    StoreBusyError, ReadOnlyStoreError
    """
    if store.catalog.garbage.outrun():
        raise StoreError(
            f"the catalog of {store.location} is older than its journal, as after putting back a backup: files of "
            "later versions would be taken for garbage. Nothing was removed; bring those versions back first: jupyter "
            "artifacts rebuild (in Python: jupyter_artifacts.rebuild())"
        )
    at = time.time()
    before = math.inf if now else at - GRACE
    over = store.catalog.garbage.expired(at)
    if dry_run:
        return _foretell(store, before, over, expired=expired)
    with alone(store):
        for version_id in over if expired else ():
            store.catalog.versions.delete(version_id)
        return _collect(store, before, over)


@dataclass(frozen=True)
class Unnamed:
    """What marking found: the roots, the blobs that nothing names, and all blobs that there are."""

    roots: Roots
    marker: Marker
    blobs: list[Stored]
    all: list[Stored]


def look(store: Upkept, without: Collection[int] = ()) -> Unnamed:
    """Mark, and return the blobs that nothing names and that no living session has entered.

    Parameters
    ----------
    without : collection of int
        Versions that are to count as deleted.
    """
    roots = store.catalog.garbage.roots(without)
    marker = Marker(store.read)
    named = marker.mark(roots.manifests)
    everything = list(store.catalog.blobs.all())
    alive = store.ground.living()
    loose = [
        blob
        for blob in everything
        if blob.digest not in named and blob.digest not in roots.blobs and blob.place[:_SESSION] not in alive
    ]
    return Unnamed(roots, marker, loose, everything)


def _collect(store: Upkept, before: float, over: Sequence[int]) -> Collected:
    garbage, ground = store.catalog.garbage, store.ground
    trash = garbage.trash()
    found = look(store)
    condemned = garbage.condemn(found.blobs, found.roots, found.marker.mark)
    deleted = garbage.delete(before)
    gone = {blob.digest for blob in deleted}
    rest = [blob for blob in found.all if blob.digest not in gone]
    moves = repack.sparse(rest, ground.sizes(ground.listing()))
    moved = repack.move(store, moves)
    freed = ground.dead()[1] - repack.added(store, moved)
    swept = ground.sweep()
    garbage.purge(ground.claimed())

    listed = ground.listing()
    alive = ground.living()
    left = garbage.trash()
    keys = files.named((blob.place for blob in store.catalog.blobs.all()), left)
    known = files.named((blob.place for blob in found.all), trash)
    removable = files.unnamed(listed, keys, alive)
    strangers = ground.remove(file for file in removable if file.key not in known)
    removed = ground.remove(file for file in removable if file.key in known)

    waiting = garbage.waiting()
    return Collected(
        condemned=len(condemned),
        condemned_bytes=_bytes(condemned),
        waiting=waiting.blobs,
        waiting_bytes=waiting.size,
        undo_until=None if waiting.since is None else waiting.since + GRACE,
        deleted=len(deleted),
        deleted_bytes=_bytes(deleted),
        kept_for_writers=len(left),
        freed=freed + strangers[1] + removed[1],
        files=strangers[0] + removed[0],
        repacked=len(moves),
        leftovers=strangers[0],
        leftover_bytes=strangers[1],
        sessions=swept,
        expired=len(over),
    )


def _foretell(store: Upkept, before: float, over: Sequence[int], *, expired: bool) -> Collected:
    garbage, ground = store.catalog.garbage, store.ground
    gone_too = over if expired else ()
    try:
        found = look(store, gone_too)
    except StoreError:
        # No lock is held: after its root was read, a version may have gone, and its manifest with it.
        found = look(store, gone_too)
    kept = found.marker.named | found.roots.blobs
    old = {blob.digest: blob for blob in garbage.due(math.inf) if blob.digest not in kept}
    condemned = [blob for blob in found.blobs if blob.digest not in old]
    deleted = [blob for blob in garbage.due(before) if blob.digest in old]
    deleted += condemned if before == math.inf else []
    gone = {blob.digest for blob in deleted}
    rest = [blob for blob in found.all if blob.digest not in gone]
    waiting = [blob for blob in [*old.values(), *condemned] if blob.digest not in gone]

    listed = ground.listing()
    size = ground.sizes(listed)
    moves = repack.sparse(rest, size)
    emptied = {one.key for one in moves}
    trash = garbage.trash()
    claims = ground.claimed()
    thrown = [*trash, *(Trashed(blob.place, blob.digest, blob.size, 0.0) for blob in deleted)]
    left = [one for one in thrown if one.digest in claims]
    keys = files.named((blob.place for blob in rest if files.key_of(blob.place) not in emptied), left)
    known = files.named((blob.place for blob in found.all), trash)
    dead = ground.dead()
    removable = files.unnamed(listed, keys, ground.living(swept=True))
    strangers = [file for file in removable if file.key not in known]
    since = garbage.waiting().since
    return Collected(
        condemned=len(condemned),
        condemned_bytes=_bytes(condemned),
        waiting=len(waiting),
        waiting_bytes=_bytes(waiting),
        undo_until=None if not waiting else (time.time() if since is None else since) + GRACE,
        deleted=len(deleted),
        deleted_bytes=_bytes(deleted),
        kept_for_writers=len(left),
        freed=sum(size[file.key] for file in removable) + dead[1] - repack.written(moves),
        files=len(removable),
        repacked=len(moves),
        leftovers=len(strangers),
        leftover_bytes=sum(size[file.key] for file in strangers),
        sessions=dead[0],
        expired=len(over),
        dry_run=True,
    )


def _bytes(blobs: Sequence[Stored]) -> int:
    return sum(blob.size for blob in blobs)
