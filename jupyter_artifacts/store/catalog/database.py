"""What the catalog's statements stand on: a database that reads snapshots and writes one transaction at a time."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from sqlalchemy import select

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects.postgresql import Insert

P = ParamSpec("P")
T = TypeVar("T")

_TRIES = 3

_n = schema.counter.c
_REVISION = Prepared(lambda _: select(_n.value).where(_n.name == "revision"))
_NEXT = Prepared(
    lambda _: schema.counter.update().where(_n.name == "revision").values(value=_n.value + 1).returning(_n.value)
)


@dataclass(frozen=True)
class Work:
    """A write transaction: its connection, and the revision that it makes."""

    conn: Connection
    revision: int


class Database(Protocol):
    """One catalog's database.

    Attributes
    ----------
    where : str
        What errors call it: a file's path, or a URL without its password.
    writable : bool
    """

    where: str
    writable: bool

    def read(self) -> AbstractContextManager[Connection]:
        """Give a connection inside one snapshot of the catalog."""

    def write(self) -> AbstractContextManager[Work]:
        """Give the one writing transaction; it is durable when the block has ended, or nothing of it is there.

        Raises
        ------
        StoreBusyError
            Others kept the catalog for 30 seconds.
        LostError
            The server went away before the commit: nothing was written.
        ReadOnlyStoreError, StoreFullError, StoreGoneError
        """

    def insert(self, table: Table) -> Insert:
        """Begin an INSERT that may say ON CONFLICT; both engines know the same words for it."""

    def integrity(self) -> list[str]:
        """Return what the database itself finds wrong, in words."""

    def backup(self, form: int) -> None:
        """Keep a copy of what is there before it is brought on from `form`, where that is this package's work."""

    def upkeep(self) -> AbstractContextManager[None]:
        """Hold the right to look after the store, where the database can see to it that one machine at a time does."""

    def close(self) -> None:
        """Close the connections; later calls are refused."""


class LostError(StoreError):
    """The server went away in a transaction, and is known to have written nothing of it."""

    kind = "lost"


def again(verb: Callable[P, T]) -> Callable[P, T]:
    """Let a verb that writes begin anew when the database server was restarted beneath it."""

    @functools.wraps(verb)
    def persistent(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_TRIES - 1):
            try:
                return verb(*args, **kwargs)
            except LostError:
                continue
        return verb(*args, **kwargs)

    return persistent


def revision(conn: Connection) -> int:
    """Return the number of the last commit that `conn` sees."""
    return int((_REVISION.row(conn) or ())[0])


def next_revision(conn: Connection) -> int:
    """Draw the next number of the one counter that runs, versions and commits share."""
    return int((_NEXT.row(conn) or ())[0])
