"""Checking a store: the catalog, that every byte it names is there, and on request every byte."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.errors import ArtifactsError, CatalogDamagedError, CorruptError, InvalidValueError
from jupyter_artifacts.model.digest import Digest, show
from jupyter_artifacts.model.manifest import artifact_digest
from jupyter_artifacts.model.shards import Root
from jupyter_artifacts.store import blob_files as files
from jupyter_artifacts.store.gc.mark import lies_here
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Problem, Query
from jupyter_artifacts.store.upkeep_records import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_artifacts.model.shards import Entry, ShardRef
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import Stored, VersionRecord
    from jupyter_artifacts.store.upkept import Upkept

_PAGE = 1000
_encoder = msgspec.msgpack.Encoder()


def problems(
    store: Upkept, *, data: bool = False, sample: float | None = None, max_seconds: float | None = None
) -> Report:
    """Return what is wrong with a store; empty when it is sound.

    Parameters
    ----------
    store : Store
    data : bool, default False
        Re-hash blobs; False looks at their sizes, and reads manifests only.
    sample : float, optional
        Of the bytes, re-hash only this share; those that were checked longest ago come first.
    max_seconds : float, optional
        Stop re-hashing after so long.
    """
    if sample is not None and not 0 < sample <= 1:
        raise InvalidValueError(f"sample={sample!r} is no share of the bytes; give a number above 0, at most 1")
    if max_seconds is not None and not max_seconds > 0:
        raise InvalidValueError(f"max_seconds={max_seconds!r} leaves no time; give a number above 0")
    report = Report()
    try:
        report += (Problem("catalog", store.location, line) for line in store.catalog.check())
        look = Inspection(store)
        if data:
            look.hash(1.0 if sample is None else sample, math.inf if max_seconds is None else max_seconds)
        report += look.problems()
        report.hashed, report.size = look.hashed, sum(blob.size for blob in look.blobs.values())
        report.leftovers, report.leftover_bytes = leftovers(store)
    except CatalogDamagedError as error:
        report.append(Problem("catalog", store.location, str(error)))
    return report


class Inspection:
    """One look at all blobs and all live versions.

    Attributes
    ----------
    blobs : dict of bytes to Stored
    bad : dict of bytes to str
        What is wrong with stored blobs, as far as it has been looked at.
    gone : dict of bytes to int
        Blobs that manifests name and the catalog does not know, and their sizes (-1: not known).
    hashed : int
        Bytes that were hashed.
    """

    def __init__(self, store: Upkept) -> None:
        self._store = store
        self.blobs = {blob.digest: blob for blob in store.catalog.blobs.all()}
        size = store.ground.sizes(store.ground.listing())
        odd = [blob for blob in self.blobs.values() if not _fits(blob, size)]
        self.bad = self._standing({blob.digest: wrong for blob in odd if (wrong := store.glance(blob))})
        self.gone: dict[Digest, int] = {}
        self.hashed = 0
        self._shards: dict[bytes, list[tuple[str, Problem]]] = {}
        self._named: set[Digest] = set()
        self._raw = b""

    def hash(self, share: float, seconds: float) -> None:
        """Hash blobs, file by file, those first that were checked longest ago."""
        began = time.monotonic()
        store, at = self._store, time.time()
        by_file: dict[str, list[Stored]] = defaultdict(list)
        for blob in self.blobs.values():
            by_file[files.key_of(blob.place)].append(blob)
        checked = store.catalog.garbage.checked()
        wanted = share * sum(blob.size for blob in self.blobs.values())
        sound: list[str] = []
        try:
            for key in sorted(by_file, key=lambda key: (checked.get(key, 0.0), key)):
                if (self.hashed >= wanted and share < 1) or time.monotonic() - began > seconds:
                    break
                wrong = {blob.digest: why for blob in sorted(by_file[key], key=_place) if (why := store.check(blob))}
                wrong = self._standing(wrong)
                self.bad |= wrong
                self.hashed += sum(blob.size for blob in by_file[key])
                if not wrong:
                    sound.append(key)
        finally:
            if not store.read_only:
                store.catalog.garbage.note_checked(sound, at, [key for key in checked if key not in by_file])

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, by artifact and path where it is known, else by digest."""
        for version in versions(self._store.catalog):
            found = list(self._of(version))
            if found and not deleted(self._store.catalog, version):
                yield from found
        for digest in self.bad.keys() - self._named:
            yield Problem("blob", show(digest, self._store.algorithm), self.bad[digest])

    def _of(self, version: VersionRecord) -> Iterator[Problem]:
        what = f"{version.label} manifest"
        try:
            raw = self._read(version.root, what)
            root = Root(raw, lambda digest: self._read(digest, what))
            if artifact_digest(raw, self._store.algorithm) != version.digest:
                raise CorruptError(
                    f"{what} does not give the digest {show(version.digest, self._store.algorithm)} it was logged under"
                )
            for line in root.lines:
                for path, problem in self._shard(root, line):
                    yield Problem(problem.kind, f"{version.label} file {path}", problem.message)
        except ArtifactsError as error:
            yield Problem("manifest", version.label, str(error))

    def _standing(self, wrong: dict[Digest, str]) -> dict[Digest, str]:
        """Leave out blobs that a collector removed or moved since they were listed."""
        now = self._store.catalog.blobs.find(list(wrong)) if wrong else {}
        return {digest: why for digest, why in wrong.items() if now.get(digest) == self.blobs[digest]}

    def _read(self, digest: Digest, what: str) -> bytes:
        if digest not in self.blobs:
            self.gone[digest] = -1
        try:
            self._raw = self._store.read(digest, what)
            return self._raw
        except CorruptError as error:
            if digest in self.blobs:
                self.bad.setdefault(digest, str(error))
                self._named.add(digest)
            raise

    def _shard(self, root: Root, line: ShardRef) -> list[tuple[str, Problem]]:
        """Return the problems of a shard's entries; a shard that many versions share is read once."""
        known = self._shards.get(line.digest)
        if known is None:
            known = []
            entries = root.shard(line)
            paths = [entry.path for entry in entries]
            if _encoder.encode(entries) != self._raw or paths != sorted(paths):
                raise CorruptError(f"manifest shard {line.digest.hex()[:12]} is not in the one form that is allowed")
            for entry in entries:
                problem = self._entry(entry) if lies_here(entry) else None
                if problem is not None:
                    known.append((entry.path, problem))
            self._shards[line.digest] = known
        return known

    def _entry(self, entry: Entry) -> Problem | None:
        digest = Digest(entry.digest)
        blob = self.blobs.get(digest)
        if blob is None:
            self.gone[digest] = entry.size
            return Problem("missing", "", f"its blob {show(digest, self._store.algorithm)} is not in the catalog")
        if digest in self.bad:
            self._named.add(digest)
            return Problem("blob", "", self.bad[digest])
        if blob.size != entry.size:
            return Problem("manifest", "", f"{entry.size} bytes in the manifest, {blob.size} in the catalog")
        return None


def leftovers(store: Upkept) -> tuple[int, int]:
    """Return how many files nobody needs any more, and their bytes: dead processes' work, replaced copies."""
    listed = store.ground.listing()
    alive = store.ground.living()
    keys = files.named((blob.place for blob in store.catalog.blobs.all()), store.catalog.garbage.trash())
    unnamed = files.unnamed(listed, keys, alive)
    dead = store.ground.dead()
    return len(unnamed) + dead[0], sum(store.ground.sizes(unnamed).values()) + dead[1]


def versions(catalog: Catalog) -> Iterator[VersionRecord]:
    """Yield all live versions, oldest first."""
    yield from every(catalog.versions.page, Query(descending=False, limit=_PAGE), lambda version: version.id)


def deleted(catalog: Catalog, version: VersionRecord) -> bool:
    """Tell whether a version was deleted since it was listed, so that what it alone named may be gone."""
    return not catalog.versions.get(version.id).live


def _fits(blob: Stored, sizes: Mapping[str, int]) -> bool:
    """Tell whether a blob's file is there and long enough."""
    key = files.key_of(blob.place)
    size = sizes.get(key, -1)
    return size == blob.size if key == blob.place else size >= _place(blob)[1] + blob.size


def _place(blob: Stored) -> tuple[str, int]:
    pack, _, offset = blob.place.partition("@")
    return pack, int(offset) if offset.isdecimal() else 0
