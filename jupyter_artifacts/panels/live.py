"""Open panels hear when this kernel logs something; many events close together are one message."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.base import open_panels
from jupyter_artifacts.tracking.messages import on_logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.tracking.messages import LoggedEvent

PAUSE = 0.25


class Refresher:
    """Sends at once, then at most every quarter of a second.

    Parameters
    ----------
    send : callable
        Takes the newest revision.
    clock : callable
        Seconds that only grow.
    later : callable
        Calls a function after some seconds; returns False where nothing runs later (a script).
    """

    def __init__(
        self,
        send: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], bool] | None = None,
    ) -> None:
        self._send = send
        self._clock = clock
        self._later = later or _call_later
        self._last = float("-inf")
        self._waiting: int | None = None

    def changed(self, revision: int) -> None:
        """Take a new revision."""
        wait = self._last + PAUSE - self._clock()
        if self._waiting is not None or (wait > 0 and self._later(wait, self._flush)):
            self._waiting = revision
        else:
            self._tell(revision)

    def _flush(self) -> None:
        revision, self._waiting = self._waiting, None
        if revision is not None:
            self._tell(revision)

    def _tell(self, revision: int) -> None:
        self._last = self._clock()
        self._send(revision)


def _call_later(seconds: float, call: Callable[[], None]) -> bool:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    loop.call_later(seconds, call)
    return True


def _send_to_all(revision: int) -> None:
    for panel in open_panels():
        panel.tell_changed(revision)


_refresher = Refresher(_send_to_all)
_stops: list[Callable[[], None]] = []


def listen() -> None:
    """Begin to tell open panels of what is logged; calling it again changes nothing."""
    if not _stops:
        _stops.append(on_logged(_heard))


def _heard(event: LoggedEvent) -> bool:
    _refresher.changed(event.store.catalog.revision())
    return False
