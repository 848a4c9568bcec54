"""How far long work is: one line that is rewritten, shown once a second has passed, gone at the end."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from jupyter_artifacts.store.faults import human
from jupyter_artifacts.store.progress import displays
from jupyter_artifacts.tracking.messages import is_silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.store.progress import Progress

PATIENCE = 1.0
"""Seconds of work before anything is shown."""

INTERVAL = 0.2
"""Seconds from one rewriting to the next."""

_MINUTE = 60
_INSTANT = 1e-3


@dataclass(frozen=True)
class State:
    """How far one piece of work is.

    Attributes
    ----------
    what : str
        What is done, for instance ``"adding digits"``.
    files, size : int
        Files and bytes done.
    all_files, all_size : int
        How many there are; 0 when that is not known.
    seconds : float
        Since it began.
    """

    what: str
    files: int
    size: int
    all_files: int
    all_size: int
    seconds: float

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; files count beside bytes, as a small one costs time too."""
        parts = [done / total for done, total in ((self.files, self.all_files), (self.size, self.all_size)) if total]
        return min(sum(parts) / len(parts), 1.0) if parts else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take if it goes on as until now; None at the beginning."""
        return self.seconds * (1 / self.share - 1) if self.share > 0 else None

    def line(self) -> str:
        """Return it in words."""
        rate = human(round(self.size / max(self.seconds, _INSTANT)))
        parts = [f"{self.files:,} of {self.all_files:,} files"] if self.all_files > 1 else []
        parts += [f"{human(self.size)} of {human(self.all_size)}", f"{rate}/s"]
        if self.seconds_left is not None:
            parts.append(f"{_time(self.seconds_left)} left")
        return f"{self.what}: {', '.join(parts)}"


class Display(Protocol):
    """Where a line is shown and rewritten."""

    def show(self, state: State, /) -> None:
        """Show, or rewrite."""

    def close(self) -> None:
        """Take it away."""


class TerminalLine:
    """The line on a terminal's error stream."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, state: State, /) -> None:
        """Rewrite the line."""
        line = state.line()
        self._write(f"\r{line.ljust(self._width)}")
        self._width = len(line)

    def close(self) -> None:
        """Blank it; the cursor stays at its beginning."""
        self._write(f"\r{' ' * self._width}\r")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def on_progress(begin: Callable[[], Display | None]) -> Callable[[], None]:
    """Let `begin` say where progress is shown; return a function that stops it.

    Parameters
    ----------
    begin : callable
        Called when work turns out to be long. Returns None to leave it to those who came before.
    """
    displays.append(begin)

    def stop() -> None:
        if begin in displays:
            displays.remove(begin)

    return stop


def _begin() -> Display | None:
    if is_silent():
        return None
    for begin in reversed(displays):
        display = cast("Display | None", begin())
        if display is not None:
            return display
    return TerminalLine() if sys.stderr is not None and sys.stderr.isatty() else None


@contextmanager
def meter(what: str, files: int, size: int) -> Iterator[Progress]:
    """Count work as it goes on, and show how far it is.

    Parameters
    ----------
    what : str
        ``"adding digits"``.
    files, size : int
        How many files and bytes there are.

    Examples
    --------
    ::

        with meter("adding digits", 2, 8192) as progress:
            progress(1, 4096)
    """
    counter = _Meter(what, files, size)
    try:
        yield counter
    finally:
        counter.close()


class _Meter:
    def __init__(self, what: str, files: int, size: int) -> None:
        self._what, self._all_files, self._all_size = what, files, size
        self._files = self._size = 0
        self._began = time.monotonic()
        self._next = self._began + PATIENCE
        self._display: Display | None = None
        self._asked = False
        self._guard = threading.Lock()

    def __call__(self, files: int, size: int, /) -> None:
        with self._guard:
            self._files += files
            self._size += size
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + INTERVAL
            if not self._asked:
                self._asked, self._display = True, _begin()
            if self._display is not None:
                seconds = now - self._began
                self._display.show(State(self._what, self._files, self._size, self._all_files, self._all_size, seconds))

    def close(self) -> None:
        with self._guard:
            if self._display is not None:
                self._display.close()
                self._display = None


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE} min {whole % _MINUTE} s"
