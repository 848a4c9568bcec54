"""Api: everything in a store, read without a run."""

from __future__ import annotations

from jupyter_artifacts.tracking.api_artifacts import ArtifactReading
from jupyter_artifacts.tracking.api_runs import RunReading
from jupyter_artifacts.tracking.registries import RegistryReading


class Api(ArtifactReading, RunReading, RegistryReading):
    """Reads a store: artifacts, runs and projects by name.

    Parameters
    ----------
    overrides : dict, optional
        ``{"project": ...}`` for names that have none, ``{"entity": ...}``.
    timeout, api_key
        W&B's; not needed here.
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.

    Examples
    --------
    ::

        Api().artifact("demo/mnist-raw:latest").download()
    """
