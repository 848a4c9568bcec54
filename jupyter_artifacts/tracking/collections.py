"""Artifacts by name and by type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Generic, TypeVar

from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.records import CollectionRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

A = TypeVar("A")


class ArtifactCollection(Generic[A]):
    """All versions under one name. `A` is the class of the artifacts it hands out."""

    def __init__(self, store: Store, record: CollectionRecord, wrap: Callable[[Store, VersionRecord], A]) -> None:
        self._store = store
        self._wrap = wrap
        self.record = record

    def __repr__(self) -> str:
        return f"<ArtifactCollection {self.name} ({self.type})>"

    @property
    def name(self) -> str:
        """The name that its versions share."""
        return self.record.name

    @property
    def type(self) -> str:
        """For instance ``"dataset"``."""
        return self.record.type

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return self.record.project

    @property
    def description(self) -> str | None:
        """Free text."""
        return self.record.description

    @property
    def aliases(self) -> list[str]:
        """All aliases that its versions have."""
        return list(self.record.aliases)

    @property
    def created_at(self) -> str:
        """When its first version was logged: ISO 8601, UTC."""
        return dt.datetime.fromtimestamp(self.record.created_at, dt.timezone.utc).isoformat()

    def is_sequence(self) -> bool:
        """Return True: there are no portfolios of links here."""
        return True

    def artifacts(self, per_page: int = 50) -> Pages[VersionRecord, A]:
        """Return its versions, newest first."""
        store, wrap = self._store, self._wrap
        query = Query(project=self.project, name=self.name, sort="version")
        return Pages(store.catalog.versions.page, query, lambda record: wrap(store, record), per_page=per_page)

    def versions(self, per_page: int = 50) -> Pages[VersionRecord, A]:
        """Return the same as :meth:`artifacts`, under W&B's earlier name."""
        return self.artifacts(per_page)


class ArtifactType(Generic[A]):
    """A type that artifacts of a project have."""

    def __init__(self, store: Store, project: str, name: str, wrap: Callable[[Store, VersionRecord], A]) -> None:
        self._store = store
        self._wrap = wrap
        self.project = project
        self.name = name

    def __repr__(self) -> str:
        return f"<ArtifactType {self.name}>"

    def collections(self, per_page: int = 50) -> Pages[CollectionRecord, ArtifactCollection[A]]:
        """Return the collections of this type, newest first."""
        store, wrap = self._store, self._wrap
        query = Query(project=self.project, type=self.name)
        return Pages(
            store.catalog.versions.collections,
            query,
            lambda record: ArtifactCollection(store, record, wrap),
            per_page=per_page,
        )
