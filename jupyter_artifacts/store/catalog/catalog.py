"""The catalog as one thing: its database and the tables of verbs over it."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from jupyter_artifacts.store.catalog import checking, faults, migrations
from jupyter_artifacts.store.catalog.blob_index import SqlBlobIndex
from jupyter_artifacts.store.catalog.blob_sessions import SqlWriters
from jupyter_artifacts.store.catalog.collections import SqlCollections
from jupyter_artifacts.store.catalog.condemned import SqlGarbage
from jupyter_artifacts.store.catalog.database import revision
from jupyter_artifacts.store.catalog.edges import SqlEdges
from jupyter_artifacts.store.catalog.high_water import HighWater
from jupyter_artifacts.store.catalog.journal import Journal
from jupyter_artifacts.store.catalog.links import SqlLinks
from jupyter_artifacts.store.catalog.parts import SqlParts
from jupyter_artifacts.store.catalog.readonly import connect, uri
from jupyter_artifacts.store.catalog.runs import SqlRuns
from jupyter_artifacts.store.catalog.sqlite import SqliteDatabase, log_mode
from jupyter_artifacts.store.catalog.transfers import SqlTransfers
from jupyter_artifacts.store.catalog.versions import SqlVersions
from jupyter_artifacts.store.layout import JOURNAL

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.garbage import Garbage
    from jupyter_artifacts.store.layout import StoreInfo
    from jupyter_artifacts.store.protocols import (
        BlobIndex,
        Collections,
        Edges,
        Links,
        Parts,
        Runs,
        Transfers,
        Versions,
    )
    from jupyter_artifacts.store.writers import Writers


class SqlCatalog:
    """Facts in one database.

    Parameters
    ----------
    db : Database
        Closed with the catalog, and when this raises.
    algorithm : {"blake3", "sha256"}
        What the store's digests are made with.
    journal : Journal
        Where changes of versions are written down.

    Raises
    ------
    NewerFormatError
        A newer version of this package wrote it.
    CatalogDamagedError
    """

    def __init__(self, db: Database, algorithm: Algorithm, journal: Journal) -> None:
        self.where = db.where
        self.writable = db.writable
        self._db = db
        try:
            migrations.migrate(db)
        except BaseException:
            db.close()
            raise
        self.runs: Runs = SqlRuns(self._db, journal)
        self.versions: Versions = SqlVersions(self._db, journal)
        self.collections: Collections = SqlCollections(self._db, journal)
        self.links: Links = SqlLinks(self._db, journal)
        self.parts: Parts = SqlParts(self._db)
        self.edges: Edges = SqlEdges(self._db, algorithm, journal)
        self.blobs: BlobIndex = SqlBlobIndex(self._db)
        self.garbage: Garbage = SqlGarbage(self._db, journal)
        self.writers: Writers = SqlWriters(self._db)
        self.transfers: Transfers = SqlTransfers(self._db, journal)

    def revision(self) -> int:
        """Return a number that grows with every commit."""
        with self._db.read() as conn:
            return revision(conn)

    def check(self) -> list[str]:
        """Return what is wrong with the catalog itself, in words; empty when sound."""
        return checking.problems(self._db)

    def close(self) -> None:
        """Close the connections."""
        self._db.close()


def open_file(path: str, algorithm: Algorithm, *, writable: bool = True) -> SqlCatalog:
    """Open the catalog in a file of SQLite's; `writable` is False for a folder that cannot be written."""
    journal = Journal(os.path.join(os.path.dirname(path), JOURNAL))
    least = HighWater(path).read()  # before a copy for reading is taken: others may be writing
    db = SqliteDatabase(path, writable=writable)
    catalog = SqlCatalog(db, algorithm, journal)
    try:
        db.require(catalog.revision(), least)
    except BaseException:
        catalog.close()
        raise
    return catalog


def create(path: str, info: StoreInfo) -> None:
    """Write a new catalog to `path`, whole and durable, with the store's facts in it."""
    for leftover in (path, path + "-wal", path + "-shm", path + "-journal"):
        if os.path.exists(leftover):
            os.unlink(leftover)
    raw = connect(uri(path, mode="rwc"))
    try:
        raw.execute(f"PRAGMA journal_mode={log_mode(path)}")
    finally:
        raw.close()
    migrations.create(path, info)


def read_info(path: str) -> StoreInfo:
    """Return the store's facts from its catalog, when ``store.json`` is not there."""
    try:
        raw = connect(uri(path, mode="ro"))
        try:
            known = dict(raw.execute("SELECT key, value FROM store_meta").fetchall())
        finally:
            raw.close()
        return migrations.info_of(known)
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise faults.damaged(path, error) from error
