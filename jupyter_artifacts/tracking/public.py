"""``wandb.apis.public``: the classes that `Api` hands out, under the names code imports them by."""

from __future__ import annotations

from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.api_runs import Project
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.files import ArtifactFiles
from jupyter_artifacts.tracking.collections import ArtifactCollection, ArtifactType
from jupyter_artifacts.tracking.pages import Pages
from jupyter_artifacts.tracking.past_run import PastRun
from jupyter_artifacts.tracking.registries import Registries, Registry
from jupyter_artifacts.tracking.run_files import LoggedFile, RunFiles

File = LoggedFile
Files = RunFiles
PublicApi = Api
Run = PastRun
Runs = Pages

__all__ = [
    "Api",
    "Artifact",
    "ArtifactCollection",
    "ArtifactFiles",
    "ArtifactType",
    "File",
    "Files",
    "Project",
    "PublicApi",
    "Registries",
    "Registry",
    "Run",
    "Runs",
]
