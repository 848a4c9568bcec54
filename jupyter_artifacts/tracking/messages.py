"""One line to the user, and the hook by which panels put a card in its place."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.environment import flag

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.store.records import HistoryChunk, VersionRecord
    from jupyter_artifacts.store.store import Store

_PACKAGE = __name__.partition(".")[0]


@dataclass(frozen=True)
class LoggedEvent:
    """A version was logged, or equal content was found.

    Attributes
    ----------
    store : Store
    version : VersionRecord
        As it is after logging.
    created : bool
        False: the content was there already and no version was made.
    new_bytes : int
        Bytes that the store did not hold before.
    seconds : float
        How long logging took.
    run_id : str or None
        The run that made it.
    """

    store: Store
    version: VersionRecord
    created: bool
    new_bytes: int
    seconds: float
    run_id: str | None


@dataclass(frozen=True)
class HistoryEvent:
    """Rows of a running run's history are in the store.

    Attributes
    ----------
    store : Store
    run_id : str
    chunk : HistoryChunk
        The rows, as JSON.
    """

    store: Store
    run_id: str
    chunk: HistoryChunk


_readers: list[Callable[[HistoryEvent], None]] = []
_listeners: list[Callable[[LoggedEvent], bool]] = []
_last: list[LoggedEvent] = []
_showing: list[Callable[[Store, str], bool]] = []


def is_silent() -> bool:
    """Tell whether ``JUPYTER_ARTIFACTS_SILENT`` or ``WANDB_SILENT`` asks for no output."""
    return flag("SILENT")


def say(text: str) -> None:
    """Print one line, unless silence is asked for."""
    if not is_silent():
        print(text)  # noqa: T201  the one place that speaks to the user


def warn(text: str) -> None:
    """Warn, pointing at the first line outside this package."""
    depth = 1
    frame = sys._getframe(1)  # noqa: SLF001  `stacklevel` cannot skip a package before Python 3.12
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame = frame.f_back
        depth += 1
    warnings.warn(text, stacklevel=depth + 1)


def on_logged(callback: Callable[[LoggedEvent], bool]) -> Callable[[], None]:
    """Call `callback` after each logged version; return a function that stops it.

    Parameters
    ----------
    callback : callable
        Returns True when it has shown the event, so that no line is printed.
    """
    _listeners.append(callback)

    def stop() -> None:
        if callback in _listeners:
            _listeners.remove(callback)

    return stop


def is_followed() -> bool:
    """Tell whether anybody hears of logged versions."""
    return bool(_listeners)


def on_history(callback: Callable[[HistoryEvent], None]) -> None:
    """Call `callback` with rows of history as they are stored, from the thread that stores them."""
    _readers.append(callback)


def tell_history(event: HistoryEvent) -> None:
    """Tell the listeners; the rows are stored whatever becomes of their drawing."""
    for callback in tuple(_readers):
        try:
            callback(event)
        except Exception as error:  # noqa: BLE001  told once a kind; raising would say that nothing was stored
            warnings.warn(f"a run's chart could not be drawn on: {type(error).__name__}: {error}", stacklevel=2)


def tell_logged(event: LoggedEvent) -> None:
    """Remember the event, offer it to the listeners, else say in a line what is not obvious."""
    _last[:] = [event]
    shown = [_offer(callback, event) for callback in tuple(_listeners)]
    if any(shown) or event.created:
        return
    say(f"{event.version.label} already holds the same content; no new version was made")


def _offer(callback: Callable[[LoggedEvent], bool], event: LoggedEvent) -> bool:
    """Call a listener; the version is logged whatever becomes of its card."""
    try:
        return callback(event)
    except Exception as error:  # noqa: BLE001  told to the user; raising would say that nothing was logged
        warn(f"{event.version.label} is logged, but could not be shown: {type(error).__name__}: {error}")
        return False


def on_display(callback: Callable[[Store, str], bool]) -> Callable[[], None]:
    """Let `callback` show runs, by their store and id, where one is to be displayed; return a function that stops it.

    Parameters
    ----------
    callback : callable
        Returns whether it has shown the run. The newest is asked first.
    """
    _showing.insert(0, callback)

    def stop() -> None:
        if callback in _showing:
            _showing.remove(callback)

    return stop


def display_run(store: Store, run_id: str) -> bool:
    """Show a run where something here can, and return whether it did."""
    return any(callback(store, run_id) for callback in tuple(_showing))


def last_logged() -> LoggedEvent | None:
    """Return the last event of this process."""
    return _last[0] if _last else None
