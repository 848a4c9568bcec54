"""What is typed in a cell: magics, their options, the life of a tracked cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run

__all__ = ["current", "load_ipython_extension", "track", "unload_ipython_extension"]


def load_ipython_extension(shell: Shell) -> None:
    """Load the magics (``%load_ext jupyter_artifacts``)."""
    from jupyter_artifacts.magics.extension import load

    load(shell)


def unload_ipython_extension(shell: Shell) -> None:
    """Unload the magics (``%unload_ext jupyter_artifacts``)."""
    from jupyter_artifacts.magics.extension import unload

    unload(shell)


def track(
    name: str | None = None,
    *,
    job_type: str | None = None,
    uses: str | Sequence[str] = (),
    config: Mapping[str, object] | None = None,
    tags: Sequence[str] = (),
    project: str | None = None,
) -> Run:
    """Begin a run for a block: ``with track(job_type="train") as run:``, the Python form of ``%%track``.

    The run that was active is active again after the block. An exception ends the
    run as failed and goes on unchanged.

    Parameters
    ----------
    name : str, optional
        The run's name; by default one is made up.
    job_type : str, optional
    uses : str or sequence of str
        Artifacts that the run uses, such as ``"mnist-raw:latest"``.
    config : mapping, optional
    tags : sequence of str
    project : str, optional

    Raises
    ------
    NotFoundError
        One of `uses` does not exist; no run is begun.
    """
    from jupyter_artifacts.magics.forms import begin_block

    return begin_block(name, job_type, [uses] if isinstance(uses, str) else list(uses), config, list(tags), project)


def current() -> Artifact:
    """Return the artifact that the running ``%%log_artifact`` cell will log, to put files into.

    Examples
    --------
    ::

        %%log_artifact report -t report
        with ja.current().new_file("summary.md") as file:
            file.write("# What came of it")

    Raises
    ------
    UsageError
        No such cell is running.
    """
    from jupyter_artifacts.magics.forms import current_draft

    return current_draft()
