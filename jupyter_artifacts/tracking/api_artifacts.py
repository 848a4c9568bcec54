"""Artifacts of a store, by name, type and collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CommError, InvalidValueError, NotFoundError, nearest
from jupyter_artifacts.model.names import check_collection, one_case
from jupyter_artifacts.store.paging import every
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.api_base import Reading, sort_of
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.collections import ArtifactCollection, ArtifactType, listing
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.resolving import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_artifacts.store.records import CollectionRecord
    from jupyter_artifacts.tracking.collections import Listing


class ArtifactReading(Reading):
    """The questions about artifacts."""

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
        start: str | int | None = None,
    ) -> Listing[Artifact]:
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
        start : str, optional
            The `cursor` of an earlier listing, to go on where it had stopped.
        """
        project, bare = self._split(name)
        collection = self.artifact_collection(type_name, name).record
        wanted = {tags} if isinstance(tags, str) else set(tags or ())
        sort, descending = sort_of(order, "version", descending=True)
        query = Query(project=project, name=bare, type=type_name, sort=sort, descending=descending)
        return listing(
            self.store,
            query,
            collection,
            Artifact.of,
            Artifact.of_link,
            tags=wanted,
            per_page=per_page,
            start=start,
        )

    def artifact_versions(self, type_name: str, name: str, per_page: int = 50) -> Listing[Artifact]:
        """Return the same as :meth:`artifacts`, under W&B's earlier name."""
        return self.artifacts(type_name, name, per_page=per_page)

    def artifact_collection(self, type_name: str, name: str) -> ArtifactCollection[Artifact]:
        """Return all versions under a name; raises NotFoundError naming the nearest."""
        project, bare = self._split(name)
        store = self.store
        for record in store.catalog.versions.collections(Query(project=project, name=bare)).rows:
            if record.type == type_name:
                return ArtifactCollection(store, record, Artifact.of, Artifact.of_link)
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
        self, project_name: str, type_name: str, per_page: int = 50, start: str | int | None = None
    ) -> Sequence[ArtifactCollection[Artifact]]:
        """Return the collections of a type in a project, newest first."""
        store = self.store
        query = Query(project=self._project(project_name), type=type_name)
        return Pages(
            store.catalog.versions.collections,
            query,
            lambda record: ArtifactCollection(store, record, Artifact.of, Artifact.of_link),
            key=lambda record: record.id,
            per_page=per_page,
            start=start,
        )

    def artifact_types(self, project: str | None = None) -> list[ArtifactType[Artifact]]:
        """Return the types that artifacts of a project have, by name."""
        where = self._project(project)
        names = {record.type for record in self._all_collections(where)}
        return [ArtifactType(self.store, where, name, Artifact.of, Artifact.of_link) for name in sorted(names)]

    def artifact_type(self, type_name: str, project: str | None = None) -> ArtifactType[Artifact]:
        """Return one type of a project; raises NotFoundError naming the nearest."""
        known = {kind.name: kind for kind in self.artifact_types(project)}
        if type_name not in known:
            raise NotFoundError(f"artifact type {type_name!r} not found{nearest(type_name, known)}")
        return known[type_name]

    def _split(self, name: str) -> tuple[str, str]:
        """Return project and bare name of ``[entity/][project/]name``."""
        *above, last = name.split("/")
        if ":" in last:
            raise InvalidValueError(f"{name!r} names a version; give the artifact's name without ':'")
        return (one_case(above[-1]) if above else self.default_project), check_collection(last)

    def _all_collections(self, project: str) -> Iterator[CollectionRecord]:
        query = Query(project=project, limit=1000)
        yield from every(self.store.catalog.versions.collections, query, lambda record: -record.id)
