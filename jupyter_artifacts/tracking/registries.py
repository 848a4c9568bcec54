"""Registries: projects that hold nothing but collections of links."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, NotFoundError, nearest
from jupyter_artifacts.model.names import REGISTRY_PREFIX, check_project, check_text
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.api_base import Reading
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.collections import ArtifactCollection
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.walks import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.store.store import Store


class RegistryCollections(Walk[ArtifactCollection[Artifact]]):
    """Collections of one registry, or of several."""

    def versions(self, filter: Mapping[str, object] | None = None, per_page: int = 100) -> Walk[Artifact]:
        """Return the links in these collections; `filter` may give an ``alias`` or a ``tag``."""
        return Walk(_links(self, _alias_and_tag(filter), per_page))


class Registry:
    """One registry: the project ``wandb-registry-NAME``."""

    def __init__(self, store: Store, name: str, entity: str) -> None:
        self._store = store
        self.name = name
        self.entity = self.organization = entity

    def __repr__(self) -> str:
        return f"<Registry {self.name}>"

    @property
    def full_name(self) -> str:
        """``"wandb-registry-NAME"``: what goes before a collection's name in a path."""
        return REGISTRY_PREFIX + self.name

    @property
    def path(self) -> list[str]:
        """Entity and full name."""
        return [self.entity, self.full_name]

    @property
    def visibility(self) -> str:
        """``"organization"``: whoever can read the store."""
        return "organization"

    @property
    def created_at(self) -> str:
        """When its first collection was made: ISO 8601, UTC; empty while it has none."""
        seconds = [collection.record.created_at for collection in self.collections()]
        return dt.datetime.fromtimestamp(min(seconds), dt.timezone.utc).isoformat() if seconds else ""

    def collections(self, filter: Mapping[str, object] | None = None, per_page: int = 100) -> RegistryCollections:
        """Return its collections, newest first; `filter` may give their ``name`` or a text it holds."""
        store = self._store
        name, text = _name_or_text(filter, "collections")
        found = Pages(
            store.catalog.versions.collections,
            Query(project=self.full_name, name=name, text=text),
            lambda record: ArtifactCollection(store, record, Artifact.of, Artifact.of_link),
            key=lambda record: record.id,
            per_page=per_page,
        )
        return RegistryCollections(iter(found))

    def versions(self, filter: Mapping[str, object] | None = None, per_page: int = 100) -> Walk[Artifact]:
        """Return the links of all its collections; `filter` may give an ``alias`` or a ``tag``."""
        return self.collections(per_page=per_page).versions(filter, per_page)


class Registries(Walk[Registry]):
    """Registries, by name."""

    def collections(self, filter: Mapping[str, object] | None = None, per_page: int = 100) -> RegistryCollections:
        """Return their collections, a registry after the other; `filter` may give a ``name`` or a text it holds."""
        _name_or_text(filter, "collections")
        return RegistryCollections(found for registry in self for found in registry.collections(filter, per_page))

    def versions(self, filter: Mapping[str, object] | None = None, per_page: int = 100) -> Walk[Artifact]:
        """Return the links of all their collections; `filter` may give an ``alias`` or a ``tag``."""
        return self.collections(per_page=per_page).versions(filter, per_page)


class RegistryReading(Reading):
    """The questions about registries."""

    def registries(
        self, organization: str | None = None, filter: Mapping[str, object] | None = None, per_page: int = 100
    ) -> Registries:
        """Return the registries, by name; `filter` may give a ``name`` or a text it holds."""
        del organization, per_page
        wanted, text = _name_or_text(filter, "registries")
        names = [name.removeprefix(REGISTRY_PREFIX) for name in self._projects() if name.startswith(REGISTRY_PREFIX)]
        return Registries(
            Registry(self.store, name, self.default_entity)
            for name in sorted(names)
            if wanted in {"", name, f"{REGISTRY_PREFIX}{name}"} and text.lower() in name.lower()
        )

    def registry(self, name: str, organization: str | None = None) -> Registry:
        """Return one registry; raises NotFoundError naming the nearest."""
        del organization
        known = {registry.name: registry for registry in self.registries()}
        short = check_text(name, "registry").lower().removeprefix(REGISTRY_PREFIX)
        if short not in known:
            raise NotFoundError(f"registry {short!r} not found{nearest(short, known)}")
        return known[short]

    def create_registry(
        self,
        name: str,
        visibility: str = "organization",
        organization: str | None = None,
        description: str | None = None,
        artifact_types: Sequence[str] | None = None,
    ) -> Registry:
        """Make a registry; linking into ``wandb-registry-NAME/COLLECTION`` makes one, too.

        Raises
        ------
        InvalidValueError
            It is there already.
        """
        del visibility, organization, description, artifact_types
        short = check_text(name, "registry").lower().removeprefix(REGISTRY_PREFIX)
        if not self.store.catalog.collections.ensure_project(check_project(REGISTRY_PREFIX + short)):
            raise InvalidValueError(f"registry {short!r} is there already")
        return Registry(self.store, short, self.default_entity)


def _name_or_text(filter: Mapping[str, object] | None, what: str) -> tuple[str, str]:
    """Return the name that must be equal, and the text that must be in it."""
    given = dict(filter or {})
    value = given.pop("name", "")
    if given:
        raise InvalidValueError(f"{what}(filter=...): {next(iter(given))!r} is unknown; use 'name'")
    if isinstance(value, str):
        return value, ""
    pattern = value.get("$contains", value.get("$regex")) if isinstance(value, dict) else None
    if not isinstance(pattern, str):
        raise InvalidValueError(f"{what}(filter={{'name': {value!r}}}): give a text, or {{'$contains': text}}")
    return "", pattern


def _alias_and_tag(filter: Mapping[str, object] | None) -> tuple[object, object]:
    given = dict(filter or {})
    unknown = [key for key in given if key not in {"alias", "tag"}]
    if unknown:
        raise InvalidValueError(f"versions(filter=...): {unknown[0]!r} is unknown; use 'alias' or 'tag'")
    return given.get("alias"), given.get("tag")


def _links(collections: RegistryCollections, wanted: tuple[object, object], per_page: int) -> Iterator[Artifact]:
    alias, tag = wanted
    for collection in collections:
        for artifact in collection.artifacts(per_page=per_page):
            if alias in {None, *artifact.aliases} and tag in {None, *artifact.tags}:
                yield artifact
