"""A store: blobs and catalog in one folder, opened once a process."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, BinaryIO

from jupyter_artifacts.store import layout, swapping
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.manifests import Manifests
from jupyter_artifacts.store.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.model.shards import Difference, Entry
    from jupyter_artifacts.store.ground import Ground
    from jupyter_artifacts.store.location import BucketURL, ServerURL
    from jupyter_artifacts.store.protocols import Blobs, BlobSession, Catalog
    from jupyter_artifacts.store.records import Stored, VersionRecord
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs
    from jupyter_artifacts.store.upkeep_records import Collected, DiskUsage, Repacked, Report


class Store:
    """What the rest of the package works with. Made by :func:`~jupyter_artifacts.store.opening.open_store`.

    Attributes
    ----------
    root : str
        The store's folder; this machine's part of it where catalog and files are elsewhere.
    location : str
        What people call it: the folder or bucket of the files, after the catalog's server or folder.
    id : str
    algorithm : {"blake3", "sha256"}
    read_only : bool
        True where the folder cannot be written.
    blobs : Blobs
    catalog : Catalog
    """

    def __init__(
        self,
        root: str,
        on_close: Callable[[Store], None] = lambda _: None,
        server: ServerURL | None = None,
        bucket: BucketURL | None = None,
    ) -> None:
        info = layout.read_info(root)
        self.root = root
        files = root if bucket is None else str(bucket)
        own = root if bucket is None else f"{root} {bucket}"
        self.location = own if server is None else f"{server} {files}"
        self.id = info.id
        self.algorithm: Algorithm = info.hash
        self.read_only = not layout.is_writable(root)
        if not self.read_only:
            with writing(root):
                layout.mend(root, files=bucket is None)
                if server is None:
                    swapping.finish(root)
        self.catalog: Catalog = catalog_of(root, server, info.hash, writable=not self.read_only)
        self.read_only = self.read_only or not self.catalog.writable
        kept = blobs_of(root, bucket, info.hash, self.catalog, writable=not self.read_only)
        self.kept = kept
        self.blobs: Blobs = kept
        self.glance = kept.glance
        self.ground: Ground = ground_of(kept, self.catalog)
        self._cache = kept.cache
        self._reader = Reader(self.blobs, self.catalog.blobs)
        self._guard = threading.Lock()
        self._manifests = Manifests(self.read, info.hash)
        self._closed = False
        self._on_close = on_close

    def __repr__(self) -> str:
        return f"<Store {self.location}{' (read-only)' if self.read_only else ''}>"

    def __enter__(self) -> Store:  # noqa: PYI034  Self came with Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def session(self) -> BlobSession:
        """Open a session to put bytes; close it when the publication is done."""
        return self.blobs.session(self.catalog.blobs)

    def manifest(self, version: VersionRecord) -> Manifest:
        """Return a version's files, verified; the last few are remembered.

        Raises
        ------
        CorruptError
            The manifest is not the one that was logged.
        UnsafePathError
            It holds a path that no artifact may hold.
        """
        return self._manifests.whole(version)

    def entry(self, version: VersionRecord, path: str) -> Entry | None:
        """Return the entry at one path of a version, or None; reads no more of the manifest than that takes."""
        return self._manifests.entry(version, path)

    def entries_below(self, version: VersionRecord, prefix: str) -> Sequence[Entry]:
        """Return a version's entries whose paths begin with `prefix`."""
        return self._manifests.below(version, prefix)

    def difference(self, version: VersionRecord, other: VersionRecord) -> Difference:
        """Return what is different in `other`; what both share is not read."""
        return self._manifests.difference(version, other)

    def put_manifest(self, session: BlobSession, manifest: Manifest) -> tuple[Digest, Digest]:
        """Put a manifest's shards and root; return (the artifact's digest, the root blob's digest)."""
        encoded = manifest.encode(self.algorithm)
        for shard in encoded.shards:
            session.put_bytes(shard)
        return encoded.digest, session.put_bytes(encoded.root).digest

    def read(self, digest: Digest, what: str) -> bytes:
        """Return a blob's bytes, verified.

        Parameters
        ----------
        digest : bytes
        what : str
            Named in errors: artifact and path, ``"mnist-raw:v0 file training.pt"``.

        Raises
        ------
        CorruptError
            The bytes are not those that were logged, or are gone.
        """
        return self._reader.read(digest, what)

    def open(self, digest: Digest, what: str) -> BinaryIO:
        """Open a blob whose bytes have been verified."""
        return self._reader.open(digest, what)

    def copy_to(self, digest: Digest, target: str | os.PathLike[str], what: str) -> None:
        """Write a blob to the file `target`, verified; what was there is replaced, never written through."""
        self._reader.copy_to(digest, target, what)

    def places(self, digests: Iterable[Digest]) -> Mapping[Digest, Stored]:
        """Return where blobs lie, asked at once; those that the catalog does not know are left out."""
        return self._reader.places(digests)

    def check(self, blob: Stored) -> str:
        """Re-hash a blob; return what is wrong with it, or an empty string."""
        return self.blobs.check(blob)

    def logged_from(self, digests: AbstractSet[Digest]) -> Iterable[tuple[str, Digest]]:
        """Return files of the user's that had these contents when they were logged, as far as is remembered."""
        from jupyter_artifacts.store.stat_cache import StatCache

        return StatCache(self._cache, self.algorithm).holders(digests)

    def verify(
        self,
        data: bool = False,
        *,
        sample: float | None = None,
        max_seconds: float | None = None,
        repair: bool | Store = False,
    ) -> Report:
        """Return what is wrong with the store; empty when it is sound.

        Parameters
        ----------
        data : bool, default False
            Re-hash every blob, not only the manifests.
        sample : float, optional
            With `data`: of the bytes only this share, those first that were checked longest ago.
        max_seconds : float, optional
            With `data`: stop hashing after so long.
        repair : bool or Store, default False
            Re-hash everything and bring back what can be brought back, from other copies in
            this store, from the files it was logged from, and from the store given here.
        """
        from jupyter_artifacts.store import verify

        if repair is False:
            return verify.problems(self, data=data, sample=sample, max_seconds=max_seconds)
        from jupyter_artifacts.store.repair import repair as bring_back

        return bring_back(self, repair if isinstance(repair, Store) else None)

    def du(self) -> DiskUsage:
        """Return where the store's bytes are; see `store/du.py`."""
        from jupyter_artifacts.store.du import usage

        return usage(self)

    def gc(self, *, dry_run: bool = False, now: bool = False, expired: bool = False) -> Collected:
        """Remove what no live version, run or open draft needs; see `store/gc/collect.py`."""
        from jupyter_artifacts.store.gc.collect import collect

        return collect(self, dry_run=dry_run, now=now, expired=expired)

    def undelete(self, version_id: int) -> VersionRecord:
        """Bring a deleted version back, while its files are there; see `store/gc/restore.py`."""
        from jupyter_artifacts.store.gc.restore import restore

        return restore(self, version_id)

    def repack(self, *, loose: bool = True) -> Repacked:
        """Copy what lives in packs that are mostly dead, pack small loose files; see `store/repack.py`."""
        from jupyter_artifacts.store.repack import repack

        return repack(self, loose=loose)

    def close(self) -> None:
        """Close the store for everyone in this process who has it open."""
        with self._guard:
            if self._closed:
                return
            self._closed = True
        self._on_close(self)
        self.blobs.close()
        self.catalog.close()


def catalog_of(root: str, server: ServerURL | None, algorithm: Algorithm, *, writable: bool) -> Catalog:
    """Open a store's catalog: the file in its folder, or the one on a server."""
    if server is None:
        from jupyter_artifacts.store.catalog.catalog import open_file

        return open_file(os.path.join(root, layout.CATALOG), algorithm, writable=writable)
    from jupyter_artifacts.store.catalog.server import open_server

    return open_server(server, algorithm)


def ground_of(blobs: LocalBlobs | RemoteBlobs, catalog: Catalog) -> Ground:
    """Return what upkeep sees of the place that a store's bytes lie in."""
    if isinstance(blobs, LocalBlobs):
        from jupyter_artifacts.store.ground import LocalGround

        return LocalGround(blobs.root)
    from jupyter_artifacts.store.remote.ground import RemoteGround

    return RemoteGround(blobs, catalog)


def blobs_of(
    root: str, bucket: BucketURL | None, algorithm: Algorithm, catalog: Catalog, *, writable: bool
) -> LocalBlobs | RemoteBlobs:
    """Open a store's bytes by where they are: in its folder, or in a bucket."""
    if bucket is None:
        return LocalBlobs(root, algorithm, writable=writable)
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs

    return RemoteBlobs(root, bucket, algorithm, catalog.writers, writable=writable)
