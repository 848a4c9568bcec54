"""Cells that have run with another source since they made something.

A cell is told by its notebook and id. Its newest run with another source makes the
newest version that an older run of it left behind stale.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from jupyter_artifacts.model.source import same_code
from jupyter_artifacts.store.catalog import rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_r = schema.run.c

_NEWEST = Prepared(
    lambda _: (
        select(_r.key)
        .where(
            _r.project_id == bindparam("project"),
            _r.notebook == bindparam("notebook"),
            _r.cell_id == bindparam("cell"),
            _r.state != "running",
        )
        .order_by(_r.key.desc())
        .limit(1)
    )
)


class _Cell(NamedTuple):
    project_id: int
    notebook: str
    cell_id: str


class _Run(NamedTuple):
    name: str
    state: str
    source: str


def edited(conn: Connection, makers: Mapping[int, int]) -> dict[int, str]:
    """Return what is said of the cells that have run with another source since, by version id."""
    cells: dict[int, _Cell] = {}
    newest: dict[_Cell, int] = {}
    for part in rows.chunks(set(makers.values())):
        words = select(_r.key, _r.project_id, _r.notebook, _r.cell_id).where(_r.key.in_(part), _r.cell_id != "")
        cells.update((row[0], _Cell(*row[1:])) for row in conn.execute(words))
    for cell in set(cells.values()):
        # One by one: a cell may have run a hundred thousand times, and its newest run ends the index.
        for (key,) in _NEWEST.rows(conn, project=cell.project_id, notebook=cell.notebook, cell=cell.cell_id):
            newest[cell] = key
    later = {key: newest[cell] for key, cell in cells.items() if newest.get(cell, key) > key}
    runs: dict[int, _Run] = {}
    for part in rows.chunks({*later, *later.values()}):
        words = select(_r.key, _r.name, _r.state, _r.source).where(_r.key.in_(part))
        runs.update((row[0], _Run(*row[1:])) for row in conn.execute(words))
    said: dict[int, str] = {}
    for version_id, key in makers.items():
        before, after = runs.get(key), runs.get(later.get(key, key))
        if before is None or after is None or not (before.source and after.source):
            continue
        if not same_code(before.source, after.source):
            said[version_id] = f"its cell has changed since, and was run as {after.name} ({after.state})"
    return said
