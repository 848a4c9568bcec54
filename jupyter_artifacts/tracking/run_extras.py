"""The calls of a run beside values and artifacts: watched models, its source, its files again, how it is shown."""

from __future__ import annotations

import html
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from jupyter_artifacts.errors import NoSuchPathError, NotFoundError
from jupyter_artifacts.model.names import check_text
from jupyter_artifacts.model.paths import check_entry_path, safe_join
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.artifact.state import unsupported
from jupyter_artifacts.tracking.messages import display_run, say, warn
from jupyter_artifacts.tracking.run_artifacts import RunArtifacts
from jupyter_artifacts.tracking.run_files import RunFiles
from jupyter_artifacts.tracking.source_files import code_name, source_files
from jupyter_artifacts.tracking.util import make_artifact_name_safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from jupyter_artifacts.media.base import Document
    from jupyter_artifacts.tracking.run_artifacts import StrPath
    from jupyter_artifacts.tracking.run_logs import RunLogs
    from jupyter_artifacts.tracking.watching import Watcher


@dataclass(frozen=True)
class RunStatus:
    """What W&B tells of its uploads; here nothing waits to be uploaded."""

    sync_items_total: int = 0
    sync_items_pending: int = 0
    sync_time: None = None


class RunExtras(RunArtifacts):
    """A part of `Run`."""

    __slots__ = ("_logs", "_watcher")

    _logs: RunLogs
    _watcher: Watcher | None

    def watch(
        self,
        models: object,
        criterion: object = None,
        log: str | None = "gradients",
        log_freq: int = 1000,
        idx: int | None = None,
        log_graph: bool = False,
    ) -> None:
        """Log histograms of a torch model's gradients and parameters while it is trained.

        Every `log_freq` passes they join the row that is open, under
        ``gradients/NAME`` and ``parameters/NAME``. The hooks go when the run ends.

        Parameters
        ----------
        models : torch.nn.Module or list of them
        criterion : object
            W&B's; not needed here.
        log : {"gradients", "parameters", "all", None}, default "gradients"
        log_freq : int, default 1000
        idx : int, optional
            The number that names of a further model's values begin with.
        log_graph : bool, default False
            W&B's picture of the model; not drawn here.

        Raises
        ------
        InvalidTypeError
            No torch model.
        InvalidValueError
            A model that is watched already, or something else to log.
        """
        from jupyter_artifacts.tracking.watching import Watcher

        del criterion
        self._require("watch")
        if log_graph:
            warn("watch(log_graph=True): the model's graph is not drawn here; gradients and parameters are logged")
        if self._watcher is None:
            self._watcher = Watcher(lambda values: self._log(values, commit=False))
        self._watcher.watch(models, log, log_freq, idx)

    def unwatch(self, models: object = None) -> None:
        """Remove the hooks of :meth:`watch` from some models, or from all."""
        if self._watcher is not None:
            self._watcher.unwatch(models)

    def log_code(
        self,
        root: StrPath | None = ".",
        name: str | None = None,
        include_fn: Callable[..., bool] | None = None,
        exclude_fn: Callable[..., bool] | None = None,
    ) -> Artifact | None:
        """Log the source files below a folder as an artifact of type ``code``.

        Parameters
        ----------
        root : str or Path, default "."
        name : str, optional
            ``source-<project>-<entry point>`` when not given.
        include_fn : callable, optional
            Tells of a path, or a path and the root, whether it is source; by default
            Python files, ``requirements.txt`` and ``Dockerfile`` are.
        exclude_fn : callable, optional
            The same, for what is to be left out.

        Returns
        -------
        Artifact or None
            None, with a warning, when no file is source.
        """
        self._require("log_code")
        found = source_files("." if root is None else root, include_fn, exclude_fn)
        if not found:
            warn(f"log_code(root={root!r}): no source files there; nothing was logged")
            return None
        artifact = Artifact.internal(name or code_name(self.project), "code")
        for path, local in found:
            artifact.add_file(local, path)
        return self.log_artifact(artifact)

    def restore(
        self, name: str, run_path: str | None = None, replace: bool = False, root: StrPath | None = None
    ) -> IO[str] | None:
        """Bring a file that a run saved back to the disk, and return it opened for reading.

        Parameters
        ----------
        name : str
            Path among the run's files.
        run_path : str, optional
            The other run, as ``project/id``; this one when not given.
        replace : bool, default False
            Write it anew where it is there already.
        root : str or Path, optional
            The folder it is written to; the run's own when not given.

        Raises
        ------
        NoSuchPathError
            A ValueError: no such run, or it has no such file.
        """
        self._require("restore")
        folder = self.dir if root is None else root
        here = Path(safe_join(folder, check_entry_path(name)))
        if here.is_file() and not replace:
            return here.open(encoding="utf-8")
        run_id = self.id if run_path is None else run_path.rstrip("/").rpartition("/")[2]
        own = Path(safe_join(self.dir, name))
        if run_id == self.id and own.is_file():
            return _brought(own, here)
        runs = self._store.catalog.runs
        try:
            file = RunFiles(self._store, runs.files(runs.get(run_id).id)).named(name)
        except NotFoundError as error:
            raise NoSuchPathError(f"restore({name!r}): {error}") from error
        return file.download(folder, replace=replace, exist_ok=True)

    # ------------------------------------------------------------ shown

    def status(self) -> RunStatus:
        """Return W&B's facts about uploads: nothing is pending, what is logged is on the disk."""
        return RunStatus()

    def to_html(self, height: int = 420, hidden: bool = False) -> str:
        """Return the run's name, project and state as HTML."""
        del height, hidden
        facts = ", ".join(f"{key} {value}" for key, value in (("project", self.project), ("id", self.id)))
        return f"<p>Run <b>{html.escape(self.name)}</b> ({html.escape(facts)})</p>"

    def display(self, height: int = 420, hidden: bool = False) -> bool:
        """Show the run's panel; outside of a notebook, or `hidden`, say which run this is."""
        del height
        if not hidden and display_run(self._store, self.id):
            return True
        say(f"run {self.name} of project {self.project}, id {self.id}")
        return True

    def mark_preempting(self) -> None:
        """Make everything logged so far durable now: this machine may go at any moment.

        ``init(id=..., resume="allow")`` goes on with the run elsewhere.
        """
        self._require("mark_preempting")
        self._writer.flush()

    def write_logs(self, text: str) -> None:
        """Append a line to the run's log, its file ``output.log``."""
        self._require("write_logs")
        self._logs.write(check_text(text, "write_logs() text"))

    # ------------------------------------------------------------ not tracked here

    def pin_config_keys(self, keys: object) -> NoReturn:
        """W&B's; there is no table of runs to pin columns in."""
        del keys
        unsupported("pin_config_keys()", "Api().runs(...) lists configs")

    def _keep_table(self, key: str, table: Document) -> None:
        """Keep a logged table as an artifact too, ``run-<id>-<key>`` of the type ``run_table``, as W&B does."""
        from jupyter_artifacts.media.tables.table import Table

        if isinstance(table, Table) and len(table.data) > Table.MAX_ARTIFACT_ROWS:
            return
        artifact = Artifact.internal(make_artifact_name_safe(f"run-{self.id}-{key}"), "run_table")
        artifact.add(table, key)
        self.log_artifact(artifact)

    def _log(self, values: object, *, commit: bool) -> None:
        """Take values without asking for a step."""
        self._history.log(values, None, commit)


def _brought(own: Path, here: Path) -> IO[str]:
    """Return a file of this run, whose files are not in the store before its end, opened where it was asked for."""
    if own != here:
        here.parent.mkdir(parents=True, exist_ok=True)
        here.unlink(missing_ok=True)
        shutil.copyfile(own, here)
    return here.open(encoding="utf-8")
