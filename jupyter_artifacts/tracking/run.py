"""Run: one execution that logs values and makes and uses artifacts."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from jupyter_artifacts.errors import ArtifactsError, UsageError
from jupyter_artifacts.store.interrupts import PATIENCE, Shield
from jupyter_artifacts.store.records import RunChanges
from jupyter_artifacts.tracking.alerts import alert_line, seconds_of
from jupyter_artifacts.tracking.endings import ending_of
from jupyter_artifacts.tracking.environment import setting
from jupyter_artifacts.tracking.history import History
from jupyter_artifacts.tracking.messages import say, warn
from jupyter_artifacts.tracking.metrics import check_metric
from jupyter_artifacts.tracking.run_extras import RunExtras
from jupyter_artifacts.tracking.run_logs import RunLogs
from jupyter_artifacts.tracking.saved_files import SavedFiles
from jupyter_artifacts.tracking.source_files import program_file, wants_code
from jupyter_artifacts.tracking.summary import Summary
from jupyter_artifacts.tracking.writer import RunWriter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from jupyter_artifacts.store.records import RunRecord, RunState
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.alerts import AlertLevel
    from jupyter_artifacts.tracking.config import Config
    from jupyter_artifacts.tracking.metrics import Metric
    from jupyter_artifacts.tracking.run_artifacts import StrPath
    from jupyter_artifacts.tracking.settings import Settings


_OPEN: WeakValueDictionary[str, Run] = WeakValueDictionary()


def open_run(run_id: str) -> Run:
    """Return a run of this process by its id; where it is not known, say that runs do not travel."""
    run = _OPEN.get(run_id)
    if run is None:
        raise UsageError(
            f"run {run_id!r} belongs to another process; init(id={run_id!r}, resume='allow') goes on with it"
        )
    return run


class Run(RunExtras):
    """A run; made by :func:`init`, ended by :meth:`finish` or by leaving its ``with`` block.

    Examples
    --------
    ::

        with init(project="demo", job_type="train", config={"epochs": 5}) as run:
            data = run.use_artifact("mnist-raw:latest").download()
            run.log({"loss": 0.1})
            run.log_artifact("model.pt", name="model", type="model")
    """

    __slots__ = ("__weakref__", "_alerts", "_before_end", "_on_end")

    def __init__(
        self,
        store: Store,
        record: RunRecord,
        config: Config,
        settings: Settings,
        *,
        resumed: bool = False,
        first_step: int = 0,
        first_chunk: int = 0,
        on_end: Callable[[Run], None] | None = None,
    ) -> None:
        self._store = store
        self._record = record
        self._settings = settings
        self._resumed = resumed
        self._name, self._notes, self._tags = record.name, record.notes, record.tags
        self._state = "running"
        self._on_end = on_end
        self._before_end: list[Callable[[], None]] = []
        self._pid = os.getpid()
        self._alerts: dict[str, float] = {}
        self._watcher = None
        self._config = config
        values = dict(record.summary)
        self._writer = RunWriter(store, record.id, self._changes, first_chunk=first_chunk)
        self._history = History(
            self._writer, values, record.started_at, first_step=first_step, on_table=self._keep_table
        )
        self._summary = Summary(values, self._writer.touch, self._history.convert)
        self._files = SavedFiles(store, record.id, settings.root_dir or setting("DIR"))
        self._logs = RunLogs(self._writer.put)
        config.watch(self._writer.touch, self._used_in_config)
        _OPEN[record.id] = self
        self._writer.start()
        if wants_code(settings):
            self._keep_code()

    def __repr__(self) -> str:
        return f"<Run {self.name} ({self.path}, {self._state})>"

    def __enter__(self) -> Run:  # noqa: PYI034  typing.Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the run; an exception that left the block goes on to the caller, unchanged."""
        try:
            del kind
            self._end_block(error, trace)
        except KeyboardInterrupt as stop:
            self.end_at_once(*ending_of(error or stop))
            raise

    def _end_block(self, error: BaseException | None, trace: TracebackType | None) -> None:
        with Shield(PATIENCE) as shield:
            if self._is_over():
                return
            state, text, code = ending_of(error, trace)
            try:
                with shield.lifted():
                    if error is None:
                        self.end(state, text, code)
                    else:
                        self.end_quietly(state, text, code)
            except KeyboardInterrupt as stop:
                self.end_at_once(*(ending_of(stop) if error is None else (state, text, code)))
                raise

    def __reduce__(self) -> tuple[Callable[[str], Run], tuple[str]]:
        """Pickled and read back in this process, a run is the same run."""
        return open_run, (self.id,)

    def __copy__(self) -> Run:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Run:
        return self

    # ------------------------------------------------------------ values

    def log(
        self,
        data: Mapping[str, object],
        step: int | None = None,
        commit: bool | None = None,
        sync: bool | None = None,
    ) -> None:
        """Add values to the run's history and summary.

        Parameters
        ----------
        data : mapping of str to object
            Numbers, text, nested dicts (dotted columns), arrays and tensors (a list
            of up to 32 elements, else a histogram), pictures and lists of them.
        step : int, optional
            The row to add to; it stays open until a larger step, a commit, or the
            end. A step that goes back gets a row of its own, marked.
        commit : bool, optional
            Whether the row is done; without a step it is.
        sync : bool, optional
            W&B's; changes nothing.

        Raises
        ------
        InvalidTypeError
            Not a dict, a key that is no str, a value that cannot be logged; nothing is kept.
        UsageError
            The run is finished.
        """
        del sync
        if self._state != "running" or self._pid != os.getpid():
            self._require("log")
        self._history.log(data, step, commit)

    def define_metric(
        self,
        name: str,
        step_metric: str | Metric | None = None,
        step_sync: bool | None = None,
        hidden: bool | None = None,
        summary: str | None = None,
        overwrite: bool | None = None,
    ) -> Metric:
        """Say how a metric is summed up, and which other metric is its x axis.

        Parameters
        ----------
        name : str
            A key, or the beginning of keys followed by ``*``.
        step_metric : str, optional
        step_sync : bool, optional
            Fill the last value of `step_metric` into rows that lack it; on when `step_metric` is given.
        hidden : bool, optional
        summary : str, optional
            Some of ``min,max,mean,last,first,copy,none``; then the summary holds a dict of them.
        overwrite : bool, optional
            Forget what was said of the name before.
        """
        self._require("define_metric")
        rule = check_metric(name, step_metric, step_sync, hidden, summary)
        return self._history.metrics.define(rule, overwrite=bool(overwrite))

    def save(
        self,
        glob_str: StrPath | bytes,
        base_path: StrPath | None = None,
        policy: str = "live",
        glob: bool = True,
    ) -> list[str]:
        """Keep files with the run; return their absolute places in its folder.

        Parameters
        ----------
        glob_str : str, Path
            A path or pattern. A relative one keeps its folders, an absolute one its last folder.
        base_path : str or Path, optional
            Folder that the kept paths are relative to.
        policy : {"live", "now", "end"}, default "live"
            With ``now`` the files as they are, else as they will be when the run ends.
        glob : bool, default True
            Whether ``*`` and ``?`` have a meaning.
        """
        self._require("save")
        return self._files.save(glob_str, base_path, policy, glob=glob)

    def alert(
        self,
        title: str,
        text: str,
        level: str | AlertLevel | None = None,
        wait_duration: float | dt.timedelta | None = None,
    ) -> None:
        """Print a line that stands out; the same title again within `wait_duration` seconds is left out."""
        self._require("alert")
        line, wait = alert_line(title, text, level), seconds_of(wait_duration)
        now = time.monotonic()
        if now - self._alerts.get(title, -float("inf")) >= wait:
            self._alerts[title] = now
            say(line)

    # ------------------------------------------------------------ end

    def at_end(self, callback: Callable[[], None]) -> None:
        """Have `callback` called just before the run ends, however it ends, while it still takes edges."""
        self._require("at_end")
        self._before_end.append(callback)

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """End the run: everything it logged is durable when this returns. Twice is fine.

        Parameters
        ----------
        exit_code : int, optional
            Anything but 0 marks the run as failed.
        quiet : bool, optional
            W&B's; nothing is printed here.
        """
        del quiet
        if self._is_over():
            return
        self.end("failed" if exit_code else "finished", "", exit_code or 0)

    def end(self, state: RunState, error: str = "", exit_code: int | None = None) -> None:
        """End the run in a given state, with what went wrong in one line.

        If the store cannot be written, or Ctrl-C is pressed before all is there, this
        raises and the run goes on, so that it can be ended again.
        """
        if self._is_over():
            return
        if self._pid != os.getpid():
            self._require("finish")
        with Shield(PATIENCE) as shield:
            with shield.lifted():
                while self._before_end:
                    self._before_end[-1]()
                    self._before_end.pop()
            self._close_values()
            with shield.lifted():
                self._files.take_in()
                self._writer.flush()
            self._note_end(state, error, exit_code)

    def end_quietly(self, state: RunState, error: str = "", exit_code: int | None = None) -> None:
        """End the run as :meth:`end` does; if the store cannot be written, warn and let go of it."""
        try:
            self.end(state, error, exit_code)
        except (ArtifactsError, OSError) as trouble:
            self._let_go(state, str(trouble))

    def end_at_once(self, state: RunState, error: str = "", exit_code: int | None = None) -> None:
        """End the run with the values that it has: no files are taken in, nobody is called, Ctrl-C waits.

        For a run whose ending was interrupted; if the store cannot be written, warn and let go of it.
        """
        if self._is_over() or self._pid != os.getpid():
            return
        with Shield(PATIENCE):
            try:
                self._close_values()
                self._writer.flush()
                self._note_end(state, error, exit_code)
            except KeyboardInterrupt:  # pressed again and again, while others keep the catalog
                self._let_go(state, "it was interrupted")
                raise
            except (ArtifactsError, OSError) as trouble:
                self._let_go(state, str(trouble))

    # ------------------------------------------------------------ inside

    def _changes(
        self,
        state: RunState | None = None,
        error: str | None = None,
        exit_code: int | None = None,
        ended_at: float | None = None,
    ) -> RunChanges:
        return RunChanges(
            name=self._name,
            notes=self._notes,
            tags=self._tags,
            config=self._config.stored(),
            summary=dict(self._summary.as_dict()),
            state=state,
            error=error,
            exit_code=exit_code,
            ended_at=ended_at,
            heartbeat_at=time.time(),
        )

    def _keep_code(self) -> None:
        """Keep the program's file with the run, as it is now and as it will be at the end."""
        file = program_file(self._record.origin.notebook)
        if file is None:
            warn("save_code: no file of this program or notebook was found; set WANDB_NOTEBOOK_NAME to its path")
            return

        def keep() -> None:
            if file.is_file():
                self._writer.put(f"code/{file.name}", file.read_bytes())

        keep()
        self._before_end.append(keep)

    def _is_over(self) -> bool:
        return self._state != "running"

    def _close_values(self) -> None:
        """Close what gives values; doing it again changes nothing."""
        self.unwatch()
        self._history.close()
        self._logs.close()

    def _note_end(self, state: RunState, error: str, exit_code: int | None) -> None:
        self._store.catalog.runs.change(
            self.id, self._changes(state=state, error=error, exit_code=exit_code, ended_at=time.time())
        )
        self._leave(state)

    def _let_go(self, state: RunState, why: str) -> None:
        self._leave(state)
        warn(f"run {self.name} could not be finished in the store: {why}")

    def _leave(self, state: RunState) -> None:
        self._state = state
        self._writer.stop()
        text = f"Run ({self.id}) is finished; its config and summary can no longer change"
        self._config.close(text)
        self._summary.close(text)
        if self._on_end is not None:
            self._on_end(self)
