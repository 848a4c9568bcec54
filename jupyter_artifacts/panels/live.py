"""Open panels hear when something changes in this kernel; many events close together are one message."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

from IPython import get_ipython

from jupyter_artifacts.panels import diff_shown, display
from jupyter_artifacts.panels.base import open_panels
from jupyter_artifacts.panels.runs import RunPanel
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.store.helpers import begin
from jupyter_artifacts.tracking.messages import on_display, on_history, on_logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.messages import HistoryEvent, LoggedEvent

PAUSE = 0.25


class Refresher:
    """Calls at once, then at most every quarter of a second; also while a cell keeps the kernel busy.

    Parameters
    ----------
    tell : callable
        Tells the panels.
    clock : callable
        Seconds that only grow.
    later : callable
        Calls a function after some seconds, from whatever thread and maybe twice; returns False
        where nothing runs later.
    """

    def __init__(
        self,
        tell: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], bool] | None = None,
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._later = later or _call_later
        self._last = float("-inf")
        self._waiting = False
        self._guard = threading.Lock()

    def changed(self) -> None:
        """Note that something changed."""
        with self._guard:
            wait = self._last + PAUSE - self._clock()
            if wait > 0 and self._waiting:
                return
            self._waiting = True
        if wait <= 0 or not self._later(wait, self._flush):
            self._flush()

    def _flush(self) -> None:
        with self._guard:
            if not self._waiting:
                return
            self._waiting = False
            self._last = self._clock()
        self._tell()


def _call_later(seconds: float, call: Callable[[], None]) -> bool:
    """Have the kernel's own loop call, and, where a cell keeps it busy for longer, a thread."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    loop.call_later(seconds, call)

    def call_meanwhile() -> None:
        time.sleep(seconds + PAUSE)
        call()

    begin(call_meanwhile)
    return True


def _tell_all() -> None:
    for panel in open_panels():
        panel.tell_changed()


_refresher = Refresher(_tell_all)
_listening: list[bool] = []


def listen() -> None:
    """Tell open panels of what is logged, and after each cell of what else changed; once is enough."""
    if _listening:
        return
    _listening.append(True)
    diff_shown.listen()
    on_logged(_heard)
    on_history(_grown)
    on_display(show_run)
    shell = get_ipython()
    if shell is not None:
        shell.events.register("post_run_cell", _after_cell)


def show_run(store: Store, run_id: str) -> bool:
    """Show a run's panel under the cell, as ``run.display()`` asks; return False where there are no panels."""
    if display.mode() == "text":
        return False
    listen()
    record = store.catalog.runs.get(run_id)
    RunPanel(Shelf(store, record.project), [record]).show()
    return True


def _heard(event: LoggedEvent) -> bool:  # noqa: ARG001  the hook's signature
    _refresher.changed()
    return False


def _grown(event: HistoryEvent) -> None:
    """Draw a run's charts on, also while its cell keeps the kernel busy: this runs in the run's own thread."""
    for panel in open_panels():
        if isinstance(panel, RunPanel):
            panel.heard(event)


def _after_cell(*_: object) -> None:
    # Runs end, aliases move: no event tells of that, a newer revision does.
    _refresher.changed()
