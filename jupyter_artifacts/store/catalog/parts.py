"""Parts of a version that several processes make together: kept until one of them finishes it."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.jsonable import dumps, loads_object
from jupyter_artifacts.store.catalog import blob_index, condemned, ids, schema
from jupyter_artifacts.store.catalog.database import again
from jupyter_artifacts.store.records import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.records import Stored

_t, _p = schema.part.c, schema.project.c


class SqlParts:
    """The table of parts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @again
    def add(
        self,
        distributed_id: str,
        project: str,
        name: str,
        root: Digest,
        blobs: Sequence[Stored],
        facts: JsonObject,
        reused: Sequence[Digest] = (),
    ) -> int:
        """Keep a manifest whose blobs are durable; return its number. `reused` are those that were there before."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            blob_index.put(conn, blobs)
            condemned.recheck(self._db, conn, [root, *reused], blobs)
            project_id = ids.ensure_project(conn, project, at)
            own = (_t.distributed_id == distributed_id, _t.project_id == project_id, _t.name == name)
            last = conn.execute(select(func.max(_t.number)).where(*own)).scalar_one_or_none()
            number = 0 if last is None else int(last) + 1
            conn.execute(
                schema.part.insert().values(
                    distributed_id=distributed_id,
                    project_id=project_id,
                    name=name,
                    number=number,
                    root=root,
                    facts=dumps(facts),
                    at=at,
                )
            )
        return number

    def all(self, distributed_id: str, project: str, name: str) -> Sequence[Part]:
        """Return the parts given so far, in that order."""
        words = select(_t.number, _t.root, _t.facts, _t.at).join(schema.project, _p.id == _t.project_id)
        words = words.where(_t.distributed_id == distributed_id, _p.name == project, _t.name == name)
        with self._db.read() as conn:
            found = conn.execute(words.order_by(_t.number)).all()
        return tuple(Part(row.number, Digest(row.root), loads_object(row.facts), row.at) for row in found)

    @again
    def drop(self, distributed_id: str, project: str, name: str, last: int) -> None:
        """Forget the parts up to the number `last`: they are in a version now."""
        with self._db.write() as work:
            project_id = ids.ensure_project(work.conn, project, time.time())
            own = (_t.distributed_id == distributed_id, _t.project_id == project_id, _t.name == name)
            work.conn.execute(schema.part.delete().where(*own, _t.number <= last))
