"""Runs, artifacts and what reads them back: the Python API under W&B's names.

Importing any part of this room also imports the session, which tells artifacts
which run is active.
"""

from __future__ import annotations

from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.run import Run
from jupyter_artifacts.tracking.session import active_run, begin_cell_run, last_logged, require_run

__all__ = ["Artifact", "Run", "active_run", "begin_cell_run", "last_logged", "require_run"]
