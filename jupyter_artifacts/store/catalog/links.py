"""Links: versions that stand in another collection too, under a number and aliases of their own there."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError, NotFoundError, nearest
from jupyter_artifacts.model.names import LATEST, version_number
from jupyter_artifacts.store.catalog import aliases, ids, rows, schema
from jupyter_artifacts.store.catalog.database import again, revision
from jupyter_artifacts.store.records import LinkRecord, Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection, Row, Select

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.catalog.database import Database
    from jupyter_artifacts.store.catalog.journal import Journal
    from jupyter_artifacts.store.records import Query, VersionRecord

_l, _c, _p, _a, _v = (
    schema.link.c,
    schema.collection.c,
    schema.project.c,
    schema.alias.c,
    schema.version.c,
)
_MAX_LIMIT = 10_000


class SqlLinks:
    """The table of links."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db = db
        self._journal = journal

    @again
    def link(self, version_id: int, project: str, name: str, names: Sequence[str] = ()) -> LinkRecord:
        """Put a live version into a collection of links, made when it is new; again moves the aliases only."""
        at = time.time()
        with self._db.write() as work:
            conn = work.conn
            source = conn.execute(rows.select_versions().where(_v.id == version_id, _v.live == 1)).one_or_none()
            if source is None:
                raise NotFoundError(f"no live version with the id {version_id} in this store")
            collection_id = _ensure(self._db, conn, project, name, source, at)
            known = conn.execute(
                select(_l.number).where(_l.collection_id == collection_id, _l.version_id == version_id)
            ).scalar_one_or_none()
            if known is None:
                _insert(conn, collection_id, version_id, at)
            conn.execute(schema.version.update().where(_v.id == version_id).values(ttl=None))
            conn.execute(schema.collection.update().where(_c.id == collection_id).values(updated_at=at))
            aliases.move(conn, collection_id, version_id, [*names, LATEST], at)
            record = _one(conn, collection_id, version_id)
            self._journal.append(_line(record, at))
        return record

    @again
    def unlink(self, collection_id: int, version_id: int) -> None:
        """Take a version out of a collection of links; the version itself stays."""
        at = time.time()
        with self._db.write() as work:
            record = _one(work.conn, collection_id, version_id)
            _remove(work.conn, collection_id, version_id, at)
            self._journal.append(
                {"what": "unlink", "project": record.project, "name": record.name, "version": record.number, "at": at}
            )

    @again
    def rename(self, collection_id: int, version_id: int, names: Sequence[str]) -> LinkRecord:
        """Make `names` all the aliases that a version has in a collection of links."""
        with self._db.write() as work:
            at = time.time()
            _one(work.conn, collection_id, version_id)
            aliases.replace(work.conn, collection_id, version_id, names, at)
            record = _one(work.conn, collection_id, version_id)
            self._journal.append(_line(record, record.linked_at))
            return record

    def resolve(self, project: str, name: str, selector: str) -> LinkRecord:
        """Return the link that an alias or ``vN`` names in a collection of links."""
        with self._db.read() as conn:
            collection = ids.collection_row(conn, project, name)
            number = version_number(selector)
            words = select(_l.version_id).where(_l.collection_id == collection.id)
            if number is not None:
                words = words.where(_l.number == number)
            else:
                held = (_a.collection_id == _l.collection_id) & (_a.version_id == _l.version_id)
                words = words.join(schema.alias, held).where(_a.alias == selector)
            found = conn.execute(words).scalar_one_or_none()
            if found is None:
                known = select(_a.alias).where(_a.collection_id == collection.id)
                hint = nearest(selector, list(conn.execute(known).scalars()))
                raise NotFoundError(f"artifact membership '{name}:{selector}' not found in {project!r}{hint}")
            return _one(conn, collection.id, found)

    def page(self, query: Query) -> Page[LinkRecord]:
        """Return some links of a collection, by their numbers there; `alias`, `tag` and `type` filter."""
        with self._db.read() as conn:
            words = select(_l.collection_id, _l.version_id).join(schema.collection, _c.id == _l.collection_id)
            words = words.join(schema.project, _p.id == _c.project_id).where(_c.name == query.name)
            if query.project is not None:
                words = words.where(_p.name == query.project)
            if query.type:
                words = words.where(_c.type == query.type)
            if query.tag:
                tagged = exists().where(schema.tag.c.version_id == _l.version_id, schema.tag.c.tag == query.tag)
                words = words.where(tagged)
            if query.alias:
                held = (_a.collection_id == _l.collection_id) & (_a.version_id == _l.version_id)
                words = words.where(exists().where(held, _a.alias == query.alias))
            total = int(conn.execute(words.with_only_columns(func.count())).scalar_one())
            order = _l.number.desc() if query.descending else _l.number.asc()
            some = words.order_by(order).limit(min(query.limit, _MAX_LIMIT)).offset(query.offset)
            return Page(_records(conn, _pairs(conn, some)), total, revision(conn))

    def of(self, version_id: int) -> Sequence[LinkRecord]:
        """Return where a version is linked, in that order."""
        with self._db.read() as conn:
            words = select(_l.collection_id, _l.version_id).where(_l.version_id == version_id)
            return _records(conn, _pairs(conn, words.order_by(_l.linked_at, _l.collection_id)))


def drop_version(conn: Connection, version_id: int, at: float) -> None:
    """Remove every link to a version that is being deleted."""
    for collection_id in conn.execute(select(_l.collection_id).where(_l.version_id == version_id)).scalars().all():
        _remove(conn, collection_id, version_id, at)


def _line(record: LinkRecord, at: float) -> JsonObject:
    """Return the journal's line for a link as it is now; a later one stands in its place."""
    return {
        "what": "link",
        "project": record.project,
        "name": record.name,
        "version": record.number,
        "aliases": list(record.aliases),
        "source": [record.version.project, record.version.name, record.version.number],
        "at": at,
    }


def _ensure(db: Database, conn: Connection, project: str, name: str, source: Row[Any], at: float) -> int:
    """Return the id of the collection of links, made when it is new."""
    project_id = ids.ensure_project(conn, project, at)
    words = db.insert(schema.collection).values(
        project_id=project_id,
        name=name,
        folded=name.casefold(),
        type=source.type,
        next_version=0,
        live=0,
        live_size=0,
        created_at=at,
        updated_at=at,
        portfolio=1,
    )
    conn.execute(words.on_conflict_do_nothing())
    found = conn.execute(
        select(schema.collection).where(_c.project_id == project_id, _c.folded == name.casefold())
    ).one()
    if found.name != name:
        raise InvalidNameError(f"collection {name!r} differs from {found.name!r} in upper and lower case only")
    if not found.portfolio:
        raise InvalidValueError(
            f"{project}/{name} holds versions of its own and takes no links; link to another collection"
        )
    if found.type != source.type:
        raise InvalidValueError(
            f"collection {project}/{name} links artifacts of type {found.type!r}; {source.name!r} is of type "
            f"{source.type!r}"
        )
    return int(found.id)


def _insert(conn: Connection, collection_id: int, version_id: int, at: float) -> None:
    counted = (
        schema.collection.update()
        .where(_c.id == collection_id)
        .values(next_version=_c.next_version + 1, live=_c.live + 1)
        .returning(_c.next_version)
    )
    number = int(conn.execute(counted).scalar_one()) - 1
    conn.execute(
        schema.link.insert().values(collection_id=collection_id, version_id=version_id, number=number, linked_at=at)
    )


def _remove(conn: Connection, collection_id: int, version_id: int, at: float) -> None:
    """Remove a link; ``latest`` goes to the newest that is left."""
    conn.execute(schema.link.delete().where(_l.collection_id == collection_id, _l.version_id == version_id))
    conn.execute(schema.collection.update().where(_c.id == collection_id).values(live=_c.live - 1, updated_at=at))
    held = select(_a.alias).where(_a.collection_id == collection_id, _a.version_id == version_id)
    names = list(conn.execute(held).scalars())
    newest = conn.execute(
        select(_l.version_id).where(_l.collection_id == collection_id).order_by(_l.number.desc()).limit(1)
    ).scalar_one_or_none()
    if LATEST in names and newest is not None:
        aliases.move(conn, collection_id, newest, [LATEST], at)
        names.remove(LATEST)
    aliases.take_away(conn, collection_id, version_id, names, at)


def _one(conn: Connection, collection_id: int, version_id: int) -> LinkRecord:
    words = select(_l.collection_id, _l.version_id)
    found = _pairs(conn, words.where(_l.collection_id == collection_id, _l.version_id == version_id))
    if not found:
        raise NotFoundError("this version is not linked there (any more)")
    return _records(conn, found)[0]


def _pairs(conn: Connection, words: Select[Any]) -> list[tuple[int, int]]:
    return [(row.collection_id, row.version_id) for row in conn.execute(words)]


def _records(conn: Connection, pairs: Sequence[tuple[int, int]]) -> tuple[LinkRecord, ...]:
    """Return the records of (collection, version) pairs, in their order."""
    versions: dict[int, VersionRecord] = {}
    for part in rows.chunks({version_id for _, version_id in pairs}):
        found = conn.execute(rows.select_versions().where(_v.id.in_(part))).all()
        versions.update({record.id: record for record in rows.versions(conn, found)})
    facts: dict[tuple[int, int], Row[Any]] = {}
    names: dict[tuple[int, int], list[str]] = {}
    for part in rows.chunks({collection_id for collection_id, _ in pairs}):
        words = select(schema.link, _c.name, _p.name.label("project")).join(
            schema.collection, _c.id == _l.collection_id
        )
        words = words.join(schema.project, _p.id == _c.project_id).where(_l.collection_id.in_(part))
        facts.update({(row.collection_id, row.version_id): row for row in conn.execute(words)})
        for row in conn.execute(select(schema.alias).where(_a.collection_id.in_(part))):
            names.setdefault((row.collection_id, row.version_id), []).append(row.alias)
    return tuple(
        LinkRecord(
            collection_id=pair[0],
            project=facts[pair].project,
            name=facts[pair].name,
            number=facts[pair].number,
            aliases=rows.sort_aliases(names.get(pair, ())),
            linked_at=facts[pair].linked_at,
            version=versions[pair[1]],
        )
        for pair in pairs
    )
