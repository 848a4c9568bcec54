"""Numbered steps from one form of the catalog to the next, each in one transaction with its record.

A step that has been released is never edited. Before an existing catalog is
brought forward, a copy of it is written to ``backups/``.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import create_engine, select

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import NewerFormatError, ReadOnlyStoreError
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.form2 import to_form_2
from jupyter_artifacts.store.catalog.readonly import connect, uri
from jupyter_artifacts.store.layout import StoreInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.catalog.database import Database


def create_tables(conn: Connection) -> None:
    """Make the tables of the newest form."""
    schema.create(conn)
    for name in ("revision", "condemn"):
        conn.execute(schema.counter.insert().values(name=name, value=0))


STEPS: list[Callable[[Connection], None]] = [create_tables, to_form_2]
"""Step n brings a catalog from form n to form n + 1; step 0 makes an empty database one of the newest form."""


def form_of(conn: Connection) -> int:
    """Return the number of the catalog's form."""
    return int(facts(conn).get("form", "0"))


def facts(conn: Connection) -> dict[str, str]:
    """Return the catalog's few facts about the store."""
    return {row.key: row.value for row in conn.execute(select(schema.meta))}


def record(conn: Connection, **facts: str) -> None:
    """Write facts about the store."""
    for key, value in facts.items():
        found = conn.execute(schema.meta.update().where(schema.meta.c.key == key).values(value=value))
        if not found.rowcount:
            conn.execute(schema.meta.insert().values(key=key, value=value))


def step(conn: Connection, form: int) -> None:
    """Take the step from `form` to the next one, and record it; the caller's transaction holds both."""
    STEPS[form](conn)
    record(conn, form=str(form + 1), writer=__version__)


def found(conn: Connection, info: StoreInfo) -> None:
    """Make the tables in an empty database, with the store's facts in them."""
    create_tables(conn)
    record(
        conn,
        form=str(len(STEPS)),
        writer=__version__,
        format=str(info.format),
        id=info.id,
        hash=info.hash,
        created_by=info.created_by,
        created_at=repr(info.created_at),
    )


def info_of(facts: Mapping[str, str]) -> StoreInfo:
    """Return a catalog's facts as those of its store; raises KeyError or ValueError."""
    algorithm = facts["hash"]
    if algorithm not in {"blake3", "sha256"}:
        raise ValueError(f"the hash {algorithm!r} is not known")
    return StoreInfo(
        int(facts["format"]),
        facts["id"],
        cast("Algorithm", algorithm),
        facts["created_by"],
        float(facts["created_at"]),
    )


def create(path: str, info: StoreInfo) -> None:
    """Make the tables in the empty database file `path`, with the store's facts, in one transaction."""
    engine = create_engine("sqlite://", creator=lambda: connect(uri(path, mode="rw")))
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            found(conn, info)
            conn.commit()
    finally:
        engine.dispose()


def migrate(db: Database) -> None:
    """Bring a catalog to this version's form.

    Raises
    ------
    NewerFormatError
        It is of a form that this version does not know.
    ReadOnlyStoreError
        It is of an older form and cannot be written.
    """
    with db.read() as conn:
        known = facts(conn)
    form = int(known.get("form", "0"))
    if form > len(STEPS):
        raise NewerFormatError(
            f"the catalog {db.where} has form {form}, written by jupyter_artifacts "
            f"{known.get('writer', 'of a later day')}; this is {__version__}, which reads up to "
            f"form {len(STEPS)}. Upgrade: pip install -U jupyter_artifacts"
        )
    if form == len(STEPS):
        return
    if not db.writable:
        raise ReadOnlyStoreError(
            f"the catalog {db.where} has the older form {form} and must be brought to form {len(STEPS)} once, "
            "but it is read-only for you; open it where it can be written, or open a copy"
        )
    db.backup(form)
    while form < len(STEPS):
        with db.write() as work:
            form = form_of(work.conn)
            if form < len(STEPS):
                step(work.conn, form)
                form += 1
