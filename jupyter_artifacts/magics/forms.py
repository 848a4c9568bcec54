"""The Python forms: a run around a block, the artifact of the running cell."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from IPython import get_ipython

from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.magics.cell import LoggingCell
from jupyter_artifacts.magics.cell_files import CellFiles
from jupyter_artifacts.magics.content import add_files
from jupyter_artifacts.magics.extension import desk_of
from jupyter_artifacts.magics.origin import cell_origin
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.store.records import CellOrigin
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.session import begin_cell_run, ended_on_interrupt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run


def begin_block(
    name: str | None,
    job_type: str | None,
    uses: Sequence[str],
    config: Mapping[str, object] | None,
    tags: list[str],
    project: str | None,
) -> Run:
    """Check the inputs, then begin a run that its ``with`` block ends."""
    inputs = [Api({"project": project} if project else None).artifact(used) for used in uses]
    origin, files = _origin(), CellFiles()
    with Shield(patience=0) as shield:
        run = begin_cell_run(project, job_type, name=name, config=config, tags=tags or None, origin=origin)
        with ended_on_interrupt(run):
            for artifact in inputs:
                run.record_use(artifact)
            files.follow(run)
            shield.check()
    return run


@contextmanager
def make_block(
    draft: Artifact,
    files: Sequence[str],
    uses: Sequence[str],
    aliases: Sequence[str],
    job_type: str | None,
    project: str | None,
) -> Iterator[Artifact]:
    """Run a block as a run; log the draft at its end, with those of `files` that the block made or changed."""
    seen = CellFiles(files)
    with begin_block(None, job_type or f"make-{draft.name}", uses, None, [], project) as run:
        yield draft
        for pattern in files:
            add_files(draft, pattern, "files", seen.has_changed)
        run.log_artifact(draft, aliases=list(aliases))


def current_draft() -> Artifact:
    """Return the draft of the innermost ``%%log_artifact`` cell that is running."""
    shell = cast("Shell | None", get_ipython())
    desk = None if shell is None else desk_of(shell)
    tracked = None if desk is None else desk.watch.tracked
    if not isinstance(tracked, LoggingCell):
        raise UsageError("current(): no %%log_artifact cell is running")
    return tracked.draft


def _origin() -> CellOrigin:
    shell = cast("Shell | None", get_ipython())
    result = None if shell is None else shell.displayhook.exec_result
    if shell is None or result is None:
        return CellOrigin()
    desk = desk_of(shell)
    return cell_origin(shell, result, source=desk is None or desk.settings.record_source)
