"""What is typed in a cell: magics, their options, the life of a tracked cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from jupyter_artifacts.magics.diff_command import DiffReport
    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.magics.stale_command import StaleReport
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run

__all__ = [
    "artifact_diff",
    "current",
    "load_ipython_extension",
    "make",
    "recreate",
    "stale",
    "track",
    "unload_ipython_extension",
]


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

    return begin_block(name, job_type, _listed(uses), config, list(tags), project)


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


def make(
    name: str,
    *,
    type: str = "artifact",
    description: str | None = None,
    metadata: Mapping[str, object] | None = None,
    aliases: str | Sequence[str] = (),
    files: str | Sequence[str] = (),
    uses: str | Sequence[str] = (),
    job_type: str | None = None,
    project: str | None = None,
) -> AbstractContextManager[Artifact]:
    """Run a block as a run that makes one version, the Python form of ``%%log_artifact``.

    Nothing is logged if the block raises, or while its inputs do not exist.

    Parameters
    ----------
    name : str
        The artifact's name.
    type : str, default "artifact"
    description : str, optional
    metadata : mapping, optional
        More can be put into ``artifact.metadata`` in the block.
    aliases : str or sequence of str
        Beside ``latest``.
    files : str or sequence of str
        Paths, folders or globs: of them what the block made or changed.
    uses : str or sequence of str
        Artifacts that it is made from.
    job_type : str, optional
        Of the run; by default ``make-NAME``.
    project : str, optional

    Examples
    --------
    ::

        with ja.make("mnist-raw", type="dataset", metadata={"source": "torchvision"}) as artifact:
            training = load()
            artifact.add_object(training, "training")
    """
    from jupyter_artifacts.magics.forms import make_block
    from jupyter_artifacts.tracking.artifact.artifact import Artifact

    draft = Artifact(name, type, description, dict(metadata or {}))
    return make_block(draft, _listed(files), _listed(uses), _listed(aliases), job_type, project)


def stale(name: str | None = None, *, project: str | None = None, every: bool = False) -> StaleReport:
    """Return what is out of date, why, and which cells to run again (``%stale``).

    Parameters
    ----------
    name : str, optional
        This version and all that it was made from; by default the newest version of each artifact.
    project : str, optional
    every : bool, default False
        Look at every version of the project.

    Examples
    --------
    ::

        for item in ja.stale("trained-model"):
            print(item.version.label, item.why)
    """
    from jupyter_artifacts.magics.stale_command import stale as look

    return look(name, project=project, every=every)


def artifact_diff(name: str, other: str | None = None, *, project: str | None = None) -> DiffReport:
    """Return what changed from one version to another, by default to the newest (``%artifact_diff``)."""
    from jupyter_artifacts.magics.diff_command import artifact_diff as compare

    return compare(name, other, project=project)


def recreate(name: str, *, only: bool = False, project: str | None = None) -> str:
    """Return the source that makes a version again, its inputs' versions pinned (``%recreate``).

    Parameters
    ----------
    name : str
        ``name``, ``name:alias`` or ``name:v3``.
    only : bool, default False
        The last cell alone, without those that made its inputs.
    project : str, optional
    """
    from jupyter_artifacts.magics.recreate_command import recreate as write

    return write(name, only=only, project=project)


def _listed(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
