"""Runs and projects of a store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, nearest
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Page, Query
from jupyter_artifacts.tracking.api_base import Reading, is_registry, sort_of
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.public_run import PublicRun
from jupyter_artifacts.tracking.run_filters import run_key, run_test

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.store.records import RunRecord

    Runs = Pages[RunRecord, PublicRun]


_CATALOG_ORDERS = frozenset(["created_at", "createdAt", "name"])
_BATCH = 1000


@dataclass(frozen=True)
class Project:
    """A project: the name that runs and artifacts are under."""

    name: str
    entity: str

    @property
    def path(self) -> list[str]:
        """Entity and name."""
        return [self.entity, self.name]


class RunReading(Reading):
    """The questions about runs and projects."""

    def run(self, path: str) -> PublicRun:
        """Return a run by ``entity/project/id``, ``project/id``, an id, or its readable name.

        ``runs/`` before the id, as in the address of W&B's page, is passed over.

        Raises
        ------
        NotFoundError
            A CommError; the nearest are named.
        """
        *above, last = path.strip("/").split("/")
        if above[1:] and above[-1] == "runs":
            above.pop()
        runs = self.store.catalog.runs
        try:
            record = runs.get(last)
        except NotFoundError:
            record = runs.find(above[-1] if above else self.default_project, last)
        if above and record.project != above[-1]:
            raise NotFoundError(f"run {last!r} not found in project {above[-1]!r}; it is in {record.project!r}")
        return PublicRun(self.store, record, Artifact.of)

    def runs(
        self,
        path: str | None = None,
        filters: Mapping[str, object] | None = None,
        order: str = "+created_at",
        per_page: int = 50,
        include_sweeps: bool = True,
        lazy: bool = True,
        start: str | int | None = None,
    ) -> Runs:
        """Return the runs of a project, oldest first.

        Parameters
        ----------
        path : str, optional
            ``project`` or ``entity/project``.
        filters : dict, optional
            As in MongoDB: ``{"state": "finished", "config.lr": {"$gt": 0.01}}``, with
            ``$and $or $not $eq $ne $gt $gte $lt $lte $in $nin $regex $exists``.
        order : str, default "+created_at"
            ``"-created_at"`` for newest first; also ``summary_metrics.KEY``, ``config.KEY``.
        per_page : int, default 50
        include_sweeps, lazy
            W&B's; they change nothing.
        start : str, optional
            The `cursor` of an earlier listing, to go on where it had stopped.
        """
        del include_sweeps, lazy
        test = run_test(filters)
        store = self.store
        query = Query(project=self._project(path))
        fetch: Callable[[Query], Page[RunRecord]] = store.catalog.runs.page
        if order.lstrip("+-") in _CATALOG_ORDERS:
            sort, descending = sort_of(order, "created", descending=False)
            query = replace(query, sort=sort, descending=descending)
        else:
            fetch = _sorted_by(fetch, order)
        return Pages(
            fetch,
            query,
            lambda record: PublicRun(store, record, Artifact.of),
            key=lambda record: record.id,
            keep=test,
            per_page=per_page,
            start=start,
        )

    def projects(self, entity: str | None = None, per_page: int = 200) -> list[Project]:
        """Return the projects of the store, by name."""
        del per_page
        names = (name for name in self._projects() if not is_registry(name))
        return [Project(name, entity or self.default_entity) for name in sorted(names)]

    def project(self, name: str, entity: str | None = None) -> Project:
        """Return one project; raises NotFoundError naming the nearest."""
        known = {project.name: project for project in self.projects(entity)}
        if name not in known:
            raise NotFoundError(f"project {name!r} not found{nearest(name, known)}")
        return known[name]


def _sorted_by(fetch: Callable[[Query], Page[RunRecord]], order: str) -> Callable[[Query], Page[RunRecord]]:
    """Return pages of runs in an order that the catalog cannot give: all are read, once, and sorted here."""
    key, down = run_key(order)
    ranked: list[RunRecord] = []

    def page(query: Query) -> Page[RunRecord]:
        if not ranked:
            whole = every(fetch, replace(query, offset=0, limit=_BATCH), lambda run: -run.sequence)
            ranked.extend(sorted(whole, key=key, reverse=down))
        rows = ranked[query.offset : query.offset + query.limit]
        return Page(tuple(rows), len(ranked), 0)

    return page
