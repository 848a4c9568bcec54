"""Publications, blobs and runs to test a catalog with."""

from __future__ import annotations

import uuid
from dataclasses import replace

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store.records import NewRun, Place, Publication, Stored


def blob(text: str) -> Stored:
    """Return a blob that is told to be durable."""
    data = text.encode()
    return Stored(digest_of(data, "sha256"), len(data), Place(uuid.uuid4().hex))


def publication(content: str, name: str = "data", project: str = "p", **more: object) -> Publication:
    """Return a publication whose content is told by one text."""
    root = blob(f"root of {content}")
    plain = Publication(
        commit_id=uuid.uuid4().hex,
        project=project,
        name=name,
        type="dataset",
        digest=digest_of(content.encode(), "sha256"),
        root=root.digest,
        files=1,
        size=len(content),
        aliases=("latest",),
        blobs=(root,),
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # each test names real fields


def run(id: str = "r1", project: str = "p", slug: str = "quiet-sea", **more: object) -> NewRun:
    """Return a run that begins."""
    return replace(NewRun(id, project, slug, started_at=1_700_000_000.0), **more)  # type: ignore[arg-type]  # as above
