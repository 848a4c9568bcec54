"""Blobs by the thousand: asked for and entered without a word of SQLAlchemy's for each row."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import bindparam

from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects.postgresql import Insert

T = TypeVar("T")

Row = tuple[bytes, int, str]
"""Digest, size, place."""

_AT_ONCE = 500
_AT_ONCE_ON_A_SERVER = 10_000


def _put(insert: Callable[[Table], Insert]) -> Insert:
    words = insert(schema.blob).values({name: bindparam(name) for name in ("digest", "size", "place")})
    return words.on_conflict_do_update(
        index_elements=["digest"], set_={"size": words.excluded.size, "place": words.excluded.place}
    )


_PUT = Prepared(_put)
_PUT_ARRAYS = (
    "INSERT INTO blob (digest, size, place) SELECT * FROM unnest(%s::bytea[], %s::bigint[], %s::text[]) "
    "ON CONFLICT (digest) DO UPDATE SET size = excluded.size, place = excluded.place"
)
_FIND_ARRAY = "SELECT digest, size, place FROM blob WHERE digest = ANY(%s::bytea[])"


def put_blobs(conn: Connection, rows: Sequence[Row]) -> None:
    """Enter blobs, or point those that are there at their new places; `rows` are in order of digest."""
    if conn.dialect.name != "postgresql":
        _PUT.many(conn, rows)
        return
    cursor = conn.connection.cursor()
    for part in _parts(rows, _AT_ONCE_ON_A_SERVER):
        cursor.execute(_PUT_ARRAYS, [list(column) for column in zip(*part, strict=True)])


def find_blobs(conn: Connection, digests: Sequence[bytes]) -> list[Row]:
    """Return the rows of those that are there."""
    found: list[Row] = []
    cursor = conn.connection.cursor()
    if conn.dialect.name == "postgresql":
        for part in _parts(digests, _AT_ONCE_ON_A_SERVER):
            cursor.execute(_FIND_ARRAY, [list(part)])
            found += cursor.fetchall()
        return found
    for part in _parts(digests, _AT_ONCE):
        places = ",".join("?" * len(part))
        cursor.execute(f"SELECT digest, size, place FROM blob WHERE digest IN ({places})", list(part))  # noqa: S608  question marks alone
        found += cursor.fetchall()
    return found


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(whole), size):
        yield whole[first : first + size]
