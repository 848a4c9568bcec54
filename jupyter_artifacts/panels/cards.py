"""A card under the cell for every version that is logged there, up to a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.panels import display, place
from jupyter_artifacts.panels.shelf import Shelf
from jupyter_artifacts.panels.version_card import Card
from jupyter_artifacts.tracking.messages import is_followed, on_logged, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.tracking.messages import LoggedEvent

MOST = 6
"""Cards of one execution; a loop that logs a hundred checkpoints gets a line for the rest."""


class Cards:
    """Shows cards, and counts them by execution.

    Where the extension is loaded, it is the one that hears of versions, as it knows which
    cells show their own card; there `start` and `stop` only say whether cards are wanted.
    """

    def __init__(self) -> None:
        self._execution = ""
        self._count = 0
        self._wanted = True
        self._stop: Callable[[], None] | None = None

    def start(self) -> None:
        """Show a card for every logged version from now on."""
        self._wanted = True
        if self._stop is None and not is_followed():
            self._stop = on_logged(self.heard)

    def stop(self) -> None:
        """Show none any more."""
        self._wanted = False
        self.leave()

    def leave(self) -> None:
        """Leave it to another listener to hear of versions."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def heard(self, event: LoggedEvent) -> bool:
        """Show an event; return whether it was shown, or said."""
        if not self._wanted or display.mode() == "text":
            return False
        execution = place.here().execution
        if execution != self._execution or not execution:
            self._execution, self._count = execution, 0
        self._count += 1
        if self._count > MOST:
            if self._count == MOST + 1:
                say("more was logged in this cell: artifacts() lists it")
            return True
        display_card(event)
        return True


def display_card(event: LoggedEvent, message: str = "") -> None:
    """Show one event's card now, with a further line where there is something to say."""
    card = Card(
        Shelf(event.store, event.version.project),
        event.version,
        "logged" if event.created else "unchanged",
        new_bytes=event.new_bytes,
        seconds=event.seconds,
        message=message,
    )
    card.show()


CARDS = Cards()
