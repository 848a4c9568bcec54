"""A catalog that is lost or damaged is made anew from what lies beside it.

Packs say at their end what they hold, loose blobs in their names; the journal has a
line for each change of a version or a run. The old file is kept beside the new one.
Killed at any moment, it leaves the old catalog or the new one, and may be begun again.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import (
    CatalogDamagedError,
    NewerFormatError,
    NotFoundError,
    StoreBusyError,
    StoreError,
    UnsupportedError,
)
from jupyter_artifacts.store import layout, opening, swapping
from jupyter_artifacts.store.cache_db import CACHE
from jupyter_artifacts.store.catalog.readonly import connect, uri
from jupyter_artifacts.store.faults import read_only, writing
from jupyter_artifacts.store.ground import LocalGround
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.location import MARK, bucket_of, locate
from jupyter_artifacts.store.locks import FileLock, NeverCameError, holders, told
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.store.repair import stored_files
from jupyter_artifacts.store.store import Store
from jupyter_artifacts.store.upkeep_records import Rebuilt
from jupyter_artifacts.store.verify import problems
from jupyter_artifacts.store.writers import Nobody

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.ground import Files
    from jupyter_artifacts.store.protocols import Blobs
    from jupyter_artifacts.store.records import Stored

PATIENCE = 30.0


def rebuild(where: str | os.PathLike[str] | None = None) -> Rebuilt:
    """Make the catalog of a store anew; the old file stays beside it.

    Parameters
    ----------
    where : path, optional
        The store; else as `open_store` finds it.

    Raises
    ------
    NotFoundError
        There is no store.
    UnsupportedError
        The catalog is on a server.
    StoreBusyError
        Another process is writing to it.
    """
    found = locate(where)
    if found.server is not None:
        raise UnsupportedError(f"the catalog of {found.folder} is on a server; restore it from the server's backups")
    root = os.path.realpath(found.folder)
    if not os.path.isdir(os.path.join(root, layout.BLOBS)):
        raise NotFoundError(f"there is no store at {found.folder}: it has no folder {layout.BLOBS!r}")
    if not os.access(root, os.W_OK):
        raise read_only(root)
    opening.close(root)
    lock = FileLock(os.path.join(root, layout.LOCK))
    try:
        with writing(root):
            swapping.finish(root)
        with writing(root), lock.held(PATIENCE, lambda: None):
            notes, kept = _rebuild(root)
    except NeverCameError as error:
        raise StoreBusyError(
            f"the store {root} is being written by {told(holders(lock.path))}; end it first"
        ) from error
    with Store(root, bucket=found.bucket) as store:
        report = problems(store)
        versions = store.catalog.versions.page(Query(limit=0)).total
        runs = store.catalog.runs.page(Query(limit=0)).total
        blobs = sum(1 for _ in store.catalog.blobs.all())
    return Rebuilt(versions, runs, blobs, tuple(map(str, report)), tuple(notes), kept)


def _rebuild(root: str) -> tuple[list[str], str]:
    from jupyter_artifacts.store.catalog import catalog, refill
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.catalog.refill_runs import Salvage

    info = _info(root)
    notes: list[str] = []
    blobs = _blobs(root, info.hash, notes)
    path = os.path.join(root, layout.CATALOG)
    new = f"{path}.rebuilt"
    swapping.clear(root)
    catalog.create(new, info)
    lines = Journal(os.path.join(root, layout.JOURNAL)).lines()
    notes += refill.fill(new, blobs, lines, Salvage(path if os.path.exists(path) else _newest_kept(root)))
    _settle(new)
    for name in os.listdir(root):
        if name.startswith(CACHE):
            os.unlink(os.path.join(root, name))
    return notes, swapping.swap(root, new, _now())


def _info(root: str) -> layout.StoreInfo:
    """Return what ``store.json`` says; where it is lost as well, it is written anew."""
    mark, catalog = os.path.join(root, MARK), os.path.join(root, layout.CATALOG)
    if os.path.exists(mark):
        try:
            return layout.read_info(root)
        except NewerFormatError:
            raise
        except StoreError:
            os.rename(mark, f"{mark}{swapping.DAMAGED}{_now()}")
    try:
        info = _read_catalog(catalog)
    except CatalogDamagedError:
        info = replace(layout.new_info(), hash=_algorithm(root))
    layout.write_small(mark + ".new", json.dumps(asdict(info), indent=1) + "\n")
    os.rename(mark + ".new", mark)
    layout.sync_folder(root)
    return info


def _read_catalog(path: str) -> layout.StoreInfo:
    """Return what the catalog knows of its store, if it can be read."""
    from jupyter_artifacts.store.catalog.catalog import read_info

    return read_info(path)


def _now() -> str:
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}"


def _algorithm(root: str) -> Algorithm:
    """Tell what a store's digests are made with by hashing one of its blobs."""
    known: tuple[Algorithm, Algorithm] = ("blake3", "sha256")
    for algorithm in known:
        files, blobs = _place(root, algorithm)
        for blob in stored_files(files, algorithm, lambda _: None):
            if not blobs.check(blob):
                return algorithm
    raise StoreError(f"{root} has no {MARK}, and no file from which one could tell what it was made with")


def _blobs(root: str, algorithm: Algorithm, notes: list[str]) -> list[Stored]:
    """Return one place for each digest that is stored; of several copies one that is sound."""
    copies: dict[Digest, list[Stored]] = defaultdict(list)
    files, blobs = _place(root, algorithm)
    for blob in stored_files(files, algorithm, notes.append):
        copies[blob.digest].append(blob)
    return [
        found[0] if len(found) == 1 else next((blob for blob in found if not blobs.check(blob)), found[0])
        for found in copies.values()
    ]


def _place(root: str, algorithm: Algorithm) -> tuple[Files, Blobs]:
    """Return the files of the store, in its folder or in a bucket, and what reads them."""
    bucket = bucket_of(root)
    if bucket is None:
        return LocalGround(root), LocalBlobs(root, algorithm, writable=False)
    from jupyter_artifacts.store.remote.blobs import RemoteBlobs
    from jupyter_artifacts.store.remote.ground import BucketFiles

    there = RemoteBlobs(root, bucket, algorithm, Nobody(), writable=False)
    return BucketFiles(there.bucket), there


def _newest_kept(root: str) -> str:
    """Return the file that an earlier rebuild, cut short, has set aside; empty when there is none."""
    begin = f"{layout.CATALOG}{swapping.DAMAGED}"
    names = [name for name in os.listdir(root) if name.startswith(begin) and not name.endswith(("-wal", "-shm"))]
    return os.path.join(root, max(names)) if names else ""


def _settle(path: str) -> None:
    """Make a finished catalog one durable file, without a log beside it."""
    with closing(connect(uri(path, mode="rw"))) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with open(path, "rb") as file:
        os.fsync(file.fileno())
