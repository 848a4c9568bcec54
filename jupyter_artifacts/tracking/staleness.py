"""What is out of date, why, and which runs to repeat, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.model.names import LATEST, parse_ref
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

_PAGE = 10_000
LISTED = 200


@dataclass(frozen=True, slots=True)
class StaleVersion:
    """A version that is out of date, why, and the run that made it last, if one is known."""

    version: VersionRecord
    why: str
    maker: RunRecord | None


@dataclass(frozen=True, slots=True)
class Staleness:
    """What is out of date among the versions that were looked at.

    Attributes
    ----------
    found : tuple of StaleVersion
        Causes before effects; of very many the newest.
    count : int
        How many are out of date.
    looked_at : int
        Of how many versions.
    """

    found: tuple[StaleVersion, ...]
    count: int
    looked_at: int

    @property
    def runs(self) -> tuple[RunRecord, ...]:
        """The runs to repeat, in their order; one that made several of the versions stands once."""
        newest: dict[tuple[str, str, str], RunRecord] = {}
        for stale in self.found:
            if stale.maker is not None:
                origin = stale.maker.origin
                key = (origin.notebook, origin.cell_id, "" if origin.cell_id else stale.maker.id)
                newest.setdefault(key, stale.maker)
        return tuple(newest.values())


def staleness(store: Store, project: str, name: str | None = None, *, every: bool = False) -> Staleness:
    """Return what is out of date.

    Parameters
    ----------
    store : Store
    project : str
    name : str, optional
        ``name``, ``name:alias``: this version and all that it was made from.
    every : bool, default False
        Look at every live version of the project, not at the newest of each artifact.

    Raises
    ------
    NotFoundError
        There is no such artifact; the nearest are named.
    """
    catalog = store.catalog
    if name is not None:
        ref = parse_ref(name)
        version = catalog.versions.resolve(ref.project or project, ref.name, ref.selector)
        ids = catalog.edges.ancestry(version.id)
        return _answer(store, catalog.edges.stale(ids), len(ids))
    if every:
        total = catalog.versions.page(Query(project=project, limit=1)).total
        return _answer(store, catalog.edges.stale_of(project), total)
    newest = _newest(store, project)
    return _answer(store, catalog.edges.stale(newest), len(newest))


def _newest(store: Store, project: str) -> list[int]:
    """Return the newest version of each artifact."""
    query = Query(project=project, alias=LATEST, limit=_PAGE)
    return [version.id for version in every(store.catalog.versions.page, query, lambda version: -version.id)]


def maker_of(store: Store, version: VersionRecord) -> RunRecord | None:
    """Return the run that made a version last."""
    makers = store.catalog.edges.makers(version.id)
    if makers:
        return makers[-1]
    try:
        return None if version.run_id is None else store.catalog.runs.get(version.run_id)
    except NotFoundError:
        return None


def _answer(store: Store, why: Mapping[int, str], looked_at: int) -> Staleness:
    versions = {version_id: store.catalog.versions.get(version_id) for version_id in sorted(why)[-LISTED:]}
    made = {version_id: maker_of(store, version) for version_id, version in versions.items()}
    found = (StaleVersion(versions[i], why[i], made[i]) for i in _causes_first(store, versions, made))
    return Staleness(tuple(found), len(why), looked_at)


def _causes_first(
    store: Store, versions: Mapping[int, VersionRecord], made: Mapping[int, RunRecord | None]
) -> Iterable[int]:
    """Return the versions so that what is made from another artifact stands after it."""
    by_collection: dict[int, list[int]] = {}
    for version_id in sorted(versions):
        by_collection.setdefault(versions[version_id].collection_id, []).append(version_id)
    causes: dict[int, list[int]] = {}
    for version_id, maker in made.items():
        used = [] if maker is None else store.catalog.edges.inputs(maker.id)
        causes[version_id] = [i for one in used for i in by_collection.get(one.collection_id, ()) if i != version_id]
    ordered: dict[int, None] = {}
    waiting: set[int] = set()
    for start in sorted(versions):
        stack = [start]
        while stack:
            current = stack[-1]
            waiting.add(current)
            cause = next((i for i in causes[current] if i not in ordered and i not in waiting), None)
            if cause is None:
                stack.pop()
                ordered.setdefault(current)
            else:
                stack.append(cause)
    return ordered
