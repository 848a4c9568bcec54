"""What all questions to a store share: which store, which project, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.names import REGISTRY_PREFIX, one_case
from jupyter_artifacts.tracking.artifact.host import NO_PROJECT
from jupyter_artifacts.tracking.artifact.host import active as active_host
from jupyter_artifacts.tracking.artifact.linking import MODEL_REGISTRY
from jupyter_artifacts.tracking.environment import default_entity, setting
from jupyter_artifacts.tracking.stores import has_store, store_at
from jupyter_artifacts.tracking.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_artifacts.store.records import SortKey
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where

_ORDERS: dict[str, SortKey] = {
    "version_index": "version",
    "created_at": "created",
    "createdAt": "created",
    "size": "size",
    "name": "name",
}


class Reading:
    """A store, opened when it is first asked, and the project that names without one belong to."""

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
        projects = [name for name in self._projects() if not is_registry(name)]
        return projects[0] if len(projects) == 1 else NO_PROJECT

    @property
    def viewer(self) -> Viewer:
        """The local user."""
        return Viewer(self.default_entity, self.default_entity)

    def flush(self) -> None:
        """Forget what was read; nothing is kept between calls here."""

    def _is_there(self) -> bool:
        return (self._where is None and active_host() is not None) or has_store(self._where)

    def _projects(self) -> Sequence[str]:
        return self.store.catalog.versions.projects() if self._is_there() else ()

    def _project(self, path: str | None) -> str:
        return one_case(path.strip("/").split("/")[-1]) if path else self.default_project


def is_registry(project: str) -> bool:
    """Tell whether a project holds links only: a registry, or W&B's earlier model registry."""
    return project.startswith(REGISTRY_PREFIX) or project == MODEL_REGISTRY


def sort_of(order: str | None, default: SortKey, *, descending: bool) -> tuple[SortKey, bool]:
    """Return what W&B's ``"+created_at"`` sorts by, and whether downward."""
    if order is None:
        return default, descending
    sign, word = (order[0], order[1:]) if order[:1] in {"+", "-"} else ("+", order)
    if word not in _ORDERS:
        raise InvalidValueError(f"order {order!r} is unknown; use + or - and one of {', '.join(_ORDERS)}")
    return _ORDERS[word], sign == "-"
