"""Which store and project a panel means when it is told neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.model.names import check_project
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.tracking.artifact.host import NO_PROJECT
from jupyter_artifacts.tracking.environment import setting
from jupyter_artifacts.tracking.messages import last_logged
from jupyter_artifacts.tracking.session import active_run
from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where


def current_shelf(project: str | None = None, store: Where = None) -> Shelf:
    """Return the store and project to show.

    Parameters
    ----------
    project : str, optional
        Else the active run's, the environment's, that of what this process logged last, the
        store's only one, or ``"uncategorized"``.
    store : path, optional
        Else the active run's, that of what this process logged last, or the one found from the
        working folder; none is made.

    Raises
    ------
    NotFoundError
        There is no store yet.
    """
    run, last = active_run(), last_logged()
    place: Store | None = None
    if store is None:
        place = run.store if run is not None else last.store if last is not None else None
    if place is None:
        place = store_at(store, create=False)
    if project is not None:
        return Shelf(place, check_project(project))
    if run is not None and run.store is place:
        return Shelf(place, run.project)
    named = setting("PROJECT")
    if named is None and last is not None and last.store is place:
        named = last.version.project
    return Shelf(place, check_project(named) if named else _only_project(place))


def _only_project(store: Store) -> str:
    projects = store.catalog.versions.projects()
    return projects[0] if len(projects) == 1 else NO_PROJECT
