"""Rows and links of the wire, from the catalog's records."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jupyter_artifacts.model import digest
from jupyter_artifacts.panels.protocol import (
    ArtifactLink,
    CollectionRow,
    FileRow,
    RunLink,
    VersionRow,
)
from jupyter_artifacts.panels.wire import bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import CollectionRecord, RunRecord, VersionRecord

ROW_KEYS, ROW_TEXT = 24, 120


def run_link(run: RunRecord) -> RunLink:
    """Return a run as a link."""
    return RunLink(id=run.id, name=run.name, job_type=run.job_type, state=run.state)


def artifact_link(version: VersionRecord) -> ArtifactLink:
    """Return a version as a link."""
    return ArtifactLink(id=version.id, label=version.label, type=version.type)


def version_row(
    version: VersionRecord,
    run: RunRecord | None,
    stale: str,
    *,
    keys: int = ROW_KEYS,
    text: int = ROW_TEXT,
    nested: bool = False,
) -> VersionRow:
    """Return a version as a row; its metadata bounded as :func:`~jupyter_artifacts.panels.wire.bounded` says."""
    metadata, cut = bounded(version.metadata, keys, text, nested=nested)
    return VersionRow(
        id=version.id,
        label=version.label,
        name=version.name,
        version=version.number,
        type=version.type,
        aliases=list(version.aliases),
        tags=list(version.tags),
        run=run_link(run) if run else None,
        files=version.files,
        size=version.size,
        created=version.created_at,
        stale=stale,
        metadata=metadata,
        metadata_cut=cut,
    )


def version_rows(shelf: Shelf, versions: Sequence[VersionRecord], first: Sequence[str] = ()) -> list[VersionRow]:
    """Return versions as rows of a table; of their metadata the keys in `first` are kept before others."""
    stale = shelf.stale(list(versions))
    return [
        version_row(
            replace(version, metadata=_first(version.metadata, first)) if first else version,
            shelf.run(version.run_id),
            stale.get(version.id, ""),
        )
        for version in versions
    ]


def _first(metadata: JsonObject, keys: Sequence[str]) -> JsonObject:
    return {**{key: metadata[key] for key in keys if key in metadata}, **metadata}


def collection_row(collection: CollectionRecord) -> CollectionRow:
    """Return a collection as a row of a table."""
    return CollectionRow(
        id=collection.id,
        name=collection.name,
        type=collection.type,
        aliases=list(collection.aliases),
        versions=collection.versions,
        newest=collection.newest,
        size=collection.size,
        updated=collection.updated_at,
    )


def file_row(entry: Entry, algorithm: digest.Algorithm) -> FileRow:
    """Return a file as a row."""
    return FileRow(
        path=entry.path,
        size=entry.size,
        digest=digest.show(digest.Digest(entry.digest), algorithm),
        ref=None if entry.ref is None else public_ref(entry.ref),
    )


def public_ref(ref: str) -> str:
    """Return where a reference points, without what a notebook must not keep.

    Local folders, user names, passwords and signed query strings are left out.
    """
    try:
        parts = urlsplit(ref)
        host = parts.hostname or ""
    except ValueError:
        return "…"
    if parts.scheme in {"", "file"} or len(parts.scheme) == 1:  # a drive letter is no scheme
        return "file:…/" + re.split(r"[/\\]", ref.rstrip("/\\"))[-1]
    return f"{parts.scheme}://{host}{parts.path}"


def file_rows(shelf: Shelf, version: VersionRecord, offset: int, limit: int) -> list[FileRow]:
    """Return some of a version's files, in order of path."""
    entries = shelf.manifest(version).entries[offset : offset + limit]
    return [file_row(entry, shelf.store.algorithm) for entry in entries]
