"""Statements compiled once for each engine and run straight on its driver.

SQLAlchemy takes some 200 microseconds to build, look up and unpack one statement;
publishing needs a dozen of them. Written with its words, compiled at first use,
they cost what the database takes.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import contextlib
import json
from collections import namedtuple
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BigInteger, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from jupyter_artifacts.store.catalog.postgres_wire import raw_of, trip
from jupyter_artifacts.store.catalog.schema import FreeText, as_given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Table
    from sqlalchemy.dialects.postgresql import Insert
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

    Build = Callable[[Callable[[Table], Insert]], Any]


class _Compiled(NamedTuple):
    """A statement's text, and for each place in it the parameter, its fixed value, and how it is converted."""

    text: str
    places: tuple[tuple[str, object, Callable[[Any], object] | None], ...]
    record: Callable[[Sequence[Any]], Any]
    texts: tuple[int, ...]
    """Which columns of the answer hold text as `FreeText` stores it."""


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

    def each(self, conn: Connection, **values: object) -> Iterator[tuple[Any, ...]]:
        """Run it; yield its rows one by one, which takes less than a hundred thousand of them kept at once."""
        yield from self._execute(conn, values)

    def records(self, conn: Connection, **values: object) -> list[Any]:
        """Run it; return all its rows with their columns' names, and text as it was given."""
        compiled = self._compiled(conn)
        cursor = self._execute(conn, values)
        found = []
        for row in cursor.fetchall():
            cells = list(row)
            for place in compiled.texts:
                if cells[place] is not None:
                    cells[place] = as_given(cells[place])
            found.append(compiled.record(cells))
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
    words = build(insert)
    compiled = words.compile(dialect=dialect)
    places = []
    for place in compiled.positiontup or ():
        bound = compiled.binds[place]
        places.append((bound.key, bound.value, bound.type.dialect_impl(dialect).bind_processor(dialect)))
    columns = list(getattr(words, "selected_columns", ()))
    record: Any = namedtuple("Record", [str(column.key) for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024  made from a statement
    texts = tuple(place for place, column in enumerate(columns) if isinstance(column.type, FreeText))
    return _Compiled(str(compiled), tuple(places), record._make, texts)


def together(conn: Connection) -> AbstractContextManager[object]:
    """Let a server have the statements of a block without a word to each; it answers when one is asked for its rows.

    For what `Prepared` runs: SQLAlchemy wants to hear of each statement at once.
    """
    return trip(raw_of(conn)) if conn.dialect.name == "postgresql" else contextlib.nullcontext()


class _Ids(TypeDecorator[list[int]]):
    """Many integers as one parameter, so that a statement has one text however many there are."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(BigInteger()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401  a list or its JSON
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class _Among(FunctionElement[int]):
    """Whether a column's value is one of those in a parameter.

    An integer: to a Boolean SQLAlchemy would add ``= 1``, and SQLite then use no index.
    """

    name = "among"
    type = Integer()
    inherit_cache = True


@compiles(_Among)
def _among(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy's
    column, values = element.clauses
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(values)}))"  # noqa: S608  SQLAlchemy's own words


@compiles(_Among, "postgresql")
def _among_on_a_server(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy's
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(values)})"


def among(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Return the condition that an integer column holds one of the values that the parameter `name` lists."""
    return _Among(column, bindparam(name, type_=_Ids()))
