"""Api: everything in a store, read without a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CommError, InvalidValueError, NotFoundError, UnsupportedError, nearest
from jupyter_artifacts.model.names import check_name
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.host import NO_PROJECT
from jupyter_artifacts.tracking.artifact.host import active as active_host
from jupyter_artifacts.tracking.collections import ArtifactCollection, ArtifactType
from jupyter_artifacts.tracking.environment import default_entity, setting
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.past_run import PastRun
from jupyter_artifacts.tracking.resolving import fetch
from jupyter_artifacts.tracking.run_filters import check_filters, fits
from jupyter_artifacts.tracking.stores import has_store, store_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.store.records import CollectionRecord, RunRecord, SortKey, VersionRecord
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where

    Run = PastRun[Artifact]
    Artifacts = Pages[VersionRecord, Artifact]
    Runs = Pages[RunRecord, Run]

_ORDERS: dict[str, SortKey] = {
    "version_index": "version",
    "created_at": "created",
    "createdAt": "created",
    "size": "size",
    "name": "name",
}


@dataclass(frozen=True)
class Project:
    """A project: the name that runs and artifacts are under."""

    name: str
    entity: str

    @property
    def path(self) -> list[str]:
        """Entity and name."""
        return [self.entity, self.name]


@dataclass(frozen=True)
class Viewer:
    """Who is looking: the local user."""

    username: str
    entity: str


class Api:
    """Reads a store: artifacts, runs and projects by name.

    Parameters
    ----------
    overrides : dict, optional
        ``{"project": ...}`` for names that have none, ``{"entity": ...}``.
    timeout, api_key
        W&B's; not needed here.
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.

    Examples
    --------
    ::

        Api().artifact("demo/mnist-raw:latest").download()
    """

    def __init__(
        self,
        overrides: Mapping[str, str] | None = None,
        timeout: float | None = None,
        api_key: str | None = None,
        *,
        store: Where = None,
    ) -> None:
        del timeout, api_key
        self._where = store
        self._overrides = dict(overrides or {})

    def __repr__(self) -> str:
        return f"<Api of {self.store.location}>" if self._is_there() else "<Api of no store yet>"

    @property
    def store(self) -> Store:
        """The store that is read; raises NotFoundError where there is none."""
        host = active_host()
        if self._where is None and host is not None:
            return host.store
        return store_at(self._where, create=False)

    @property
    def default_entity(self) -> str:
        """The local user, or what the overrides or the environment say."""
        return self._overrides.get("entity") or default_entity()

    @property
    def default_project(self) -> str:
        """The project of names that have none: as given, the active run's, or the only one there is."""
        host = active_host()
        given = self._overrides.get("project") or setting("PROJECT") or (host.project if host else None)
        if given:
            return given
        projects = list(self.store.catalog.versions.projects()) if self._is_there() else []
        return projects[0] if len(projects) == 1 else NO_PROJECT

    @property
    def viewer(self) -> Viewer:
        """The local user."""
        return Viewer(self.default_entity, self.default_entity)

    def flush(self) -> None:
        """Forget what was read; nothing is kept between calls here."""

    # ------------------------------------------------------------ artifacts

    def artifact(self, name: str, type: str | None = None) -> Artifact:
        """Return a version by name, as ``project/name:alias``.

        Raises
        ------
        NotFoundError
            A CommError; the nearest names are told.
        """
        return fetch(self.store, name, self.default_project, type)

    def artifact_exists(self, name: str, type: str | None = None) -> bool:
        """Tell whether there is such a version, of such a type."""
        if not self._is_there():
            return False
        try:
            self.artifact(name, type)
        except CommError:
            return False
        return True

    def artifacts(
        self,
        type_name: str,
        name: str,
        order: str | None = None,
        per_page: int = 50,
        tags: str | Sequence[str] | None = None,
    ) -> Artifacts:
        """Return the versions of an artifact, newest first.

        Parameters
        ----------
        type_name : str
        name : str
            ``name`` or ``project/name``.
        order : str, optional
            ``"+version_index"`` for oldest first; also ``created_at``, ``size``.
        per_page : int, default 50
        tags : str or list of str, optional
            Only versions that have all of these.
        """
        project, bare = self._split(name)
        self.artifact_collection(type_name, name)
        wanted = {tags} if isinstance(tags, str) else set(tags or ())
        sort, descending = _order(order, "version", descending=True)
        query = Query(project=project, name=bare, type=type_name, sort=sort, descending=descending)
        store = self.store
        return Pages(
            store.catalog.versions.page,
            query,
            lambda record: Artifact.of(store, record),
            keep=(lambda record: wanted <= set(record.tags)) if wanted else None,
            per_page=per_page,
        )

    def artifact_versions(self, type_name: str, name: str, per_page: int = 50) -> Artifacts:
        """Return the same as :meth:`artifacts`, under W&B's earlier name."""
        return self.artifacts(type_name, name, per_page=per_page)

    def artifact_collection(self, type_name: str, name: str) -> ArtifactCollection[Artifact]:
        """Return all versions under a name; raises NotFoundError naming the nearest."""
        project, bare = self._split(name)
        store = self.store
        for record in store.catalog.versions.collections(Query(project=project, name=bare)).rows:
            if record.type == type_name:
                return ArtifactCollection(store, record, Artifact.of)
            raise CommError(f"type {type_name!r} specified but {bare!r} is of type {record.type!r}")
        known = [c.name for c in store.catalog.versions.collections(Query(project=project, limit=1000)).rows]
        raise NotFoundError(f"artifact collection {bare!r} not found in project {project!r}{nearest(bare, known)}")

    def artifact_collection_exists(self, name: str, type: str) -> bool:
        """Tell whether there are versions of this type under a name."""
        if not self._is_there():
            return False
        try:
            self.artifact_collection(type, name)
        except CommError:
            return False
        return True

    def artifact_collections(
        self, project_name: str, type_name: str, per_page: int = 50
    ) -> Sequence[ArtifactCollection[Artifact]]:
        """Return the collections of a type in a project, newest first."""
        store = self.store
        query = Query(project=self._project(project_name), type=type_name)
        return Pages(
            store.catalog.versions.collections,
            query,
            lambda record: ArtifactCollection(store, record, Artifact.of),
            per_page=per_page,
        )

    def artifact_types(self, project: str | None = None) -> list[ArtifactType[Artifact]]:
        """Return the types that artifacts of a project have, by name."""
        where = self._project(project)
        names = {record.type for record in self._all_collections(where)}
        return [ArtifactType(self.store, where, name, Artifact.of) for name in sorted(names)]

    def artifact_type(self, type_name: str, project: str | None = None) -> ArtifactType[Artifact]:
        """Return one type of a project; raises NotFoundError naming the nearest."""
        known = {kind.name: kind for kind in self.artifact_types(project)}
        if type_name not in known:
            raise NotFoundError(f"artifact type {type_name!r} not found{nearest(type_name, known)}")
        return known[type_name]

    # ------------------------------------------------------------ runs and projects

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
        sort, descending = _order(order, "created", descending=False)
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
        names = self.store.catalog.versions.projects() if self._is_there() else ()
        return [Project(name, entity or self.default_entity) for name in sorted(names)]

    def project(self, name: str, entity: str | None = None) -> Project:
        """Return one project; raises NotFoundError naming the nearest."""
        known = {project.name: project for project in self.projects(entity)}
        if name not in known:
            raise NotFoundError(f"project {name!r} not found{nearest(name, known)}")
        return known[name]

    # ------------------------------------------------------------ inside

    def _is_there(self) -> bool:
        return (self._where is None and active_host() is not None) or has_store(self._where)

    def _project(self, path: str | None) -> str:
        return path.strip("/").split("/")[-1] if path else self.default_project

    def _split(self, name: str) -> tuple[str, str]:
        """Return project and bare name of ``[entity/][project/]name``."""
        *above, last = name.split("/")
        if ":" in last:
            raise InvalidValueError(f"{name!r} names a version; give the artifact's name without ':'")
        return (above[-1] if above else self.default_project), check_name(last)

    def _all_collections(self, project: str) -> Iterator[CollectionRecord]:
        query = Query(project=project)
        yield from Pages(self.store.catalog.versions.collections, query, lambda record: record, per_page=1000)


def _order(order: str | None, default: SortKey, *, descending: bool) -> tuple[SortKey, bool]:
    if order is None:
        return default, descending
    sign, word = (order[0], order[1:]) if order[:1] in {"+", "-"} else ("+", order)
    if word not in _ORDERS:
        raise InvalidValueError(f"order {order!r} is unknown; use + or - and one of {', '.join(_ORDERS)}")
    return _ORDERS[word], sign == "-"
