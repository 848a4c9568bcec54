"""Statements compiled once for each engine and run straight on its driver.

SQLAlchemy takes some 200 microseconds to build, look up and unpack one statement;
publishing needs a dozen of them. Written with its words, compiled at first use,
they cost what the database takes.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from sqlalchemy import Connection, Executable, Table
    from sqlalchemy.dialects.postgresql import Insert
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql import ClauseElement

    class Statement(Executable, ClauseElement):
        """What can be compiled and run."""

    Build = Callable[[Callable[[Table], Insert]], Any]


class _Compiled(NamedTuple):
    """A statement's text, and for each place in it the parameter, its fixed value, and how it is converted."""

    text: str
    places: tuple[tuple[str, object, Callable[[Any], object] | None], ...]


class Prepared:
    """One statement, its parameters named by ``bindparam``.

    Parameters
    ----------
    build : callable
        Returns the statement; it is given the engine's own INSERT, which may say ON CONFLICT.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._known: dict[str, _Compiled] = {}

    def run(self, conn: Connection, **values: object) -> None:
        """Run it, for what it does."""
        self._execute(conn, values).close()

    def row(self, conn: Connection, **values: object) -> tuple[Any, ...] | None:
        """Run it; return its first row, or None."""
        cursor = self._execute(conn, values)
        # A statement that returns what it wrote is done only when it was read to its end.
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return rows[0] if rows else None

    def rows(self, conn: Connection, **values: object) -> Sequence[tuple[Any, ...]]:
        """Run it; return all its rows."""
        found: Sequence[tuple[Any, ...]] = self._execute(conn, values).fetchall()
        return found

    def many(self, conn: Connection, rows: Sequence[tuple[object, ...]]) -> None:
        """Run it for many rows, each with its values in the order of the statement's places."""
        cursor = conn.connection.cursor()
        cursor.executemany(self._compiled(conn).text, rows)
        cursor.close()

    def _execute(self, conn: Connection, values: dict[str, object]) -> Any:  # noqa: ANN401  the drivers' cursors share no type
        compiled = self._compiled(conn)
        given = [
            values.get(name, fixed) if convert is None else convert(values.get(name, fixed))
            for name, fixed, convert in compiled.places
        ]
        cursor = conn.connection.cursor()
        cursor.execute(compiled.text, given)
        return cursor

    def _compiled(self, conn: Connection) -> _Compiled:
        name = conn.dialect.name
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = _compile(self._build, name)
        return found


def _compile(build: Build, name: str) -> _Compiled:
    dialect: Dialect
    if name == "postgresql":
        dialect, insert = postgresql.psycopg.dialect(paramstyle="format"), postgresql.insert  # type: ignore[no-untyped-call]  # SQLAlchemy's is
    else:
        dialect, insert = sqlite.dialect(), sqlite.insert  # type: ignore[assignment]  # the two INSERTs know the same words
    compiled = build(insert).compile(dialect=dialect)
    places = []
    for place in compiled.positiontup or ():
        bound = compiled.binds[place]
        places.append((bound.key, bound.value, bound.type.dialect_impl(dialect).bind_processor(dialect)))
    return _Compiled(str(compiled), tuple(places))
