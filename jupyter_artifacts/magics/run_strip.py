"""What a run that ends has to say for itself: its changed files as an artifact, and one line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.cards import CELL_CARDS
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.magics.cell_files import CellFiles
    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.tracking.run import Run


def log_changed(run: Run, job_type: str, files: CellFiles) -> None:
    """Log the files that were made or changed, as an artifact that is named after the run's work."""
    changed = files.changed()
    if not changed:
        return
    draft = Artifact(f"{job_type or run.name}-files", "files")
    for path, local in changed.items():
        draft.add_file(local, path)
    with CELL_CARDS.held_back():
        run.log_artifact(draft)


def strip(run: Run) -> str:
    """Return a run in one line: what it is, how long it took, what it used and made."""
    edges = run.store.catalog.edges
    used, made = (_labels(side(run.id)) for side in (edges.inputs, edges.outputs))
    facts = [run.job_type, say("{s} s", s=f"{time.time() - run.start_time:.1f}")]
    what = say("run {name}", name=run.name)
    return f"{what} ({', '.join(filter(None, facts))}): {used} → {made}"


def _labels(versions: Sequence[VersionRecord]) -> str:
    return ", ".join(version.label for version in versions) or "-"
