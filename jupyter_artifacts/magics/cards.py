"""The card of a version under the cell that logged it.

Neither tracking nor the panels are imported before something is logged: loading the
extension stays quick.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.magics.shell import Shell
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.messages import LoggedEvent

_TRACKING = "jupyter_artifacts.tracking.messages"
_CARDS = "jupyter_artifacts.panels.cards"


class CellCards:
    """Shows a card for what is logged by Python calls; tracked cells show their own at their end."""

    def __init__(self) -> None:
        self._shell: Shell | None = None
        self._stop: Callable[[], None] | None = None
        self._held = 0

    def start(self, shell: Shell) -> None:
        """Show cards from now on, or from the end of the cell in which tracking is first used."""
        self._shell = shell
        if _TRACKING in sys.modules:
            self.listen()
        else:
            shell.events.register("post_run_cell", self._look)

    def stop(self) -> None:
        """Show none any more."""
        self._stop_looking()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def listen(self) -> None:
        """Hear of everything that is logged from here on."""
        from jupyter_artifacts.tracking.messages import on_display, on_logged

        self._stop_looking()
        if self._stop is None:
            if _CARDS in sys.modules:
                from jupyter_artifacts.panels.cards import CARDS

                CARDS.leave()
            stops = (on_logged(self._heard), on_display(_show_run))

            def stop() -> None:
                for each in stops:
                    each()

            self._stop = stop

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Show none for what is logged in the block, and say no line for it either."""
        self.listen()
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    def _look(self, *_: object) -> None:
        """After a cell: if it was the first to use tracking, show what it logged last."""
        if _TRACKING not in sys.modules:
            return
        from jupyter_artifacts.tracking.messages import is_followed, last_logged

        shown = is_followed()
        self.listen()
        event = last_logged()
        if event is not None and not shown:
            self._heard(event)

    def _stop_looking(self) -> None:
        shell, self._shell = self._shell, None
        if shell is not None and self._look in shell.events.callbacks["post_run_cell"]:
            shell.events.unregister("post_run_cell", self._look)

    def _heard(self, event: LoggedEvent) -> bool:
        if self._held:
            return True
        from jupyter_artifacts.panels.cards import CARDS

        return CARDS.heard(event)


CELL_CARDS = CellCards()


def show_card(event: LoggedEvent, message: str = "") -> None:
    """Show an event's card with a line of its own; in a plain terminal its lines."""
    from jupyter_artifacts.panels.cards import display_card

    display_card(event, message)


def _show_run(store: Store, run_id: str) -> bool:
    from jupyter_artifacts.panels.live import show_run

    return show_run(store, run_id)
