"""From a draft to a version: everything is checked, then stored, then named in one transaction."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CorruptError, InvalidValueError, NotFoundError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Manifest
from jupyter_artifacts.model.names import LATEST, check_name, check_project, check_type
from jupyter_artifacts.store.gc.mark import shards
from jupyter_artifacts.store.progress import telling
from jupyter_artifacts.store.records import Publication, Query
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.artifact.metadata import check_description, check_metadata, check_tags, with_latest
from jupyter_artifacts.tracking.artifact.restaging import publish_or_put_again
from jupyter_artifacts.tracking.messages import LoggedEvent, tell_logged
from jupyter_artifacts.tracking.progress import meter

if TYPE_CHECKING:
    from jupyter_artifacts.store.records import Published, VersionRecord
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.draft import Draft


def publish_draft(
    draft: Draft,
    store: Store,
    project: str,
    *,
    run_id: str | None = None,
    history_step: int | None = None,
    aliases: object = None,
    tags: object = None,
    commit_id: str | None = None,
) -> Published:
    """Make a version of a draft, or find the live one of equal content.

    Whatever is refused is refused before anything is written; the draft is then as
    it was and can be changed and logged again.

    Parameters
    ----------
    draft : Draft
    store : Store
        Where it goes; the bytes follow if they were added to another store.
    project : str
    run_id : str, optional
        The run that made it; None when no run is to count as its maker.
    history_step : int, optional
        The run's last step before.
    aliases, tags : list of str, optional
    commit_id : str, optional
        Publishing it again finds its own version.

    Raises
    ------
    InvalidNameError
        An alias, tag or name that is refused.
    InvalidValueError
        Metadata that is refused, or a collection of another type.
    """
    began = time.perf_counter()
    wanted, marks = with_latest(aliases), check_tags(tags)
    metadata, description = check_metadata(draft.metadata), check_description(draft.description)
    name = check_name(draft.name)
    kind = draft.type if draft.internal else check_type(draft.type, name)
    check_project(project)
    refuse_other_type(store, project, name, kind)
    draft.move_to(store)
    manifest = with_latest_files(draft, store, project) if draft.incremental else draft.manifest()
    digest, root = store.put_manifest(draft.session, manifest)
    session = draft.session
    with meter(f"storing {name}", 0, 0) as progress, telling(progress):
        blobs = session.seal()
    reused = reused_by(draft, manifest)
    published = publish_or_put_again(
        draft,
        store,
        manifest,
        Publication(
            commit_id=commit_id or uuid.uuid4().hex,
            project=project,
            name=name,
            type=kind,
            digest=digest,
            root=root,
            files=len(manifest),
            size=manifest.size,
            aliases=wanted,
            blobs=blobs,
            run_id=run_id,
            metadata=metadata,
            description=description,
            tags=marks,
            history_step=history_step,
            created_at=time.time(),
            ttl=draft.ttl,
            reused=reused,
            condemn_seq=session.condemn_seq,
        ),
    )
    draft.adding.publish(root)
    draft.leave()
    if not draft.internal:
        seconds = time.perf_counter() - began
        tell_logged(LoggedEvent(store, published.version, published.created, session.written, seconds, run_id))
    return published


def reused_by(draft: Draft, manifest: Manifest) -> tuple[Digest, ...]:
    """Return the blobs that a draft's files rely on without having been written for it; all must be there.

    Raises
    ------
    CorruptError
        A file was taken over from another version, and its bytes are no more.
    """
    session = draft.session
    if draft.borrows or draft.incremental:
        held = {*session.reused, *(blob.digest for blob in session.stored)}
        borrowed = {Digest(e.digest): e.path for e in manifest if is_in_store(e) and e.digest not in held}
        lost = borrowed.keys() - session.reuse(list(borrowed)).keys()
        if lost:
            path = min(borrowed[digest] for digest in lost)
            raise CorruptError(
                f"{path!r} of {draft.name!r} was taken over from another version, and its bytes are no longer in the "
                "store; add the file again"
            )
    return session.reused


def with_latest_files(draft: Draft, store: Store, project: str) -> Manifest:
    """Return an incremental draft's files over those of the latest version; the draft stays as it is."""
    own = draft.manifest()
    try:
        latest = store.catalog.versions.resolve(project, draft.name, LATEST)
    except NotFoundError:
        return own
    return Manifest([*own, *(entry for entry in store.manifest(latest) if entry.path not in own)])


def refuse_other_type(store: Store, project: str, name: str, kind: str) -> None:
    """Refuse a type that differs from the collection's, before a byte is written."""
    for known in store.catalog.versions.collections(Query(project=project, name=name, limit=1)).rows:
        if known.type != kind:
            raise InvalidValueError(
                f"Artifact {name} already exists with type {known.type!r}; cannot create another with type {kind!r}"
            )


def publish_again(
    record: VersionRecord, store: Store, *, run_id: str | None = None, aliases: object = None, tags: object = None
) -> Published:
    """Log a version that exists once more: the run becomes one more maker, the aliases move to it."""
    began = time.perf_counter()
    # It may have been deleted since this record was read; then it is made anew, if its bytes are there.
    files = {Digest(entry.digest) for entry in store.manifest(record) if is_in_store(entry)}
    parts = shards(store.read(record.root, f"{record.label} manifest"))
    published = store.catalog.versions.publish(
        Publication(
            commit_id=uuid.uuid4().hex,
            project=record.project,
            name=record.name,
            type=record.type,
            digest=record.digest,
            root=record.root,
            files=record.files,
            size=record.size,
            aliases=with_latest(aliases),
            blobs=(),
            run_id=run_id,
            metadata=record.metadata,
            description=record.description,
            tags=check_tags(tags),
            created_at=time.time(),
            reused=(record.root, *parts, *files),
        )
    )
    seconds = time.perf_counter() - began
    tell_logged(LoggedEvent(store, published.version, published.created, 0, seconds, run_id))
    return published
