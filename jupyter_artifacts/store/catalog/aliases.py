"""Aliases and tags: one holder of an alias in a collection, every move noted down."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects.postgresql import Insert

_a, _v = schema.alias.c, schema.version.c


def _note(insert: Callable[[Table], Insert]) -> Insert:
    """Return the INSERT that notes who gets an alias and who had it, if that is somebody else."""
    collection, alias = bindparam("collection_id", type_=schema.Whole), bindparam("alias", type_=schema.FreeText())
    held = select(_a.version_id).where(_a.collection_id == collection, _a.alias == alias).scalar_subquery()
    new = bindparam("version_id", type_=schema.Whole)
    values = select(collection, alias, held, new, bindparam("at", type_=schema.Real))
    names = ["collection_id", "alias", "old_version_id", "new_version_id", "at"]
    return insert(schema.alias_log).from_select(names, values.where(held.is_distinct_from(new)))


def _move(insert: Callable[[Table], Insert]) -> Insert:
    names = ("collection_id", "alias", "version_id", "moved_at")
    words = insert(schema.alias).values({name: bindparam(name) for name in names})
    return words.on_conflict_do_update(
        index_elements=["collection_id", "alias"],
        set_={"version_id": words.excluded.version_id, "moved_at": words.excluded.moved_at},
        where=_a.version_id != words.excluded.version_id,
    )


_NOTE, _MOVE = Prepared(_note), Prepared(_move)
_TAG = Prepared(lambda insert: insert(schema.tag).values(version_id=bindparam("version_id"), tag=bindparam("tag")))


def move(conn: Connection, collection_id: int, version_id: int, aliases: Iterable[str], at: float) -> None:
    """Give aliases to a version, taking them from whichever version held them."""
    for alias in dict.fromkeys(aliases):
        _NOTE.run(conn, collection_id=collection_id, alias=alias, version_id=version_id, at=at)
        _MOVE.run(conn, collection_id=collection_id, alias=alias, version_id=version_id, moved_at=at)


def replace(conn: Connection, collection_id: int, version_id: int, aliases: Iterable[str], at: float) -> None:
    """Make `aliases` all that a version has; ``latest`` stays where it is unless given."""
    wanted = set(aliases)
    held = _held(conn, collection_id, version_id)
    take_away(conn, collection_id, version_id, [name for name in held if name not in wanted and name != LATEST], at)
    move(conn, collection_id, version_id, sorted(wanted), at)


def take_away(conn: Connection, collection_id: int, version_id: int, aliases: Iterable[str], at: float) -> None:
    """Remove aliases from a version."""
    for alias in aliases:
        _NOTE.run(conn, collection_id=collection_id, alias=alias, version_id=None, at=at)
        own = (_a.collection_id == collection_id, _a.alias == alias, _a.version_id == version_id)
        conn.execute(schema.alias.delete().where(*own))


def drop_all(conn: Connection, collection_id: int, version_id: int, at: float) -> None:
    """Remove a deleted version's aliases; ``latest`` goes to the newest live version."""
    held = _held(conn, collection_id, version_id)
    newest = conn.execute(
        select(_v.id).where(_v.collection_id == collection_id, _v.live == 1).order_by(_v.number.desc()).limit(1)
    ).scalar_one_or_none()
    if LATEST in held and newest is not None:
        move(conn, collection_id, newest, [LATEST], at)
        held = [alias for alias in held if alias != LATEST]
    take_away(conn, collection_id, version_id, held, at)


def _held(conn: Connection, collection_id: int, version_id: int) -> list[str]:
    words = select(_a.alias).where(_a.version_id == version_id, _a.collection_id == collection_id)
    return list(conn.execute(words).scalars())


def set_tags(conn: Connection, version_id: int, tags: Iterable[str]) -> None:
    """Make `tags` all that a version has."""
    conn.execute(schema.tag.delete().where(schema.tag.c.version_id == version_id))
    add_tags(conn, version_id, tags)


def add_tags(conn: Connection, version_id: int, tags: Iterable[str]) -> None:
    """Give tags to a version that has none."""
    for tag in dict.fromkeys(tags):
        _TAG.run(conn, version_id=version_id, tag=tag)


def count(conn: Connection, collection_id: int) -> int:
    """Return how many aliases a collection has."""
    return int(conn.execute(select(func.count()).where(_a.collection_id == collection_id)).scalar_one())
