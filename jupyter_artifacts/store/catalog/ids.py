"""Finding the keys behind names, with answers that help when there is nothing."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from jupyter_artifacts.errors import NotFoundError, nearest
from jupyter_artifacts.model.names import version_number
from jupyter_artifacts.store.catalog import rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Column, Connection, Row, Select

    from jupyter_artifacts.store.records import VersionRecord


_SUGGEST_FROM = 1000

_v, _c, _p, _r, _a = schema.version.c, schema.collection.c, schema.project.c, schema.run.c, schema.alias.c

_TOO_HIGH = 1 << 62
_BY_NUMBER = Prepared(lambda _: _selected().where(_v.number == bindparam("number")))
_BY_ALIAS = Prepared(
    lambda _: (
        _selected()
        .join(schema.alias, (_a.version_id == _v.id) & (_a.collection_id == _v.collection_id))
        .where(_a.alias == bindparam("alias"))
    )
)
_FIND_RUN = Prepared(lambda _: select(_r.key).where(_r.id == bindparam("run_id")))
_FIND_PROJECT = Prepared(lambda _: select(_p.id).where(_p.name == bindparam("name")))
_NEW_PROJECT = Prepared(
    lambda insert: (
        insert(schema.project)
        .values(name=bindparam("name"), next_run=1, created_at=bindparam("at"))
        .on_conflict_do_nothing(index_elements=["name"])
    )
)


def _selected() -> Select[Any]:
    return rows.select_versions().where(_p.name == bindparam("project"), _c.name == bindparam("name"), _v.live == 1)


def run_key(conn: Connection, run_id: str) -> int:
    """Return a run's key; raises NotFoundError naming the nearest ids."""
    found = _FIND_RUN.row(conn, run_id=run_id)
    if found is None:
        known = _recent(conn, _r.id, _r.key)
        raise NotFoundError(f"no run {run_id!r}" + nearest(run_id, known))
    return int(found[0])


def ensure_project(conn: Connection, name: str, at: float) -> int:
    """Return a project's id, making it when it is new."""
    found = _FIND_PROJECT.row(conn, name=name)
    if found is None:
        _NEW_PROJECT.run(conn, name=name, at=at)
        found = _FIND_PROJECT.row(conn, name=name)
    return int((found or ())[0])


def collection_row(conn: Connection, project: str, name: str) -> Row[Any]:
    """Return a collection's row; raises NotFoundError naming the nearest projects or names."""
    words = select(schema.collection).join(schema.project, _p.id == _c.project_id)
    row = conn.execute(words.where(_p.name == project, _c.name == name)).one_or_none()
    if row is not None:
        return row
    projects = _recent(conn, _p.name, _p.id)
    if project not in projects:
        hint = nearest(project, projects) or (
            f"; there are: {', '.join(projects[:5])}" if projects else "; it is empty"
        )
        raise NotFoundError(f"no project {project!r} in this store{hint}")
    names = conn.execute(
        select(_c.name).join(schema.project).where(_p.name == project, _c.live > 0).limit(_SUGGEST_FROM)
    ).scalars()
    raise NotFoundError(f"no artifact {name!r} in project {project!r}" + nearest(name, list(names)))


def version(conn: Connection, version_id: int) -> VersionRecord:
    """Return a version by id; raises NotFoundError."""
    found = rows.by_ids(conn, [version_id])
    if not found:
        raise NotFoundError(f"no version with the id {version_id} in this store")
    return found[0]


def version_row(conn: Connection, project: str, name: str, selector: str) -> Row[Any]:
    """Return the row of the live version that an alias or ``vN`` names; raises NotFoundError."""
    number = version_number(selector)
    if number is None:
        found = _BY_ALIAS.records(conn, project=project, name=name, alias=selector)
    else:
        found = _BY_NUMBER.records(conn, project=project, name=name, number=number) if number < _TOO_HIGH else []
    if not found:
        raise _no_version(conn, project, name, selector)
    row: Row[Any] = found[0]
    return row


def _no_version(conn: Connection, project: str, name: str, selector: str) -> NotFoundError:
    collection = collection_row(conn, project, name)
    number = version_number(selector)
    live = (_v.collection_id == collection.id, _v.live == 1)
    first, last = conn.execute(select(func.min(_v.number), func.max(_v.number)).where(*live)).one()
    if last is None:
        return NotFoundError(f"all versions of {name!r} were deleted; log a new one")
    have = f"v{first}" if first == last else f"v{first} to v{last}"
    if number is not None:
        if number < collection.next_version:
            return NotFoundError(f"{name}:v{number} was deleted; there is {have}")
        return NotFoundError(f"{name!r} has no version v{number}; there is {have}")
    aliases = rows.sort_aliases(
        conn.execute(select(_a.alias).where(_a.collection_id == collection.id).limit(_SUGGEST_FROM)).scalars()
    )
    hint = nearest(selector, aliases) or f"; it has {', '.join(aliases[:5])} and {have}"
    return NotFoundError(f"{name!r} has no alias {selector!r}{hint}")


def _recent(conn: Connection, column: Column[Any], order: Column[Any]) -> Sequence[str]:
    return [str(value) for value in conn.execute(select(column).order_by(order.desc()).limit(_SUGGEST_FROM)).scalars()]
