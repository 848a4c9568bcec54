"""A catalog on a PostgreSQL server: founded once, opened by many."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, make_url
from sqlalchemy.exc import ArgumentError

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.store.catalog import migrations, postgres_faults
from jupyter_artifacts.store.catalog.catalog import SqlCatalog
from jupyter_artifacts.store.catalog.journal import Journal
from jupyter_artifacts.store.catalog.postgres import PostgresDatabase
from jupyter_artifacts.store.catalog.postgres_wire import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import URL

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.layout import StoreInfo
    from jupyter_artifacts.store.location import ServerURL


class NoJournal(Journal):
    """Writes nothing down: a server's catalog is kept safe by whoever keeps the server."""

    def __init__(self) -> None:
        super().__init__("")

    def append(self, line: JsonObject) -> None:
        """Do nothing."""


def open_server(server: ServerURL, algorithm: Algorithm) -> SqlCatalog:
    """Open the catalog on a server."""
    return SqlCatalog(PostgresDatabase(_url(server)), algorithm, NoJournal())


def found(server: ServerURL, info: StoreInfo | None, blobs: str) -> tuple[StoreInfo | None, str]:
    """Return the facts of the store whose catalog is on the server, and where it was founded with its blobs.

    Parameters
    ----------
    server : ServerURL
    info : StoreInfo or None
        With which to found it where there is none; None leaves an empty database empty.
    blobs : str
        Written down for those who name another place later.

    Raises
    ------
    StoreError
        The server cannot be reached, or does not let this user in.
    """
    db = PostgresDatabase(_url(server))
    try:
        with db.alone() as conn:
            if inspect(conn).has_table("store_meta", schema=SCHEMA):
                known = migrations.facts(conn)
                return migrations.info_of(known), known.get("blobs", "")
            if info is None:
                return None, ""
            if not db.writable:
                raise postgres_faults.read_only(db.where)
            conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            migrations.found(conn, info)
            migrations.record(conn, blobs=blobs)
            return info, blobs
    finally:
        db.close()


def _url(server: ServerURL) -> URL:
    try:
        return make_url(server.reveal())
    except (ArgumentError, ValueError):
        raise InvalidValueError(
            f"the catalog's URL {server} cannot be read; write postgresql://user@host:port/database, with odd "
            "characters written as %XX"
        ) from None
