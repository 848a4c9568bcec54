"""Objects straight out of an artifact."""

from __future__ import annotations

from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.session import active_run


def load(name: str, *entries: str) -> object:
    """Return the objects of an artifact's files, read by their handlers.

    If a run is active, it is recorded as using the artifact.

    Parameters
    ----------
    name : str
        ``name:alias``, as for `use_artifact`.
    *entries : str
        Files, with or without their endings; none for an artifact of one file.

    Returns
    -------
    object or tuple of object
        One object for up to one entry, else a tuple in the order asked.

    Raises
    ------
    NotFoundError
        No such artifact; the nearest are named.
    KeyError
        No such file in it.

    Examples
    --------
    ::

        training, test = load("mnist-raw:latest", "training", "test")
    """
    run = active_run()
    artifact = Api().artifact(name) if run is None else run.use_artifact(name)
    if not entries:
        return artifact.load()
    found = tuple(artifact.load(entry) for entry in entries)
    return found[0] if len(found) == 1 else found
