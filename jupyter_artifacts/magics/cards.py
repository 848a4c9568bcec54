"""The card of a version under the cell that logged it.

Panels are imported when the first card is shown: loading the extension stays quick.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyter_artifacts.tracking.messages import on_logged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.tracking.messages import LoggedEvent


class CellCards:
    """Shows a card for what is logged by Python calls; tracked cells show their own at their end."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._held = 0

    def start(self) -> None:
        """Show cards from now on."""
        if self._stop is None:
            self._stop = on_logged(self._heard)

    def stop(self) -> None:
        """Show none any more."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Show none for what is logged in the block, and say no line for it either."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    def _heard(self, event: LoggedEvent) -> bool:
        if self._held:
            return True
        from jupyter_artifacts.panels.cards import CARDS

        return CARDS.heard(event)


CELL_CARDS = CellCards()


def show_card(event: LoggedEvent) -> None:
    """Show an event's card; in a plain terminal its lines."""
    from jupyter_artifacts.panels.cards import display_card

    display_card(event)
