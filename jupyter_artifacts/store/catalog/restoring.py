"""A deleted version comes back, as long as all that it names is there."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from jupyter_artifacts.errors import NotFoundError, UsageError
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import aliases, rows, schema
from jupyter_artifacts.store.catalog.journal import version_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import VersionRecord

_v, _c = schema.version.c, schema.collection.c


def restore(conn: Connection, journal: Journal, version_id: int) -> VersionRecord:
    """Make a deleted version live again.

    Its number is its own still. Its aliases went to nobody or to others and do not
    come back, but ``latest`` does if no live version is newer.
    """
    old = _record(conn, version_id)
    if old.live:
        raise UsageError(f"{old.label} is not deleted")
    at = time.time()
    conn.execute(schema.version.update().where(_v.id == version_id).values(live=1, updated_at=at))
    conn.execute(
        schema.collection.update()
        .where(_c.id == old.collection_id)
        .values(live=_c.live + 1, live_size=_c.live_size + old.size, updated_at=at)
    )
    live = (_v.collection_id == old.collection_id, _v.live == 1)
    if conn.execute(select(func.max(_v.number)).where(*live)).scalar_one() == old.number:
        aliases.move(conn, old.collection_id, version_id, [LATEST], at)
    again = _record(conn, version_id)
    journal.append(version_line("restore", again))
    return again


def _record(conn: Connection, version_id: int) -> VersionRecord:
    found = conn.execute(rows.select_versions().where(_v.id == version_id)).all()
    if not found:
        raise NotFoundError(f"no version with the id {version_id} in this store")
    return rows.versions(conn, found)[0]
