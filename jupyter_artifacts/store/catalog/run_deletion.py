"""Deleting a run: what it logged and used goes, what it made stays, its id and number are not used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.store.catalog import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

DELETED = "deleted"
"""The state of a run that is no longer shown."""


def empty(conn: Connection, key: int) -> None:
    """Take everything from a run but its place in the count."""
    for table in (schema.run_tag, schema.history, schema.run_file, schema.edge):
        conn.execute(table.delete().where(table.c.run_key == key))
    version, run = schema.version, schema.run
    conn.execute(version.update().where(version.c.run_key == key).values(run_key=None))
    conn.execute(run.update().where(run.c.key == key).values(state=DELETED, config="{}", summary="{}"))
