"""Artifacts on their way to another store: a bundle is written here, taken in there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, NoSuchPathError, NotFoundError
from jupyter_artifacts.model.names import parse_ref
from jupyter_artifacts.tracking.api_base import Reading
from jupyter_artifacts.tracking.progress import meter
from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jupyter_artifacts.store.bundle.exporting import Chosen, Exported
    from jupyter_artifacts.store.bundle.importing import Imported
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.stores import Where


def export(
    names: str | Sequence[str] | None,
    target: str | os.PathLike[str],
    *,
    project: str | None = None,
    store: Where = None,
) -> Exported:
    """Write artifacts with their versions, files, runs and lineage to a bundle that another store imports.

    Parameters
    ----------
    names : str, list of str, or None
        ``"mnist-raw"`` for all its versions, ``"mnist-raw:v2"`` or ``"mnist-raw:best"`` for
        one, ``"project/name"`` for another project's; None for the whole store. With
        versions go the runs that made or used them.
    target : str or Path
        A folder to be made, or a file ending in ``.jab`` or ``.zip``.
    project : str, optional
        Where names without a project are looked for; the present one by default.
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.

    Returns
    -------
    Exported
        `target`, `versions`, `runs`, `files`, `size`.

    Raises
    ------
    NotFoundError
        No such artifact, version or alias, or nothing to export.
    InvalidValueError
        Something lies at `target`.
    CorruptError
        Stored bytes are not those that were logged; no bundle is left.

    Examples
    --------
    ::

        export(["mnist-raw", "digits:best"], "for-you.jab")
    """
    from jupyter_artifacts.store.bundle.exporting import export as write

    source = store_at(store, create=False)
    if names is None:
        chosen = None
    else:
        wanted = [names] if isinstance(names, str) else list(names)
        chosen = list(_chosen(source, wanted, project or Reading(store=store).default_project))
        if not chosen:
            raise NotFoundError("export() was given an empty list of names; None stands for everything")
    return write(source, chosen, os.fspath(target), lambda files, size: meter("exporting", files, size))


def import_bundle(source: str | os.PathLike[str], *, store: Where = None) -> Imported:
    """Take a bundle into a store: versions with the same digests, numbers, aliases and lineage.

    A version keeps its number unless the artifact has versions of its own here; then it
    gets the next one, and ``metadata["imported_from"]`` says which it was. What is here
    already is found again: importing twice changes nothing, and an import that was cut
    short goes on. Aliases that versions of one's own hold stay where they are; ``latest``
    goes to the newest new version, as after logging.

    Parameters
    ----------
    source : str or Path
        What :func:`export` wrote. It is not trusted: digests, names and sizes are checked
        before anything is written.
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward; made when there is none.

    Returns
    -------
    Imported
        `versions` as they are here, `new_versions`, `new_runs`.

    Raises
    ------
    CorruptError
        The bundle is damaged, or is none.
    NewerFormatError
        A newer version of this package wrote it.
    InvalidValueError
        An artifact has another type here, or the store names bytes by another algorithm.
    """
    from jupyter_artifacts.store.bundle.importing import import_bundle as take

    path = os.fspath(source)
    if not os.path.lexists(path):
        raise NoSuchPathError(f"there is no bundle at {path!r}")
    return take(store_at(store), path, lambda files, size: meter("importing", files, size))


def _chosen(store: Store, names: Iterable[str], project: str) -> Iterable[Chosen]:
    from jupyter_artifacts.store.bundle.exporting import Chosen

    for name in names:
        if not isinstance(name, str):
            raise InvalidTypeError(f"export() takes names, not {type(name).__name__} ({name!r})")
        ref = parse_ref(name)
        where = ref.project or project
        if ":" not in name:
            yield Chosen(where, ref.name)
            continue
        record = store.catalog.versions.resolve(where, ref.name, ref.selector)
        yield Chosen(record.project, record.name, frozenset([record.number]))
