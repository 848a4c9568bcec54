"""Runs and projects of a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, UnsupportedError, nearest
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.api_base import Reading, is_registry, sort_of
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.past_run import PastRun
from jupyter_artifacts.tracking.run_filters import check_filters, fits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.store.records import RunRecord

    Run = PastRun[Artifact]
    Runs = Pages[RunRecord, Run]


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

    def run(self, path: str) -> Run:
        """Return a run by ``entity/project/id``, ``project/id``, an id, or its readable name.

        Raises
        ------
        NotFoundError
            A CommError; the nearest are named.
        """
        *above, last = path.strip("/").split("/")
        runs = self.store.catalog.runs
        try:
            record = runs.get(last)
        except NotFoundError:
            record = runs.find(above[-1] if above else self.default_project, last)
        if above and record.project != above[-1]:
            raise NotFoundError(f"run {last!r} not found in project {above[-1]!r}; it is in {record.project!r}")
        return PastRun(self.store, record, Artifact.of)

    def runs(
        self,
        path: str | None = None,
        filters: Mapping[str, object] | None = None,
        order: str = "+created_at",
        per_page: int = 50,
    ) -> Runs:
        """Return the runs of a project, oldest first.

        Parameters
        ----------
        path : str, optional
            ``project`` or ``entity/project``.
        filters : dict, optional
            Values that must be equal, for instance ``{"state": "finished", "config.lr": 0.1}``.
        order : str, default "+created_at"
            ``"-created_at"`` for newest first.
        per_page : int, default 50
        """
        sort, descending = sort_of(order, "created", descending=False)
        if sort not in {"created", "name"}:
            raise UnsupportedError(f"runs(order={order!r}): runs are ordered by created_at or name")
        checked = check_filters(filters or {})
        store = self.store
        return Pages(
            store.catalog.runs.page,
            Query(project=self._project(path), sort=sort, descending=descending),
            lambda record: PastRun(store, record, Artifact.of),
            keep=(lambda record: fits(record, checked)) if checked else None,
            per_page=per_page,
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
