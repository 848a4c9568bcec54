"""Links: a version that also stands in another collection, under a number and aliases of its own there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.names import check_aliases, parse_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import LinkRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

MODEL_REGISTRY = "model-registry"


def link(store: Store, record: VersionRecord, target_path: object, aliases: object = None) -> LinkRecord:
    """Link a version into the collection that `target_path` names.

    Parameters
    ----------
    store : Store
    record : VersionRecord
        The version itself: a link is linked by its source.
    target_path : str
        ``collection`` (of the version's own project), ``project/collection`` or ``entity/project/collection``; a
        registry is the project ``wandb-registry-NAME``.
    aliases : str or list of str, optional
        In that collection; ``latest`` is always among them.
    """
    names = check_aliases(aliases)
    project, collection = parse_target(target_path)
    return store.catalog.links.link(record.id, project or record.project, collection, names)


def unlink(store: Store, link: LinkRecord | None, label: str) -> None:
    """Take a linked artifact out of the collection it was linked into; a source is refused."""
    if link is None:
        raise InvalidValueError(f"{label} is no link but the source itself; use 'Artifact.delete' instead to delete it")
    store.catalog.links.unlink(link.collection_id, link.version.id)


def with_aliases(store: Store, link: LinkRecord, wanted: Sequence[str]) -> LinkRecord:
    """Bring a linked artifact's aliases to its collection, if they were edited."""
    if tuple(wanted) == link.aliases:
        return link
    return store.catalog.links.rename(link.collection_id, link.version.id, wanted)
