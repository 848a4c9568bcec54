"""One project of one store, as the panels read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidNameError, NotFoundError
from jupyter_artifacts.model.names import parse_ref
from jupyter_artifacts.panels.wire import NODE_ID
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from jupyter_artifacts.model.lineage import Lineage
    from jupyter_artifacts.model.manifest import Manifest
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

WHOLE_GRAPH = 2000
"""Up to so many versions the whole graph of a project is read at once, and kept until the catalog changes."""


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
        self._runs: dict[str, RunRecord | None] = {}
        self._runs_revision = -1

    @property
    def catalog(self) -> Catalog:
        """The store's facts."""
        return self.store.catalog

    def manifest(self, version: VersionRecord) -> Manifest:
        """Return a version's files."""
        return self.store.manifest(version)

    def version(self, label: str) -> VersionRecord:
        """Return the version that ``"name:alias"`` or ``"name"`` means, in this project if it names none.

        Raises
        ------
        InvalidNameError
            That is no artifact's name.
        NotFoundError
            There is none; names the nearest.
        """
        ref = parse_ref(label)
        return self.catalog.versions.resolve(ref.project or self.project, ref.name, ref.selector)

    def newest(self, version: VersionRecord) -> VersionRecord:
        """Return the newest version of the same artifact."""
        return self.catalog.versions.resolve(version.project, version.name, "latest")

    def run(self, run_id: str | None) -> RunRecord | None:
        """Return a run, or None where there is no such run."""
        if run_id is None:
            return None
        revision = self.catalog.revision()
        if revision != self._runs_revision:
            self._runs, self._runs_revision = {}, revision
        if run_id not in self._runs:
            try:
                self._runs[run_id] = self.catalog.runs.get(run_id)
            except NotFoundError:
                self._runs[run_id] = None
        return self._runs[run_id]

    def node_id(self, text: str) -> str:
        """Return the graph's node that a version's label, a run's name or a node id means.

        Raises
        ------
        NotFoundError
            None of them; names the nearest artifacts.
        """
        try:
            return f"artifact:{self.version(text).id}"
        except (NotFoundError, InvalidNameError) as error:
            missing = error
        try:
            return f"run:{self.catalog.runs.find(self.project, text).id}"
        except NotFoundError:
            if NODE_ID.fullmatch(text):
                return text
            raise missing from None

    def label(self, node_id: str) -> str:
        """Return what people call a node."""
        kind, _, own_id = node_id.partition(":")
        return (
            self.catalog.versions.get(int(own_id)).label if kind == "artifact" else self.catalog.runs.get(own_id).name
        )

    def is_small(self) -> bool:
        """Tell whether the project's whole graph may be kept in memory."""
        return self.catalog.versions.page(Query(project=self.project, limit=1)).total <= WHOLE_GRAPH

    def whole(self) -> Lineage:
        """Return the project's whole graph, read once a revision."""
        revision = self.catalog.revision()
        if self._graph is None or self._graph[0] != revision:
            self._graph = (revision, self.catalog.edges.lineage(self.project, None, None, None))
        return self._graph[1]

    def around(self, focus: str, up: int | None, down: int | None) -> Lineage:
        """Return the part of the graph round a node id.

        Raises
        ------
        NotFoundError
            There is no such version or run.
        """
        if self.is_small() and any(node.id == focus for node in self.whole().nodes):
            return self.whole().slice(focus, up, down)
        return self.catalog.edges.lineage(None, focus, up, down)

    def beside(self, node_id: str) -> tuple[set[str], set[str]]:
        """Return the ids of a node's causes and of its effects."""
        kind, _, own_id = node_id.partition(":")
        edges = self.catalog.edges
        if kind == "run":
            inputs, outputs = edges.inputs(own_id), edges.outputs(own_id)
            return {f"artifact:{used.id}" for used in inputs}, {f"artifact:{made.id}" for made in outputs}
        makers, users = edges.makers(int(own_id)), edges.users(int(own_id))
        return {f"run:{run.id}" for run in makers}, {f"run:{run.id}" for run in users}

    def stale(self, versions: list[VersionRecord]) -> dict[int, str]:
        """Return why each of `versions` is out of date, for those that are."""
        return dict(self.catalog.edges.stale([version.id for version in versions]))
