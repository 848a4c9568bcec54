"""From a name such as ``project/name:alias`` to the artifact it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import CommError, NotFoundError
from jupyter_artifacts.model.names import check_text, parse_ref
from jupyter_artifacts.tracking.artifact.artifact import Artifact

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store

ADDRESS = "wandb-artifact://"
"""What an artifact's name begins with where it stands among other texts, in a config for instance."""


def fetch(store: Store, name: object, project: str, type: str | None = None) -> Artifact:
    """Return a logged artifact.

    Parameters
    ----------
    store : Store
    name : str
        ``name``, ``name:alias``, ``name:v3``, ``project/name:...`` or
        ``entity/project/name:...``; a name alone means ``:latest``. There is one
        entity in a store, so it is not looked at.
    project : str
        Where to look when the name has no project.
    type : str, optional
        What it is expected to be.

    Raises
    ------
    NotFoundError
        A CommError: no such project, artifact, version or alias.
    CommError
        It is of another type.
    InvalidNameError
        The text cannot be a name.
    """
    ref = parse_ref(check_text(name, "artifact").removeprefix(ADDRESS))
    try:
        found = Artifact.of(store, store.catalog.versions.resolve(ref.project or project, ref.name, ref.selector))
    except NotFoundError:
        collection = store.catalog.collections.find(ref.project or project, ref.name)
        if collection is None or not collection.portfolio:
            raise
        link = store.catalog.links.resolve(ref.project or project, ref.name, ref.selector)
        found = Artifact.of_link(store, link)
    if type is not None and type != found.type:
        raise CommError(f"type {type!r} specified but this artifact is of type {found.type!r}: {found.name}")
    return found
