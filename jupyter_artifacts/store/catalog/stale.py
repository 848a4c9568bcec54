"""Which versions are out of date: what the rule in `model.stale` has to see, and no more.

The whole ancestry need not be read. An input that is not the latest of its
collection settles the matter at once; only latest versions are followed
further, and there is one of them a collection.

A cell is told by its notebook and id. Its newest run with another source makes the
newest version that an older run of it left behind stale.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.model.source import same_code
from jupyter_artifacts.model.stale import Made, stale_reasons
from jupyter_artifacts.store.catalog import rows, schema
from jupyter_artifacts.store.catalog.prepared import Prepared, among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

_e, _v, _c, _a, _r = schema.edge.c, schema.version.c, schema.collection.c, schema.alias.c, schema.run.c

_MAKERS = Prepared(
    lambda _: select(_e.version_id, _e.run_key, _e.id).where(among(_e.version_id, "ids"), _e.direction == "out")
)
_INPUTS = Prepared(
    lambda _: select(_e.run_key, _e.version_id, _e.id).where(among(_e.run_key, "ids"), _e.direction == "in")
)
_FACTS = Prepared(
    lambda _: (
        select(_v.id, _v.collection_id, _v.number, _c.name)
        .join(schema.collection, _c.id == _v.collection_id)
        .where(among(_v.id, "ids"))
    )
)
_LATEST = Prepared(
    lambda _: select(_a.collection_id, _a.version_id).where(among(_a.collection_id, "ids"), _a.alias == LATEST)
)

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


class _Version(NamedTuple):
    collection_id: int
    number: int
    label: str


class _Cell(NamedTuple):
    project_id: int
    notebook: str
    cell_id: str


class _Run(NamedTuple):
    name: str
    state: str
    source: str


def reasons(conn: Connection, version_ids: Iterable[int]) -> dict[int, str]:
    """Return why each stale one of these versions is stale, by version id."""
    wanted = set(version_ids)
    known: dict[int, _Version] = {}
    inputs: dict[int, tuple[int, ...]] = {}
    latest: dict[int, int] = {}
    makers: dict[int, int] = {}
    front = wanted
    while front:
        makers.update(found_makers := _makers(conn, front))
        found = _inputs(conn, found_makers)
        used = {version_id for many in found.values() for version_id in many}
        _load(conn, (front | used) - known.keys(), known)
        _load_latest(conn, {known[i].collection_id for i in used} - latest.keys(), latest)
        _load(conn, set(latest.values()) - known.keys(), known)
        for version_id in front:
            # A version made from an earlier one of its own collection (training goes on) is not stale by that.
            own = known[version_id].collection_id
            inputs[version_id] = tuple(i for i in found.get(version_id, ()) if known[i].collection_id != own)
        front = {i for i in used if latest.get(known[i].collection_id) == i} - inputs.keys()
    made = [
        Made(version_id, facts.collection_id, facts.number, facts.label, inputs.get(version_id, ()))
        for version_id, facts in known.items()
    ]
    _load_latest(conn, {facts.collection_id for facts in known.values()} - latest.keys(), latest)
    newest = {i: key for i, key in makers.items() if latest.get(known[i].collection_id) == i}
    why = stale_reasons(made, latest, _edited(conn, newest))
    return {version_id: reason for version_id, reason in why.items() if version_id in wanted}


def _makers(conn: Connection, version_ids: Collection[int]) -> dict[int, int]:
    """Return the key of the run that made each version last."""
    last: dict[int, tuple[int, int]] = {}
    for version_id, run_key, edge_id in _MAKERS.rows(conn, ids=version_ids):
        if version_id not in last or last[version_id][0] < edge_id:
            last[version_id] = (edge_id, run_key)
    return {version_id: run_key for version_id, (_, run_key) in last.items()}


def _inputs(conn: Connection, maker: Mapping[int, int]) -> Mapping[int, tuple[int, ...]]:
    """Return the versions that the maker of each version used."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for run_key, version_id, edge_id in _INPUTS.rows(conn, ids=set(maker.values())):
        found[run_key].append((edge_id, version_id))
    used = {run_key: tuple(version_id for _, version_id in sorted(many)) for run_key, many in found.items()}
    return {version_id: used[key] for version_id, key in maker.items() if key in used}


def _edited(conn: Connection, makers: Mapping[int, int]) -> dict[int, str]:
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


def _load(conn: Connection, version_ids: Collection[int], into: dict[int, _Version]) -> None:
    for version_id, collection_id, number, name in _FACTS.rows(conn, ids=version_ids):
        into[version_id] = _Version(collection_id, number, f"{name}:v{number}")


def _load_latest(conn: Connection, collection_ids: Collection[int], into: dict[int, int]) -> None:
    into.update(_LATEST.rows(conn, ids=collection_ids))
