"""Progress in a notebook: one display that is rewritten, and empty when the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.display import DisplayHandle

from jupyter_artifacts.panels import display
from jupyter_artifacts.tracking.progress import on_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.tracking.progress import Display, State


class NotebookLine:
    """A line of text under the cell: no widget, and nothing is left of it at the end."""

    def __init__(self) -> None:
        self._handle: DisplayHandle | None = None

    def show(self, state: State, /) -> None:
        """Show the line, or rewrite it."""
        data = {"text/plain": state.line()}
        if self._handle is None:
            self._handle = DisplayHandle()
            self._handle.display(data, raw=True)
        else:
            self._handle.update(data, raw=True)

    def close(self) -> None:
        """Empty the display: an output without content is drawn by no front end."""
        if self._handle is not None:
            self._handle.update({}, raw=True)


class Nothing:
    """Where nobody is there to look, as in nbconvert: nothing is shown, and nothing is stored."""

    def show(self, state: State, /) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Take nothing away."""


class ProgressLines:
    """Shows progress in the notebook while it is started."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None

    def start(self) -> None:
        """Show progress under the cell from now on."""
        if self._stop is None:
            self._stop = on_progress(self.begin)

    def stop(self) -> None:
        """Leave it to the terminal again."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def begin(self) -> Display | None:
        """Return where to show one piece of work; None in a terminal, which has a line of its own."""
        mode = display.mode()
        if mode == "text":
            return None
        return NotebookLine() if mode == "live" else Nothing()


PROGRESS_LINES = ProgressLines()
