"""The module's functions that speak to the active run, and what stands in for it when there is none."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, NoReturn

from jupyter_artifacts.errors import Error
from jupyter_artifacts.tracking.api import Api
from jupyter_artifacts.tracking.artifact.state import unsupported
from jupyter_artifacts.tracking.session import active_run, require_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.tracking.alerts import AlertLevel
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.config import Config
    from jupyter_artifacts.tracking.metrics import Metric
    from jupyter_artifacts.tracking.run_artifacts import StrPath
    from jupyter_artifacts.tracking.summary import Summary


def log(
    data: Mapping[str, object], step: int | None = None, commit: bool | None = None, sync: bool | None = None
) -> None:
    """Add values to the active run's history; see :meth:`Run.log`."""
    require_run("log()").log(data, step, commit, sync)


def save(
    glob_str: StrPath | bytes, base_path: StrPath | None = None, policy: str = "live", glob: bool = True
) -> list[str]:
    """Keep files with the active run; see :meth:`Run.save`."""
    return require_run("save()").save(glob_str, base_path, policy, glob)


def use_artifact(
    artifact_or_name: str | Artifact,
    type: str | None = None,
    aliases: Sequence[str] | str | None = None,
    use_as: str | None = None,
) -> Artifact:
    """Fetch an artifact for the active run; see :meth:`Run.use_artifact`."""
    return require_run("use_artifact()").use_artifact(artifact_or_name, type, aliases, use_as)


def log_artifact(
    artifact_or_path: Artifact | StrPath,
    name: str | None = None,
    type: str | None = None,
    aliases: Sequence[str] | str | None = None,
    tags: Sequence[str] | str | None = None,
) -> Artifact:
    """Make a version of an artifact by the active run; see :meth:`Run.log_artifact`."""
    return require_run("log_artifact()").log_artifact(artifact_or_path, name, type, aliases, tags)


def log_model(path: StrPath, name: str | None = None, aliases: Sequence[str] | None = None) -> None:
    """Log a file or folder as a model by the active run."""
    require_run("log_model()").log_model(path, name, aliases)


def use_model(name: str) -> str:
    """Fetch a model for the active run; return its file or folder."""
    return require_run("use_model()").use_model(name)


def link_artifact(artifact: Artifact, target_path: str, aliases: Sequence[str] | str | None = None) -> Artifact:
    """Link an artifact into another collection by the active run; see :meth:`Run.link_artifact`."""
    return require_run("link_artifact()").link_artifact(artifact, target_path, aliases)


def link_model(
    path: StrPath,
    registered_model_name: str,
    name: str | None = None,
    aliases: Sequence[str] | str | None = None,
) -> Artifact:
    """Log a model and link it to a registered one; see :meth:`Run.link_model`."""
    return require_run("link_model()").link_model(path, registered_model_name, name, aliases)


def define_metric(
    name: str,
    step_metric: str | Metric | None = None,
    step_sync: bool | None = None,
    hidden: bool | None = None,
    summary: str | None = None,
    overwrite: bool | None = None,
) -> Metric:
    """Say how a metric of the active run is summed up; see :meth:`Run.define_metric`."""
    return require_run("define_metric()").define_metric(name, step_metric, step_sync, hidden, summary, overwrite)


def alert(
    title: str,
    text: str,
    level: str | AlertLevel | None = None,
    wait_duration: float | dt.timedelta | None = None,
) -> None:
    """Print a line that stands out; see :meth:`Run.alert`."""
    require_run("alert()").alert(title, text, level, wait_duration)


def watch(
    models: object,
    criterion: object = None,
    log: str | None = "gradients",
    log_freq: int = 1000,
    idx: int | None = None,
    log_graph: bool = False,
) -> None:
    """Log histograms of a torch model's gradients and parameters by the active run; see :meth:`Run.watch`."""
    require_run("watch()").watch(models, criterion, log, log_freq, idx, log_graph)


def unwatch(models: object = None) -> None:
    """Remove the hooks of :func:`watch` from some models, or from all."""
    require_run("unwatch()").unwatch(models)


def restore(
    name: str, run_path: str | None = None, replace: bool = False, root: StrPath | None = None
) -> IO[str] | None:
    """Bring a file that a run saved back to the disk; see :meth:`Run.restore`.

    With a `run_path` no run needs to be active.
    """
    if run_path is None or active_run() is not None:
        return require_run("restore()").restore(name, run_path, replace, root)
    return Api().run(run_path).file(name).download("." if root is None else root, replace=replace, exist_ok=True)


def mark_preempting() -> None:
    """Make everything that the active run has logged durable now; see :meth:`Run.mark_preempting`."""
    require_run("mark_preempting()").mark_preempting()


def login(
    key: str | None = None,
    relogin: bool | None = None,
    host: str | None = None,
    force: bool | None = None,
    timeout: int | None = None,
    **options: object,
) -> bool:
    """Return True: there is no account to log in to, and nothing is asked."""
    del key, relogin, host, force, timeout, options
    return True


def sweep(*arguments: object, **options: object) -> NoReturn:
    """W&B's hyperparameter search; not offered."""
    del arguments, options
    unsupported("a sweep (sweep(), agent(), controller())", "a loop around init() with a new config each time does it")


agent = controller = sweep


def active_config() -> Config | NoRun:
    """Return the active run's config, else something whose any use says that there is none."""
    run = active_run()
    return NoRun("config") if run is None else run.config


def active_summary() -> Summary | NoRun:
    """Return the active run's summary, else something whose any use says that there is none."""
    run = active_run()
    return NoRun("summary") if run is None else run.summary


class NoRun:
    """Stands for the config or summary of a run that is not there."""

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        object.__setattr__(self, "_what", what)

    def _refuse(self) -> NoReturn:
        raise Error(f"You must call init() before {self._what}: no run is active")

    def __repr__(self) -> str:
        return f"<{self._what}: no run is active>"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  it never returns
        if name.startswith("_"):
            raise AttributeError(name)
        self._refuse()

    def __setattr__(self, name: str, value: object) -> None:
        self._refuse()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  it never returns
        self._refuse()

    def __setitem__(self, key: str, value: object) -> None:
        self._refuse()

    def __delitem__(self, key: str) -> None:
        self._refuse()

    def __contains__(self, key: object) -> bool:
        self._refuse()

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def __len__(self) -> int:  # noqa: PLE0303  it never returns
        self._refuse()
