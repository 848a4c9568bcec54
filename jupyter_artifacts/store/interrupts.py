"""Ctrl-C at moments of our choosing.

Python raises KeyboardInterrupt between any two steps of the main thread, also
while a transaction ends or a lock is let go; what was held then stays held as
long as the traceback lives. So short stretches put the interrupt off, and ask for
it wherever they wait.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any


class Shield:
    """A stretch in which SIGINT is only noted; it is passed on at the end, or when asked for.

    In other threads, which Python never interrupts, it does nothing.
    """

    def __init__(self) -> None:
        self._heard = False
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def __enter__(self) -> Shield:  # noqa: PYI034  Self came with Python 3.11
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not None:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None
            if self._heard:
                signal.raise_signal(signal.SIGINT)

    def check(self) -> None:
        """Pass on the interrupt that came meanwhile: raises KeyboardInterrupt, unless somebody decided otherwise."""
        if self._heard:
            self._heard = False
            if callable(self._before):
                self._before(signal.SIGINT, None)
            elif self._before is signal.SIG_DFL:
                raise KeyboardInterrupt

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._heard = True
