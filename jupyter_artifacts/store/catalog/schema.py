"""The catalog's tables, the same on SQLite (STRICT) and PostgreSQL.

Ids of runs and versions are drawn from one counter, the revision, so that they
tell the order in which all of them came, whatever the clock says.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable

from jupyter_artifacts.model.jsonable import dumps, loads

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import Dialect
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.types import TypeEngine

metadata = MetaData()

Whole: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
Real: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


_MARK = "$ja:"
_ODD = re.compile("[\0\ud800-\udfff]")


def is_odd(text: str) -> bool:
    """Tell whether a text holds what databases refuse: NUL or a lone surrogate."""
    return _ODD.search(text) is not None


class FreeText(TypeDecorator[str]):
    """Text as a user wrote it, ordered by its bytes.

    NUL and lone surrogates, which databases refuse, are written as tagged JSON.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the type that the engine knows; both order text by its bytes."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  its signature
        """Return what is stored."""
        if value is None:
            return None
        return _MARK + dumps(value) if value.startswith(_MARK) or is_odd(value) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  its signature
        """Return what was given."""
        return None if value is None else as_given(value)


def as_given(stored: str) -> str:
    """Return the text that was given for what `FreeText` stores of it."""
    return str(loads(stored[len(_MARK) :])) if stored.startswith(_MARK) else stored


def _table(name: str, *parts: Column[object] | UniqueConstraint | Index, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, info={"rowid": rowid})


def _text(name: str, *, default: str | None = "") -> Column[object]:
    """Free text; None allowed only where `default` is None."""
    return Column(name, FreeText, nullable=default is None)


meta = _table(
    "store_meta", Column("key", FreeText, primary_key=True), Column("value", FreeText, nullable=False), rowid=False
)

counter = _table(
    "counter", Column("name", FreeText, primary_key=True), Column("value", Whole, nullable=False), rowid=False
)

project = _table(
    "project",
    Column("id", Whole, primary_key=True),
    Column("name", FreeText, nullable=False, unique=True),
    Column("next_run", Whole, nullable=False),
    Column("created_at", Real, nullable=False),
)

run = _table(
    "run",
    Column("key", Whole, primary_key=True, autoincrement=False),
    Column("id", FreeText, nullable=False, unique=True),
    Column("project_id", Whole, ForeignKey("project.id"), nullable=False),
    Column("number", Whole, nullable=False),
    _text("name"),
    _text("entity"),
    _text("job_type"),
    _text("group_name"),
    _text("notes"),
    Column("config", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", FreeText, nullable=False),
    _text("error"),
    Column("exit_code", Whole),
    _text("notebook"),
    _text("cell_id"),
    Column("execution_count", Whole),
    _text("source"),
    _text("host"),
    Column("pid", Whole, nullable=False),
    Column("started_at", Real, nullable=False),
    Column("ended_at", Real),
    Column("heartbeat_at", Real, nullable=False),
    Column("cache_key", FreeText),
    UniqueConstraint("project_id", "number"),
    Index("run_by_name", "project_id", "name"),
    Index("run_by_cache_key", "cache_key"),
    Index("run_by_cell", "notebook", "cell_id"),
    Index("run_by_state", "state"),
)

run_tag = _table(
    "run_tag",
    Column("run_key", Whole, ForeignKey("run.key"), primary_key=True),
    Column("position", Whole, primary_key=True),
    Column("tag", FreeText, nullable=False),
    Index("run_tag_by_tag", "tag"),
    rowid=False,
)

history = _table(
    "history",
    Column("run_key", Whole, ForeignKey("run.key"), primary_key=True),
    Column("sequence", Whole, primary_key=True),
    Column("count", Whole, nullable=False),
    Column("rows", Text, nullable=False),
)

run_file = _table(
    "run_file",
    Column("run_key", Whole, ForeignKey("run.key"), primary_key=True),
    Column("path", FreeText, primary_key=True),
    Column("digest", LargeBinary, ForeignKey("blob.digest"), nullable=False),
    Column("size", Whole, nullable=False),
)

collection = _table(
    "collection",
    Column("id", Whole, primary_key=True),
    Column("project_id", Whole, ForeignKey("project.id"), nullable=False),
    Column("name", FreeText, nullable=False),
    Column("folded", FreeText, nullable=False),
    Column("type", FreeText, nullable=False),
    _text("description", default=None),
    Column("next_version", Whole, nullable=False),
    Column("live", Whole, nullable=False),
    Column("live_size", Whole, nullable=False),
    Column("created_at", Real, nullable=False),
    Column("updated_at", Real, nullable=False),
    Column("portfolio", Whole, nullable=False, server_default="0"),
    UniqueConstraint("project_id", "name"),
    UniqueConstraint("project_id", "folded"),
    Index("collection_by_type", "type"),
)

version = _table(
    "version",
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("collection_id", Whole, ForeignKey("collection.id"), nullable=False),
    Column("number", Whole, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("root", LargeBinary, ForeignKey("blob.digest"), nullable=False),
    Column("files", Whole, nullable=False),
    Column("size", Whole, nullable=False),
    Column("metadata", Text, nullable=False),
    _text("description", default=None),
    Column("run_key", Whole, ForeignKey("run.key")),
    Column("commit_id", FreeText, nullable=False, unique=True),
    Column("history_step", Whole),
    Column("created_at", Real, nullable=False),
    Column("updated_at", Real, nullable=False),
    Column("live", Whole, nullable=False),
    Column("ttl", Whole),
    UniqueConstraint("collection_id", "number"),
    Index("version_by_digest", "digest"),
    Index("version_by_run", "run_key"),
)

collection_tag = _table(
    "collection_tag",
    Column("collection_id", Whole, ForeignKey("collection.id"), primary_key=True),
    Column("tag", FreeText, primary_key=True),
    rowid=False,
)

link = _table(
    "link",
    Column("collection_id", Whole, ForeignKey("collection.id"), primary_key=True),
    Column("version_id", Whole, ForeignKey("version.id"), primary_key=True),
    Column("number", Whole, nullable=False),
    Column("linked_at", Real, nullable=False),
    UniqueConstraint("collection_id", "number"),
    Index("link_by_version", "version_id"),
    rowid=False,
)

alias = _table(
    "alias",
    Column("collection_id", Whole, ForeignKey("collection.id"), primary_key=True),
    Column("alias", FreeText, primary_key=True),
    Column("version_id", Whole, ForeignKey("version.id"), nullable=False),
    Column("moved_at", Real, nullable=False),
    Index("alias_by_version", "version_id"),
    rowid=False,
)

alias_log = _table(
    "alias_log",
    Column("id", Whole, primary_key=True),
    Column("collection_id", Whole, ForeignKey("collection.id"), nullable=False),
    Column("alias", FreeText, nullable=False),
    Column("old_version_id", Whole, ForeignKey("version.id")),
    Column("new_version_id", Whole, ForeignKey("version.id")),
    Column("at", Real, nullable=False),
    Index("alias_log_by_alias", "collection_id", "alias"),
)

tag = _table(
    "tag",
    Column("version_id", Whole, ForeignKey("version.id"), primary_key=True),
    Column("tag", FreeText, primary_key=True),
    Index("tag_by_tag", "tag"),
    rowid=False,
)

edge = _table(
    "edge",
    Column("id", Whole, primary_key=True),
    Column("run_key", Whole, ForeignKey("run.key"), nullable=False),
    Column("version_id", Whole, ForeignKey("version.id"), nullable=False),
    Column("direction", FreeText, nullable=False),
    _text("used_as"),
    Column("at", Real, nullable=False),
    UniqueConstraint("run_key", "version_id", "direction"),
    Index("edge_by_version", "version_id", "direction", "run_key"),
)

blob = _table(
    "blob",
    Column("digest", LargeBinary, primary_key=True),
    Column("size", Whole, nullable=False),
    Column("place", FreeText, nullable=False),
    rowid=False,
)

part = _table(
    "part",
    Column("distributed_id", FreeText, primary_key=True),
    Column("project_id", Whole, ForeignKey("project.id"), primary_key=True),
    Column("name", FreeText, primary_key=True),
    Column("number", Whole, primary_key=True),
    Column("root", LargeBinary, ForeignKey("blob.digest"), nullable=False),
    Column("facts", Text, nullable=False),
    Column("at", Real, nullable=False),
    rowid=False,
)
"""Manifests that several processes have given for one version that is not finished yet."""

blob_session = _table(
    "blob_session",
    Column("id", FreeText, primary_key=True),
    Column("host", FreeText, nullable=False),
    Column("pid", Whole, nullable=False),
    Column("condemn_seq", Whole, nullable=False),
    Column("state", FreeText, nullable=False),
    Column("heartbeat_at", Real, nullable=False),
    rowid=False,
)
"""Writers, where no file lock tells the living from the dead."""

condemned = _table(
    "condemned",
    Column("digest", LargeBinary, primary_key=True),
    Column("seq", Whole, nullable=False),
    Column("at", Real, nullable=False),
    rowid=False,
)
"""Blobs that nothing named when the garbage collector looked; a later run deletes those that are here still."""

trash = _table(
    "trash",
    Column("place", FreeText, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("size", Whole, nullable=False),
    Column("at", Real, nullable=False),
    rowid=False,
)
"""Places without a row that are still to be removed from the disk."""

checked = _table(
    "checked",
    Column("place", FreeText, primary_key=True),
    Column("at", Real, nullable=False),
    rowid=False,
)
"""When the bytes at a place (a pack counts as one) were last hashed and found sound."""


class CreateStrictTable(CreateTable):
    """CREATE TABLE that holds SQLite to the declared types.

    A class of its own: tables of other programs in this process stay as they are.
    """

    inherit_cache = False


@compiles(CreateStrictTable)
def _create(element: CreateStrictTable, compiler: DDLCompiler, **_: object) -> str:
    return str(compiler.visit_create_table(element))  # type: ignore[no-untyped-call]  # SQLAlchemy's is untyped


@compiles(CreateStrictTable, "sqlite")
def _create_on_sqlite(element: CreateStrictTable, compiler: DDLCompiler, **_: object) -> str:
    options = "STRICT" if element.element.info["rowid"] else "STRICT, WITHOUT ROWID"
    return f"{_create(element, compiler).rstrip()} {options}"


def create(conn: Connection) -> None:
    """Make all tables and their indexes."""
    for table in metadata.sorted_tables:
        conn.execute(CreateStrictTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            conn.execute(CreateIndex(index))
