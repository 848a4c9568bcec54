"""Checking a store: the catalog, that every byte it names is there, and on request every byte."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.errors import ArtifactsError, CatalogDamagedError
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.store.records import Problem, Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Entry, Manifest
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import Stored, VersionRecord

_PAGE = 1000


class Checkable(Protocol):
    """What checking needs of a store."""

    algorithm: Algorithm
    location: str

    @property
    def catalog(self) -> Catalog:
        """The facts."""

    def manifest(self, version: VersionRecord) -> Manifest:
        """Return a version's files, verified."""

    def glance(self, blob: Stored) -> str:
        """Return what is wrong with a blob at a glance."""

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong."""


def problems(store: Checkable, *, data: bool) -> list[Problem]:
    """Return what is wrong with a store; empty when it is sound.

    Parameters
    ----------
    store : Store
    data : bool
        True re-hashes every blob; False looks at their sizes, and reads manifests only.
    """
    try:
        found = [Problem("catalog", store.location, line) for line in store.catalog.check()]
        return [*found, *_content(store, data=data)]
    except CatalogDamagedError as error:
        return [Problem("catalog", store.location, str(error))]


def _content(store: Checkable, *, data: bool) -> Iterator[Problem]:
    sizes: dict[Digest, int] = {}
    bad: dict[Digest, str] = {}
    for blob in store.catalog.blobs.all():
        sizes[blob.digest] = blob.size
        wrong = store.check(blob) if data else store.glance(blob)
        if wrong:
            bad[blob.digest] = wrong
    told: set[Digest] = set()
    for version in _versions(store.catalog):
        try:
            entries = store.manifest(version).entries
        except ArtifactsError as error:
            yield Problem("manifest", version.label, str(error))
            continue
        for entry in entries:
            problem = _entry(store, entry, sizes, bad)
            if problem is not None:
                told.add(Digest(entry.digest))
                yield replace(problem, where=f"{version.label} file {entry.path}")
    for digest in bad.keys() - told:
        yield Problem("blob", show(digest, store.algorithm), bad[digest])


def _entry(store: Checkable, entry: Entry, sizes: Mapping[Digest, int], bad: Mapping[Digest, str]) -> Problem | None:
    digest = Digest(entry.digest)
    if entry.ref is not None:
        return None
    if digest not in sizes:
        return Problem("missing", "", f"its blob {show(digest, store.algorithm)} is not in the catalog")
    if digest in bad:
        return Problem("blob", "", bad[digest])
    if sizes[digest] != entry.size:
        return Problem("manifest", "", f"{entry.size} bytes in the manifest, {sizes[digest]} in the catalog")
    return None


def _versions(catalog: Catalog) -> Iterator[VersionRecord]:
    offset = 0
    while True:
        page = catalog.versions.page(Query(sort="created", descending=False, offset=offset, limit=_PAGE))
        yield from page.rows
        offset += len(page.rows)
        if not page.rows:
            return
