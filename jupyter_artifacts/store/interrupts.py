"""Ctrl-C at moments of our choosing.

Python raises KeyboardInterrupt between any two steps of the main thread, also
while a transaction ends or a lock is let go; what was held then stays held as
long as the traceback lives. So short stretches put the interrupt off, and ask for
it wherever they wait; longer ones open themselves while they do what may be stopped.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

PATIENCE = 5.0
"""Seconds after which somebody who presses Ctrl-C again is heard in places that would rather not."""


class Shield:
    """A stretch in which SIGINT is only noted; it is passed on at the end, or when asked for.

    In other threads, which Python never interrupts, it does nothing.

    Parameters
    ----------
    patience : float, optional
        Seconds after which stretches inside this one pass an interrupt on where they
        wait; by default never. With 0 it is heard at every wait, and nowhere else.
    """

    def __init__(self, patience: float = math.inf) -> None:
        self._patience = patience
        self._since = time.monotonic()
        self._heard = False
        self._open = False
        self._deaf_until = 0.0
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def __enter__(self) -> Shield:  # noqa: PYI034  Self came with Python 3.11
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is not None:
            self._before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None
            if self._heard:
                signal.raise_signal(signal.SIGINT)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Let interrupts through during the block: one, and then for `PATIENCE` seconds no other.

        So what cleans up after the first, in the block or behind it, is not stopped by a second.
        """
        self._open = True
        try:
            self.check()
            yield
        finally:
            self._open = False

    def check(self) -> None:
        """Pass on the interrupt that came meanwhile: raises KeyboardInterrupt, unless somebody decided otherwise."""
        if not self._heard:
            return
        self._heard = False
        outer = getattr(self._before, "__self__", None)
        if isinstance(outer, Shield):
            outer._asked()  # noqa: SLF001  of the same class
        else:
            self._tell()

    def forget(self) -> None:
        """Drop the interrupt that came meanwhile: what it asked for has happened."""
        self._heard = False

    def _asked(self) -> None:
        """Take an interrupt at a place where a stretch inside this one may be stopped."""
        self._heard = True
        if self._lets_through() or time.monotonic() - self._since >= self._patience:
            self.check()

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._lets_through():
            self._tell()
        else:
            self._heard = True

    def _lets_through(self) -> bool:
        return self._open and time.monotonic() >= self._deaf_until

    def _tell(self) -> None:
        self._deaf_until = time.monotonic() + PATIENCE
        if callable(self._before):
            self._before(signal.SIGINT, None)
        elif self._before is signal.SIG_DFL:
            raise KeyboardInterrupt
        self._deaf_until = 0.0
