"""Artifacts by name and by type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Generic, TypeVar

from jupyter_artifacts.errors import InvalidValueError, NotFoundError, nearest
from jupyter_artifacts.model.names import check_collection, check_name, check_tag, check_text, check_type
from jupyter_artifacts.store.records import CollectionChanges, Query
from jupyter_artifacts.tracking.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.records import CollectionRecord, LinkRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

A = TypeVar("A")

if TYPE_CHECKING:
    Listing = Pages[VersionRecord, A] | Pages[LinkRecord, A]


class ArtifactCollection(Generic[A]):
    """All versions under one name, or all links. `A` is the class of the artifacts it hands out.

    `name`, `description` and `tags` can be set; :meth:`save` brings them to the store.

    Parameters
    ----------
    store : Store
    record : CollectionRecord
    wrap, wrap_link : callable
        Make an artifact of a version, and of a link.
    """

    def __init__(
        self,
        store: Store,
        record: CollectionRecord,
        wrap: Callable[[Store, VersionRecord], A],
        wrap_link: Callable[[Store, LinkRecord], A],
    ) -> None:
        self._store = store
        self._wrap = wrap
        self._wrap_link = wrap_link
        self._take(record)

    def _take(self, record: CollectionRecord) -> None:
        self.record = record
        self._name = record.name
        self._description = record.description
        self.tags: list[str] = list(record.tags)

    def __repr__(self) -> str:
        return f"<ArtifactCollection {self.name} ({self.type})>"

    @property
    def id(self) -> str:
        """Its id in the store."""
        return str(self.record.id)

    @property
    def name(self) -> str:
        """The name that its versions share; set it and :meth:`save` to rename."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self._name = check_collection(value) if self.record.portfolio else check_name(value)

    @property
    def type(self) -> str:
        """For instance ``"dataset"``; see :meth:`change_type`."""
        return self.record.type

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return self.record.project

    @property
    def description(self) -> str | None:
        """Free text; set it and :meth:`save`."""
        return self._description

    @description.setter
    def description(self, value: str | None) -> None:
        self._description = None if value is None else check_text(value, "description")

    @property
    def aliases(self) -> list[str]:
        """All aliases that its versions have."""
        return list(self.record.aliases)

    @property
    def created_at(self) -> str:
        """When its first version was logged: ISO 8601, UTC."""
        return dt.datetime.fromtimestamp(self.record.created_at, dt.timezone.utc).isoformat()

    def is_sequence(self) -> bool:
        """Tell whether it holds versions of its own; a portfolio holds links."""
        return not self.record.portfolio

    def artifacts(self, per_page: int = 50, start: str | int | None = None) -> Listing[A]:
        """Return its versions or links, newest first."""
        query = Query(project=self.project, name=self.record.name, sort="version")
        return listing(self._store, query, self.record, self._wrap, self._wrap_link, per_page=per_page, start=start)

    def versions(self, per_page: int = 50) -> Listing[A]:
        """Return the same as :meth:`artifacts`, under W&B's earlier name."""
        return self.artifacts(per_page)

    def save(self) -> None:
        """Bring a new name, description and tags to the store.

        Raises
        ------
        InvalidNameError
            The project has another collection of this name.
        """
        tags = tuple(check_tag(tag) for tag in self.tags)
        changes = CollectionChanges(name=self._name, description=self._description or "", tags=tags)
        self._take(self._store.catalog.collections.change(self.record.id, changes))

    def change_type(self, new_type: str) -> None:
        """Give all versions another type, at once.

        Raises
        ------
        InvalidValueError
            A portfolio: its type is that of what is linked into it.
        InvalidNameError
            From or to a type that W&B keeps for itself.
        """
        if not self.is_sequence():
            raise InvalidValueError(f"{self.name} is a portfolio: its type is that of what is linked into it")
        check_type(self.type, self.record.name)
        check_type(new_type, self.record.name)
        self._take(self._store.catalog.collections.change(self.record.id, CollectionChanges(type=new_type)))

    def delete(self) -> None:
        """Delete all versions with their aliases; of a portfolio, all links."""
        catalog = self._store.catalog
        query = Query(project=self.project, name=self.record.name, sort="version", limit=1000)
        if self.record.portfolio:
            while links := catalog.links.page(query).rows:
                for link in links:
                    catalog.links.unlink(link.collection_id, link.version.id)
            return
        while versions := catalog.versions.page(query).rows:
            for version in versions:
                catalog.versions.delete(version.id)


def listing(
    store: Store,
    query: Query,
    record: CollectionRecord,
    wrap: Callable[[Store, VersionRecord], A],
    wrap_link: Callable[[Store, LinkRecord], A],
    *,
    tags: set[str] | None = None,
    per_page: int = 50,
    start: str | int | None = None,
) -> Listing[A]:
    """Return a collection's versions, or links, as a sequence; `tags` leaves out those without all of them."""
    wanted = tags or set()
    if record.portfolio:
        return Pages(
            store.catalog.links.page,
            query,
            lambda link: wrap_link(store, link),
            key=lambda link: (link.collection_id, link.version.id),
            keep=(lambda link: wanted <= set(link.version.tags)) if wanted else None,
            per_page=per_page,
            start=start,
        )
    return Pages(
        store.catalog.versions.page,
        query,
        lambda version: wrap(store, version),
        key=lambda version: version.id,
        keep=(lambda version: wanted <= set(version.tags)) if wanted else None,
        per_page=per_page,
        start=start,
    )


class ArtifactType(Generic[A]):
    """A type that artifacts of a project have."""

    def __init__(
        self,
        store: Store,
        project: str,
        name: str,
        wrap: Callable[[Store, VersionRecord], A],
        wrap_link: Callable[[Store, LinkRecord], A],
    ) -> None:
        self._store = store
        self._wrap = wrap
        self._wrap_link = wrap_link
        self.project = project
        self.name = name

    def __repr__(self) -> str:
        return f"<ArtifactType {self.name}>"

    def collection(self, name: str) -> ArtifactCollection[A]:
        """Return one collection of this type; raises NotFoundError naming the nearest."""
        record = self._store.catalog.collections.find(self.project, name)
        if record is None or record.type != self.name:
            known = [collection.name for collection in self.collections(per_page=1000)]
            raise NotFoundError(f"no artifact collection {name!r} of type {self.name!r}{nearest(name, known)}")
        return ArtifactCollection(self._store, record, self._wrap, self._wrap_link)

    def collections(self, per_page: int = 50) -> Pages[CollectionRecord, ArtifactCollection[A]]:
        """Return the collections of this type, newest first."""
        store, wrap, wrap_link = self._store, self._wrap, self._wrap_link
        query = Query(project=self.project, type=self.name)
        return Pages(
            store.catalog.versions.collections,
            query,
            lambda record: ArtifactCollection(store, record, wrap, wrap_link),
            key=lambda record: record.id,
            per_page=per_page,
        )
