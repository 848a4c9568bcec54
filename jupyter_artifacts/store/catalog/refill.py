"""A new catalog filled from what lies beside a lost one: the stored files, and the journal's lines in their order.

A line may tell of a transaction that failed after the line was written; then a later
line has the same number, or the same id, and stands in its place. Lines of the first
release know no ids, runs, uses or files.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import aliases, blob_index, edges, ids, refill_runs, schema
from jupyter_artifacts.store.catalog.readonly import connect, uri
from jupyter_artifacts.store.catalog.refill_runs import listed, number
from jupyter_artifacts.store.records import Place, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from jupyter_artifacts.model.jsonable import JsonObject

_v, _c, _l = schema.version.c, schema.collection.c, schema.link.c

LOST = Place("0" * 20)
"""Where a blob lies whose bytes were not found; no file has this name, so that reading it says so."""


def fill(path: str, blobs: Iterable[Stored], lines: Iterable[JsonObject], salvage: refill_runs.Salvage) -> list[str]:
    """Fill the empty catalog `path` in one transaction; return in words what could not be brought back."""
    engine = create_engine("sqlite://", creator=lambda: connect(uri(path, mode="rw")))
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA foreign_keys=ON")
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            everything = list(blobs)
            blob_index.put(conn, everything)
            work = Refill(conn, {blob.digest for blob in everything})
            for line in lines:
                work.take(line)
            work.finish()
            work.notes += salvage.into(conn, work.runs)
            conn.commit()
        return work.notes
    finally:
        engine.dispose()


class Refill:
    """Takes the journal's lines, one after the other.

    Parameters
    ----------
    conn : Connection
        In a transaction.
    known : set of bytes
        Digests that have a row.
    """

    def __init__(self, conn: Connection, known: set[Digest]) -> None:
        self.conn = conn
        self.notes: list[str] = []
        self._known = known
        self._senseless = 0
        self.runs = refill_runs.Runs(conn, self.need)
        self._verbs = {
            "publish": self._publish,
            "change": self._change,
            "delete": self._delete,
            "restore": self._change,
            "collection": self._rename,
            "link": self._link,
            "unlink": self._unlink,
            "run": self.runs.take,
            "use": self._use,
            "files": self.runs.files,
            "history": self.runs.history,
            "rewind": self.runs.rewind,
        }

    def take(self, line: JsonObject) -> None:
        """Do what a line says, or nothing of it."""
        verb = self._verbs.get(str(line.get("what")))
        self.conn.exec_driver_sql("SAVEPOINT line")
        try:
            if verb is None:
                raise KeyError(line.get("what"))
            verb(line)
        except (KeyError, TypeError, ValueError, AttributeError, DBAPIError):
            self.conn.exec_driver_sql("ROLLBACK TO line")
            self._senseless += 1
        self.conn.exec_driver_sql("RELEASE line")

    def finish(self) -> None:
        """Count what the tables count, and set the counter that ids are drawn from."""
        if self._senseless:
            self.notes.append(f"{self._senseless} lines of the journal made no sense and were passed over")
        self.notes += self.runs.finish()
        live = select(func.count()).where(_v.collection_id == _c.id, _v.live == 1)
        size = select(func.coalesce(func.sum(_v.size), 0)).where(_v.collection_id == _c.id, _v.live == 1)
        last = select(func.coalesce(func.max(_v.number), -1) + 1).where(_v.collection_id == _c.id)
        own = schema.collection.update().where(_c.portfolio == 0)
        self.conn.execute(
            own.values(
                live=live.scalar_subquery(), live_size=size.scalar_subquery(), next_version=last.scalar_subquery()
            )
        )
        self._give_latest()
        linked = select(func.count()).where(_l.collection_id == _c.id).scalar_subquery()
        self.conn.execute(schema.collection.update().where(_c.portfolio == 1).values(live=linked))
        newest = self.conn.execute(select(func.coalesce(func.max(_v.id), 0))).scalar_one()
        keys = self.conn.execute(select(func.coalesce(func.max(schema.run.c.key), 0))).scalar_one()
        counter = schema.counter
        self.conn.execute(counter.update().where(counter.c.name == "revision").values(value=max(newest, keys)))
        # Whoever noted the old counter must find that it moved.
        self.conn.execute(counter.update().where(counter.c.name == "condemn").values(value=int(time.time())))

    def _give_latest(self) -> None:
        """Give ``latest`` to the newest version where the one that had it was never committed."""
        named = select(schema.alias.c.collection_id).where(schema.alias.c.alias == LATEST)
        words = select(_v.collection_id, func.max(_v.id)).where(_v.live == 1, _v.collection_id.not_in(named))
        for collection, version_id in self.conn.execute(words.group_by(_v.collection_id)).all():
            aliases.move(self.conn, collection, version_id, [LATEST], time.time())

    def need(self, digest: Digest, size: int) -> None:
        """Enter a digest whose bytes were not found, so that rows may name it."""
        if digest not in self._known:
            self._known.add(digest)
            blob_index.put(self.conn, [Stored(digest, size, LOST)])

    # ------------------------------------------------------------ versions

    def _publish(self, line: JsonObject) -> None:
        version_id = self._enter(line, live=1)
        if line.get("run"):
            key = self.runs.key(str(line["run"]), str(line["project"]), number(line["created_at"]))
            edges.add(self.conn, key, version_id, "out", "", number(line["created_at"]))

    def _change(self, line: JsonObject) -> None:
        self._enter(line, live=1)

    def _delete(self, line: JsonObject) -> None:
        version_id = self._enter(line, live=0)
        collection = self._collection(line)
        at = number(line["created_at"])
        aliases.drop_all(self.conn, collection, version_id, at)
        for portfolio in self.conn.execute(select(_l.collection_id).where(_l.version_id == version_id)).scalars().all():
            self._remove(int(portfolio), version_id, at)

    def _enter(self, line: JsonObject, *, live: int) -> int:
        """Enter a version as its line has it; return its id."""
        conn, at = self.conn, number(line["created_at"])
        collection, place = self._collection(line), int(number(line["version"]))
        root = Digest(bytes.fromhex(str(line["root"])))
        self.need(root, 0)
        run = str(line["run"]) if line.get("run") else None
        values: dict[str, Any] = {
            "digest": bytes.fromhex(str(line["digest"])),
            "root": root,
            "files": line["files"],
            "size": line["size"],
            "metadata": dumps(line["metadata"]),
            "description": line["description"],
            "history_step": line.get("history_step"),
            "updated_at": at,
            "live": live,
            "ttl": line.get("ttl"),
        }
        here = (_v.collection_id == collection, _v.number == place)
        found = conn.execute(select(_v.id).where(*here)).scalar_one_or_none()
        wanted = int(number(line["id"])) if line.get("id") else None
        if found is not None and wanted in {None, found}:
            version_id = int(found)
            conn.execute(schema.version.update().where(_v.id == version_id).values(**values))
        else:
            if found is not None:
                self._forget(int(found))
            self._fill_gap(collection, place, values)
            version_id = self._free_id(wanted)
            maker = None if run is None else self.runs.key(run, str(line["project"]), at)
            values |= {"run_key": maker, "commit_id": str(line.get("commit_id") or f"rebuilt-{version_id}")}
            keys = {"id": version_id, "collection_id": collection, "number": place, "created_at": at}
            conn.execute(schema.version.insert().values(**values, **keys))
        if live:
            aliases.replace(conn, collection, version_id, _texts(line["aliases"]), at)
        aliases.set_tags(conn, version_id, _texts(line["tags"]))
        return version_id

    def _free_id(self, wanted: int | None) -> int:
        """Return an id for a version: its own, taken from one that was never committed if need be."""
        if wanted is None:
            return int(self.conn.execute(select(func.coalesce(func.max(_v.id), 0) + 1)).scalar_one())
        if self.conn.execute(select(_v.id).where(_v.id == wanted)).first() is not None:
            self._forget(wanted)
        return wanted

    def _forget(self, version_id: int) -> None:
        """Take out a version whose transaction failed."""
        log = schema.alias_log
        for table, column in (
            (schema.alias, schema.alias.c.version_id),
            (schema.tag, schema.tag.c.version_id),
            (schema.edge, schema.edge.c.version_id),
            (schema.link, _l.version_id),
            (log, log.c.old_version_id),
            (log, log.c.new_version_id),
            (schema.version, _v.id),
        ):
            self.conn.execute(table.delete().where(column == version_id))

    def _fill_gap(self, collection: int, before: int, like: dict[str, Any]) -> None:
        """Enter versions whose lines are lost as deleted ones, so that numbers stay without gaps."""
        last = self.conn.execute(
            select(func.coalesce(func.max(_v.number), -1)).where(_v.collection_id == collection)
        ).scalar_one()
        for missing in range(int(last) + 1, before):
            version_id = self._free_id(None)
            facts = {"files": 0, "size": 0, "metadata": "{}", "description": "its line in the journal was lost"}
            keys = {"id": version_id, "collection_id": collection, "number": missing, "created_at": like["updated_at"]}
            commit = {"commit_id": f"lost-{version_id}", "live": 0}
            self.conn.execute(schema.version.insert().values({**like, **facts, **keys, **commit}))
            self.notes.append(f"version v{missing} of collection {collection} has no line in the journal")

    # ------------------------------------------------------------ collections

    def _collection(self, line: JsonObject, *, portfolio: int = 0) -> int:
        """Return the id of a line's collection, made when it is new."""
        at = number(line.get("created_at", line.get("at", time.time())))
        project = ids.ensure_project(self.conn, str(line["project"]), at)
        name = str(line["name"])
        found = self.conn.execute(select(_c.id).where(_c.project_id == project, _c.name == name)).scalar_one_or_none()
        if found is not None:
            return int(found)
        values = {"project_id": project, "name": name, "folded": name.casefold(), "type": line["type"]}
        counts = {"next_version": 0, "live": 0, "live_size": 0, "portfolio": portfolio}
        words = schema.collection.insert().values(**values, **counts, created_at=at, updated_at=at)
        return int(self.conn.execute(words.returning(_c.id)).scalar_one())

    def _rename(self, line: JsonObject) -> None:
        collection, name, tag = self._collection(line), str(line["new_name"]), schema.collection_tag
        values = {"name": name, "folded": name.casefold(), "type": line["type"], "description": line["description"]}
        self.conn.execute(schema.collection.update().where(_c.id == collection).values(**values))
        self.conn.execute(tag.delete().where(tag.c.collection_id == collection))
        for text in dict.fromkeys(_texts(line["tags"])):
            self.conn.execute(tag.insert().values(collection_id=collection, tag=text))

    # ------------------------------------------------------------ links

    def _link(self, line: JsonObject) -> None:
        project, name, made_as = listed(line["source"])
        source = self._version(str(project), str(name), int(number(made_as)))
        kind = select(_c.type).where(_c.id == select(_v.collection_id).where(_v.id == source).scalar_subquery())
        made = {**line, "type": self.conn.execute(kind).scalar_one()}
        collection, at = self._collection(made, portfolio=1), number(line["at"])
        self.conn.execute(schema.link.delete().where(_l.collection_id == collection, _l.version_id == source))
        place = int(number(line["version"]))
        self.conn.execute(
            schema.link.insert().values(collection_id=collection, version_id=source, number=place, linked_at=at)
        )
        following = func.max(_c.next_version, place + 1)
        self.conn.execute(schema.collection.update().where(_c.id == collection).values(next_version=following))
        self.conn.execute(schema.version.update().where(_v.id == source).values(ttl=None))
        aliases.replace(self.conn, collection, source, _texts(line["aliases"]), at)

    def _unlink(self, line: JsonObject) -> None:
        collection = self._collection(line, portfolio=1)
        words = select(_l.version_id).where(_l.collection_id == collection, _l.number == line["version"])
        self._remove(collection, int(self.conn.execute(words).scalar_one()), number(line["at"]))

    def _remove(self, collection: int, version_id: int, at: float) -> None:
        self.conn.execute(schema.link.delete().where(_l.collection_id == collection, _l.version_id == version_id))
        held = select(schema.alias.c.alias).where(
            schema.alias.c.collection_id == collection, schema.alias.c.version_id == version_id
        )
        names = list(self.conn.execute(held).scalars())
        left = select(_l.version_id).where(_l.collection_id == collection).order_by(_l.number.desc()).limit(1)
        newest = self.conn.execute(left).scalar_one_or_none()
        if newest is not None and LATEST in names:
            aliases.move(self.conn, collection, int(newest), [LATEST], at)
            names.remove(LATEST)
        aliases.take_away(self.conn, collection, version_id, names, at)

    def _version(self, project: str, name: str, place: int) -> int:
        words = select(_v.id).join(schema.collection, _c.id == _v.collection_id)
        words = words.join(schema.project, schema.project.c.id == _c.project_id)
        words = words.where(schema.project.c.name == project, _c.name == name, _v.number == place)
        return int(self.conn.execute(words).scalar_one())

    def _use(self, line: JsonObject) -> None:
        key = self.runs.key(str(line["run"]), "", number(line["at"]))
        edges.add(self.conn, key, int(number(line["id"])), "in", str(line["as"]), number(line["at"]))


def _texts(value: object) -> list[str]:
    return [str(text) for text in listed(value)]
