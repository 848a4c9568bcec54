"""Threads beside the caller, that may fail to start, or die while they start, without anybody waiting for ever.

`threading.Thread.start` waits until the new thread says that it is there. One that finds
no memory for its first step never says so, and the caller never comes back.
"""

from __future__ import annotations

import _thread
import threading
import time
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SLICE = 0.05


class _Breath:
    """Held by a thread and by nothing else: once it is gone, so is the thread."""

    __slots__ = ("__weakref__",)


class Helper:
    """A thread at work; made by :func:`begin`."""

    def __init__(self, breath: weakref.ref[_Breath], over: threading.Event, ident: int) -> None:
        self._breath = breath
        self._over = over
        self.ident = ident

    @property
    def alive(self) -> bool:
        """Whether it may still do something. One that never came up is not alive."""
        return self._breath() is not None

    def wait(self, timeout: float = float("inf")) -> bool:
        """Wait for its end, not longer than `timeout` seconds; returns whether it has come. Ctrl-C is heard."""
        until = time.monotonic() + timeout
        while self.alive:
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._over.wait(min(_SLICE, left))
        return True


def begin(work: Callable[[], None]) -> Helper | None:
    """Begin `work` in a thread that does not keep the program from ending; None when none can be started.

    Returns at once. `work` reports by itself, its errors too; whoever waits for a report
    looks whether the thread is alive.
    """
    over = threading.Event()
    breath = _Breath()
    known = weakref.ref(breath, lambda _: over.set())
    try:
        ident = _thread.start_new_thread(_run, (work, breath))
    except (RuntimeError, MemoryError):
        return None
    return Helper(known, over, ident)


def _run(work: Callable[[], None], breath: _Breath) -> None:
    del breath  # what called this holds it until the thread ends
    work()
