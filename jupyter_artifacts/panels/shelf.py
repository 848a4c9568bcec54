"""One project of one store, as the panels read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from jupyter_artifacts.model.lineage import Lineage
    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

WHOLE_GRAPH = 20_000
"""Up to so many versions the whole graph of a project is kept in memory, by revision."""


class Shelf:
    """A store and a project, with what several requests need remembered by revision.

    Parameters
    ----------
    store : Store
    project : str
    """

    def __init__(self, store: Store, project: str) -> None:
        self.store = store
        self.project = project
        self._graph: tuple[int, Lineage] | None = None
        self._runs: dict[str, RunRecord] = {}
        self._runs_revision = -1

    @property
    def catalog(self) -> Catalog:
        """The store's facts."""
        return self.store.catalog

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self.catalog.revision()

    def manifest(self, version: VersionRecord) -> Manifest:
        """Return a version's files."""
        return self.store.manifest(version)

    def is_small(self) -> bool:
        """Tell whether the project's whole graph may be kept in memory."""
        return self.catalog.versions.page(Query(project=self.project, limit=1)).total <= WHOLE_GRAPH

    def whole(self) -> Lineage:
        """Return the project's whole graph, read once a revision."""
        revision = self.revision()
        if self._graph is None or self._graph[0] != revision:
            self._graph = (revision, self.catalog.edges.lineage(self.project))
        return self._graph[1]

    def run(self, run_id: str | None) -> RunRecord | None:
        """Return a run, or None where there is no such run."""
        if run_id is None:
            return None
        revision = self.revision()
        if revision != self._runs_revision:
            self._runs, self._runs_revision = {}, revision
        if run_id not in self._runs:
            try:
                self._runs[run_id] = self.catalog.runs.get(run_id)
            except NotFoundError:
                return None
        return self._runs[run_id]

    def stale(self, versions: list[VersionRecord]) -> dict[int, str]:
        """Return why each of `versions` is out of date, for those that are."""
        wanted = {f"artifact:{version.id}": version.id for version in versions}
        if self.is_small():
            nodes = self.whole().nodes
        else:
            around = (self.catalog.edges.lineage(None, node_id, 0, 0) for node_id in wanted)
            nodes = tuple(node for graph in around for node in graph.nodes)
        return {wanted[node.id]: node.stale for node in nodes if node.id in wanted and node.stale}
