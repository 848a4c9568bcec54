"""Progress in a notebook: one display that is rewritten, and empty when the work is done."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from IPython.display import publish_display_data

from jupyter_artifacts.panels import display, marimo_host

if TYPE_CHECKING:
    from jupyter_artifacts.tracking.progress import Display, State


class NotebookLine:
    """A line of text under the cell: no widget, and nothing is left of it at the end."""

    def __init__(self) -> None:
        self._id = ""

    def show(self, state: State, /) -> None:
        """Show the line, or rewrite it."""
        first = not self._id
        if first:
            self._id = secrets.token_hex(16)
        self._publish({"text/plain": state.line()}, update=not first)

    def close(self) -> None:
        """Empty the display: an output without content is drawn by no front end."""
        if self._id:
            self._publish({}, update=True)

    def _publish(self, data: dict[str, str], *, update: bool) -> None:
        publish_display_data(data, transient={"display_id": self._id}, update=update)


class Nothing:
    """Where nobody is there to look, as in nbconvert: nothing is shown, and nothing is stored."""

    def show(self, state: State, /) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Take nothing away."""


def begin() -> Display | None:
    """Return where to show one piece of work; None where a line on the console does, as in a terminal."""
    mode = display.mode()
    if mode == "text" or marimo_host.running():
        return None
    return NotebookLine() if mode == "live" else Nothing()
