"""Publishing what relies on stored bytes that a garbage collection has taken away meanwhile.

On one machine this does not happen: the collector spares what living sessions rely on.
Where it cannot see them (a shared disk without locks), the files are put again from
where they were added.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, VanishedError
from jupyter_artifacts.model.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.records import Publication, Published
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.draft import Draft


def publish_or_put_again(draft: Draft, store: Store, manifest: Manifest, new: Publication) -> Published:
    """Publish; put files again whose bytes are gone.

    Raises
    ------
    CorruptError
        A file cannot be put again: it is not there any more, or not as it was.
    """
    try:
        return store.catalog.versions.publish(new)
    except VanishedError as error:
        with closing(store.session()) as session:
            _put_again(draft, session, manifest, error.digests)
            store.put_manifest(session, manifest)
            lost = set(error.digests)
            kept = [blob for blob in new.blobs if blob.digest not in lost]
            again = replace(new, blobs=(*kept, *session.seal()), reused=(*new.reused, *session.reused))
            return store.catalog.versions.publish(replace(again, condemn_seq=None))


def _put_again(draft: Draft, session: BlobSession, manifest: Manifest, gone: Iterable[bytes]) -> None:
    wanted = set(gone)
    for entry in manifest:
        if entry.digest not in wanted:
            continue
        local = draft.local_paths.get(entry.path)
        try:
            found = None if local is None else session.put_file(local).digest
        except OSError as error:
            raise _lost(draft, entry.path, f"{local} cannot be read: {error}") from error
        if found != Digest(entry.digest):
            raise _lost(draft, entry.path, "it has changed" if local else "it was not added from a file")
        wanted.discard(entry.digest)


def _lost(draft: Draft, path: str, why: str) -> CorruptError:
    return CorruptError(
        f"the stored bytes of {path!r} of {draft.name!r} were removed by a garbage collection before it was logged, "
        f"and they cannot be put again ({why}); nothing was logged: add the file again"
    )
