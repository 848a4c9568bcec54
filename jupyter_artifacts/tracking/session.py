"""The runs of a process: which one is active, and how it ends when nobody ends it."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import Error, InvalidValueError
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.tracking.artifact import host
from jupyter_artifacts.tracking.artifact.artifact import Artifact
from jupyter_artifacts.tracking.endings import ending_of
from jupyter_artifacts.tracking.liveness import settle_dead_runs
from jupyter_artifacts.tracking.messages import last_logged as last_event
from jupyter_artifacts.tracking.notebook import in_notebook
from jupyter_artifacts.tracking.settings import Settings
from jupyter_artifacts.tracking.starting import begin, wanted
from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.records import CellOrigin
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.run import Run
    from jupyter_artifacts.tracking.starting import Wanted
    from jupyter_artifacts.tracking.stores import Where

REINIT = ("default", "return_previous", "finish_previous", "create_new")


class _Session:
    """The active run, the runs beneath it, and all that are still open."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.stack: list[Run] = []
        self.open: list[Run] = []
        self.cells: list[Run] = []
        self.swept: set[str] = set()
        self.error_before: BaseException | None = None


_session = _Session()


def active_run() -> Run | None:
    """Return the active run, None before `init` and after `finish`."""
    return _session.stack[-1] if _session.stack else None


def require_run(what: str) -> Run:
    """Return the active run, or refuse `what` because there is none."""
    run = active_run()
    if run is None:
        raise Error(f"You must call init() before {what}: no run is active")
    return run


def check_reinit(value: object) -> str:
    """Return what to do with a run that is active when `init` is called again.

    By default a notebook finishes it, since its cell is being run again, and a
    script gets it back.
    """
    given = {None: "default", True: "finish_previous", False: "return_previous"}.get(value, value)  # type: ignore[call-overload]  # any value may be asked for
    if given == "default":
        return "finish_previous" if in_notebook() else "return_previous"
    if given not in REINIT:
        raise InvalidValueError(f"init(reinit={value!r}): choose one of {', '.join(REINIT)}")
    return str(given)


def start_run(store: Store, asked: Wanted, reinit: str) -> Run:
    """Begin a run and make it the active one; an active one is finished, beneath, or left alone.

    Parameters
    ----------
    store : Store
    asked : Wanted
    reinit : {"finish_previous", "create_new", "beneath"}
        ``create_new`` leaves the active run active; ``beneath`` makes it active
        again when the new one has ended.
    """
    with _session.lock:
        _sweep(store)
        previous = active_run()
        if previous is not None and reinit == "finish_previous" and previous not in _session.cells:
            previous.end_quietly("finished", "", 0)
        with Shield(patience=0) as shield:
            run = begin(store, asked, _ended)
            _session.open.append(run)
            if reinit != "create_new":
                _session.stack.append(run)
                _forget_assigned()
            _session.error_before = _last_error()
            with ended_on_interrupt(run):
                shield.check()
        return run


@contextmanager
def ended_on_interrupt(run: Run) -> Iterator[None]:
    """End a run that nobody has been given yet, if Ctrl-C comes in the block or has been waiting for it."""
    try:
        yield
    except KeyboardInterrupt as stop:
        run.end_at_once(*ending_of(stop))
        raise


def begin_cell_run(
    project: str | None = None,
    job_type: str | None = None,
    *,
    name: str | None = None,
    config: object = None,
    tags: list[str] | None = None,
    origin: CellOrigin | None = None,
    cache_key: str | None = None,
    store: Where = None,
) -> Run:
    """Begin a run that lasts as long as a notebook cell; the run that was active is active again after it.

    ``init`` inside the cell begins a run of its own and does not finish this one.
    End it with ``run.end(state, error)`` or ``run.end_quietly(...)``.
    """
    active = active_run()
    place = active.store if active is not None and store is None else store_at(store)
    if project is None and active is not None:
        project = active.project
    settings = Settings(project=project, run_job_type=job_type, run_name=name, run_tags=tags, allow_val_change=True)
    asked = wanted(settings, config=config, origin=origin, cache_key=cache_key)
    with _session.lock, Shield(patience=0) as shield:
        run = start_run(place, asked, "beneath")
        _session.cells.append(run)
        with ended_on_interrupt(run):
            shield.check()
    return run


def finish(exit_code: int | None = None, quiet: bool | None = None) -> None:
    """End the active run; without one this does nothing."""
    run = active_run()
    if run is not None:
        run.finish(exit_code, quiet)


def last_logged() -> Artifact | None:
    """Return the artifact that this process logged last."""
    event = last_event()
    return None if event is None else Artifact.of(event.store, event.version)


def is_cell_run(run: Run) -> bool:
    """Tell whether a run was begun by `begin_cell_run`."""
    return run in _session.cells


def _ended(run: Run) -> None:
    with _session.lock:
        for runs in (_session.stack, _session.open, _session.cells):
            if run in runs:
                runs.remove(run)
        _forget_assigned()


def _forget_assigned() -> None:
    """Let ``wandb.config`` mean the active run's again where code has put something else in its place.

    ``wandb.config = {...}`` stands in many notebooks; with W&B, too, it holds until a run begins or ends.
    """
    package = vars(sys.modules["jupyter_artifacts"])
    for name in ("config", "run", "summary"):
        package.pop(name, None)


def _sweep(store: Store) -> None:
    """Mark the runs that a killed process left in this store, once a process."""
    if store.root not in _session.swept and not store.read_only:
        _session.swept.add(store.root)
        settle_dead_runs(store)


def _last_error() -> BaseException | None:
    """Return the exception that ended the program, where Python has noted one."""
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return error if isinstance(error, BaseException) else None


@contextmanager
def _automatic(project: str) -> Iterator[Run]:
    asked = wanted(Settings(project=project, run_job_type="auto"))
    run = start_run(store_at(), asked, "beneath")
    with run:
        yield run


def _newest_run() -> Run | None:
    """Return the run that was begun last and is still open, active or not."""
    return _session.open[-1] if _session.open else None


def end_all(error: BaseException | None = None) -> None:
    """End every run of this process that is still open; with `error` as crashed.

    A run that was begun with ``create_new``, or beneath another, counts too.
    """
    for run in reversed(_session.open.copy()):
        state, text, code = ending_of(error)
        run.end_quietly("crashed" if state == "failed" else state, text, code)


@atexit.register
def _end_forgotten() -> None:
    """End what nobody ended: well, or as crashed when an exception ended the script."""
    error = None if in_notebook() else _last_error()
    end_all(None if error is _session.error_before else error)


def _after_fork() -> None:
    """Let go of the parent's runs in a forked child: they are the parent's to end."""
    global _session  # noqa: PLW0603  the parent's lock may have been held in the moment of the fork
    _session = _Session()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

host.provide(active_run, _newest_run, _automatic)
