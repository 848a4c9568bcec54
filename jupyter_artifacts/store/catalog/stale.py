"""Which versions are out of date: what the rule in `model.stale` has to see, and no more.

The whole ancestry need not be read. An input that is not the latest of its
collection settles the matter at once, and of 100,000 versions that settles nearly all;
it takes a few statements and one pass. Only latest versions are followed further and
put before the rule: there is one of them a collection.
"""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.model.stale import Made, inherited, overtaken, stale_reasons
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared, among
from jupyter_artifacts.store.catalog.stale_cells import edited

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from typing import Any

    from sqlalchemy import Connection, Select

_e, _v, _c, _a, _p = schema.edge.c, schema.version.c, schema.collection.c, schema.alias.c, schema.project.c


def _made() -> Select[Any]:
    """Return the SELECT of versions, each with every run that made it."""
    words = select(_v.id, _v.collection_id, _e.run_key, _e.id).select_from(schema.version)
    return words.outerjoin(schema.edge, (_e.version_id == _v.id) & (_e.direction == "out"))


_MADE = Prepared(lambda _: _made().where(among(_v.id, "ids")))
_MADE_IN = Prepared(
    lambda _: (
        _made()
        .join(schema.collection, _c.id == _v.collection_id)
        .join(schema.project, _p.id == _c.project_id)
        .where(_p.name == bindparam("project"), _v.live == 1)
    )
)
_USED = Prepared(
    lambda _: (
        select(_e.run_key, _e.version_id, _v.collection_id)
        .join(schema.version, _v.id == _e.version_id)
        .where(among(_e.run_key, "ids"), _e.direction == "in")
        .order_by(_e.id)
    )
)
_LABELS = Prepared(
    lambda _: (
        select(_v.id, _v.collection_id, _v.number, _c.name)
        .join(schema.collection, _c.id == _v.collection_id)
        .where(among(_v.id, "ids"))
    )
)
_LATEST = Prepared(
    lambda _: select(_a.collection_id, _a.version_id).where(among(_a.collection_id, "ids"), _a.alias == LATEST)
)


def reasons(conn: Connection, version_ids: Iterable[int]) -> dict[int, str]:
    """Return why each stale one of these versions is stale, by version id."""
    return _reasons(conn, _MADE.each(conn, ids=set(version_ids)))


def reasons_in(conn: Connection, project: str) -> dict[int, str]:
    """Return why each stale one of a project's live versions is stale, by version id."""
    return _reasons(conn, _MADE_IN.each(conn, project=project))


class _Known:
    """What was read so far.

    Attributes
    ----------
    home : dict of int to int
        Version id to its collection.
    maker : dict of int to int or None
        Version id to the run that made it last.
    used : dict of int to list
        Run to the versions it used, in order, each with its collection.
    latest : dict of int to int
        Collection to the version that carries ``latest``, 0 for none.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.home: dict[int, int] = {}
        self.maker: dict[int, int | None] = {}
        self.used: dict[int | None, list[tuple[int, int]]] = {None: []}
        self.latest: dict[int, int] = {}

    def read(self, made: Iterable[tuple[Any, ...]]) -> None:
        """Take rows of `_made`, and read what belongs to them."""
        home, maker = self.home, self.maker
        last: dict[int, int] = {}
        for version_id, collection, run, edge in made:
            if version_id not in last or last[version_id] < edge:  # of several makers the last one counts
                last[version_id] = edge
                home[version_id] = collection
                maker[version_id] = run
        collections = {home[version_id] for version_id in last}
        runs = {maker[version_id] for version_id in last} - self.used.keys()
        used: dict[int | None, list[tuple[int, int]]] = {run: [] for run in runs}
        for run, version_id, collection in _USED.each(self._conn, ids=list(used)):
            used[run].append((version_id, collection))
            collections.add(collection)
        self.used.update(used)
        self.latest.update(dict.fromkeys(collections - self.latest.keys(), 0))
        self.latest.update(_LATEST.rows(self._conn, ids=list(collections)))

    def inputs(self, version_id: int) -> list[tuple[int, int]]:
        """Return what a version was made from; one of its own collection, as in training that goes on, is left out."""
        own = self.home[version_id]
        return [used for used in self.used[self.maker[version_id]] if used[1] != own]

    def is_head(self, version_id: int, collection: int) -> bool:
        """Tell whether a version is its collection's latest, or the collection has none."""
        return self.latest[collection] in {version_id, 0}


def _reasons(conn: Connection, made: Iterable[tuple[Any, ...]]) -> dict[int, str]:
    known = _Known(conn)
    known.read(made)
    wanted = list(known.maker)
    past = _past(conn, known)
    why: dict[int, str] = {}
    rest: dict[int, list[tuple[int, int]]] = {}
    heads: set[int] = set()
    for version_id in wanted:
        own, run = known.home[version_id], known.maker[version_id]
        for collection, reason in past[run]:
            if collection != own:
                why[version_id] = reason
                break
        else:
            if known.used[run]:
                rest[version_id] = inputs = known.inputs(version_id)
                heads.update([used for used, _ in inputs])
            if known.latest[own] == version_id:
                heads.add(version_id)
    judged = _judged(conn, known, heads)
    causes = {
        version_id: next((used for used, _ in inputs if used in judged), 0) for version_id, inputs in rest.items()
    }
    labels = _labels(conn, set(causes.values()))
    by_cause = {used: inherited(label) for used, (label, _, _) in labels.items()}
    why.update({version_id: by_cause[used] for version_id, used in causes.items() if used})
    why.update({version_id: judged[version_id] for version_id in judged.keys() & set(wanted)})
    return why


def _past(conn: Connection, known: _Known) -> dict[int | None, list[tuple[int, str]]]:
    """Return of each run the inputs that have a newer version: their collections, and what that makes of its work."""
    newest = {
        used: known.latest[collection]
        for inputs in known.used.values()
        for used, collection in inputs
        if not known.is_head(used, collection)
    }
    labels = _labels(conn, {*newest, *newest.values()})
    said = {used: overtaken(labels[used][0], labels[after][0]) for used, after in newest.items()}
    return {
        run: [(collection, said[used]) for used, collection in inputs if used in said]
        for run, inputs in known.used.items()
    }


def _judged(conn: Connection, known: _Known, heads: AbstractSet[int]) -> dict[int, str]:
    """Put versions, and the latest ones that they were made from, before the rule; return why they are stale."""
    seen, front = set(heads), set(heads)
    while front:
        known.read(_MADE.rows(conn, ids=list(front - known.maker.keys())))
        inputs = {one for version_id in front for one in known.inputs(version_id)}
        front = {used for used, collection in inputs if known.is_head(used, collection)} - seen
        seen |= front
    inputs_of = {version_id: tuple([used for used, _ in known.inputs(version_id)]) for version_id in seen}
    labels = _labels(conn, seen.union(*inputs_of.values()))
    latest = {collection: known.latest[collection] for _, collection, _ in labels.values() if known.latest[collection]}
    labels.update(_labels(conn, set(latest.values()) - labels.keys()))
    made = [
        Made(version_id, collection, number, label, inputs_of.get(version_id, ()))
        for version_id, (label, collection, number) in labels.items()
    ]
    makers = {version_id: known.maker[version_id] for version_id in seen & set(latest.values())}
    why = stale_reasons(made, latest, edited(conn, {version_id: run for version_id, run in makers.items() if run}))
    return {version_id: reason for version_id, reason in why.items() if version_id in seen}


def _labels(conn: Connection, version_ids: AbstractSet[int]) -> dict[int, tuple[str, int, int]]:
    """Return of versions what they are called, and their collections and numbers."""
    found = _LABELS.rows(conn, ids=list(version_ids))
    return {version_id: (f"{name}:v{number}", collection, number) for version_id, collection, number, name in found}
