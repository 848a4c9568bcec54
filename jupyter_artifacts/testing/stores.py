"""Logging and reading whole artifacts in a few lines, as tests of stores do."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Entry, Manifest
from jupyter_artifacts.store.records import Publication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.store.records import Published, VersionRecord
    from jupyter_artifacts.store.store import Store


def log_files(store: Store, name: str, files: Mapping[str, bytes], project: str = "p", **more: object) -> Published:
    """Log files as the next version of an artifact, the way an artifact does it.

    Parameters
    ----------
    store : Store
    name : str
    files : mapping of str to bytes
        By path inside the artifact.
    project : str
    **more
        Further fields of `Publication`.
    """
    session = store.session()
    try:
        entries = []
        for path, data in files.items():
            stored = session.put_bytes(data)
            entries.append(Entry(path, stored.digest, stored.size))
        manifest = Manifest(entries)
        digest, root = store.put_manifest(session, manifest)
        publication = Publication(
            commit_id=uuid.uuid4().hex,
            project=project,
            name=name,
            type="dataset",
            digest=digest,
            root=root,
            files=len(manifest),
            size=manifest.size,
            aliases=("latest",),
            blobs=session.seal(),
        )
        return store.catalog.versions.publish(replace(publication, **more))  # type: ignore[arg-type]  # real fields
    finally:
        session.close()


def read_files(store: Store, version: VersionRecord) -> dict[str, bytes]:
    """Return a version's files, each verified."""
    return {
        entry.path: store.read(Digest(entry.digest), f"{version.label} file {entry.path}")
        for entry in store.manifest(version)
    }
