"""Api: everything in a store, read without a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UnsupportedNameError, nearest
from jupyter_artifacts.tracking.api_artifacts import ArtifactReading
from jupyter_artifacts.tracking.api_runs import RunReading
from jupyter_artifacts.tracking.registries import RegistryReading

if TYPE_CHECKING:
    from jupyter_artifacts.tracking.api_runs import Runs
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.public_run import PublicRun


_SERVER_ONLY = frozenset(
    [
        "automation",
        "automations",
        "create_automation",
        "create_custom_chart",
        "create_project",
        "create_run_queue",
        "create_team",
        "create_user",
        "delete_automation",
        "integrations",
        "job",
        "list_jobs",
        "queued_run",
        "report",
        "reports",
        "run_queue",
        "slack_integrations",
        "sweep",
        "sweeps",
        "sync_tensorboard",
        "team",
        "update_automation",
        "upsert_run_queue",
        "user",
        "users",
        "webhook_integrations",
    ]
)
"""What W&B's Api asks a server for."""


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

    if not TYPE_CHECKING:  # a type checker knows that there are no other names

        def __getattr__(self, name: str) -> object:
            if name in _SERVER_ONLY:
                raise UnsupportedNameError(
                    f"Api.{name} is not offered here: it asks W&B's server, and a store is a folder; "
                    "artifacts, runs, projects and registries can be asked for"
                )
            raise AttributeError(f"Api has no attribute {name!r}{nearest(name, dir(self))}")

    def from_path(self, path: str) -> Artifact | PublicRun | Runs:
        """Return what a path of W&B's names: a run, a project's runs, or an artifact.

        Parameters
        ----------
        path : str
            ``entity/project/runs/id``, ``entity/project/id``, ``entity/project/name:alias``
            or ``entity/project``; an address of W&B's page has the same parts.
        """
        parts = [part for part in path.partition("://")[2 if "://" in path else 0].split("/") if part]
        parts = parts[1:] if "://" in path else parts
        if parts and ":" in parts[-1]:
            return self.artifact("/".join(part for part in parts if part != "artifacts"))
        if "runs" in parts[:-1]:
            return self.run("/".join(part for part in parts if part != "runs"))
        if len(parts) == len(("entity", "project", "id")):
            return self.run("/".join(parts))
        return self.runs("/".join(parts) or None)
