"""What a failed cell leaves behind with ``--on-error draft``: a version of its own that expires."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.cards import CELL_CARDS
from jupyter_artifacts.magics.content import collect
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.model.names import check_name
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from jupyter_artifacts.magics.cell_files import CellFiles
    from jupyter_artifacts.magics.expressions import Namespace
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run

KEPT = dt.timedelta(days=7)
_LISTS = ("vars", "files", "meta", "refs")


def local_paths(artifact: Artifact) -> set[str]:
    """Return the files of this disk that a draft was put together from, as whole paths."""
    state = artifact.state_of
    if not isinstance(state, Draft):
        return set()
    known = (state.local_paths.get(entry.path) for entry in state.manifest())
    return {os.path.abspath(path) for path in known if path is not None}  # noqa: PTH100  as changed files are noted


def keep_draft(run: Run, plan: Plan, draft: Artifact, namespace: Namespace, files: CellFiles) -> Artifact | None:
    """Log what the body had come to as ``NAME.draft``; return it, or None where there is nothing.

    What the line asks for and the body did not come to make is left out.
    """
    state = draft.state_of
    if not isinstance(state, Draft):
        return None
    try:
        state.name, state.type = check_name(f"{plan.name}.draft"), "draft"
        _take(plan, draft, namespace, files)
        if not draft.manifest.entries:
            return None
        draft.metadata["instead_of"] = plan.name
        draft.ttl = KEPT
        with CELL_CARDS.held_back():
            return run.log_artifact(draft)
    except (ArtifactsError, OSError) as error:
        warn(f"what {plan.name} had come to could not be kept: {one_line(error)}")
        return None


def _take(plan: Plan, kept: Artifact, namespace: Namespace, files: CellFiles) -> None:
    """Put in every single thing that the line names and that is there."""
    for option in _LISTS:
        for word in plan.parsed.words(option):
            try:
                collect(plan.parsed.only(option, word), kept, namespace, files.has_changed)
            except (ArtifactsError, UsageError):  # the body did not get there: that is why this is a draft
                continue
    if files.takes:
        for path, local in files.changed().items():
            if path not in kept.manifest.entries:
                kept.add_file(local, path)
