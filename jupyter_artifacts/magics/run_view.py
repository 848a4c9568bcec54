"""``%wandb`` and ``%%wandb``: a run to look at, in the place of W&B's page of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts import panels
from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.magics.named import project
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.liveness import this_host
from jupyter_artifacts.tracking.session import active_run

if TYPE_CHECKING:
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.frames import Failure
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.panels.runs import RunPanel

_LOOKED_AT = 50


class ShownCell:
    """A cell under ``%%wandb``: no run of its own; the run that it began or went on with is shown after it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self) -> None:
        """Nothing is begun: the user's code does that."""

    def succeeded(self) -> None:
        """Show the run."""
        panel = _panel_of_this_process()
        if panel is None:
            print(self._desk.line("no-run"))
        else:
            panel.show()

    def unfinished(self, error: BaseException) -> BaseException:
        """Leave the run as it is."""
        return error

    def failed(self, failure: Failure) -> None:
        """Leave the run as it is: it is the user's own."""

    def stopped(self, failure: Failure) -> None:
        """Leave the run as it is."""

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback."""
        return self._desk.line("wandb-failed", why=str(failure))


def wandb_line(desk: Desk, parsed: Parsed) -> RunPanel:
    """Return a run to look at: that of a name or id, else the active one, else the newest of this process."""
    name = desk.text(parsed, "run").rpartition("/")[2]
    panel = panels.run_panel(name, project=project(desk, parsed)) if name else _panel_of_this_process()
    if panel is None:
        raise UsageError(f"%wandb: {desk.line('no-run')}")
    return panel


def _panel_of_this_process() -> RunPanel | None:
    """Return the panel of the active run, else of the newest that this process began; None where it began none."""
    run = active_run()
    if run is not None:
        return panels.run_panel(run)
    try:
        shelf = current_shelf()
    except NotFoundError:
        return None
    for record in shelf.catalog.runs.page(Query(limit=_LOOKED_AT)).rows:
        if (record.pid, record.host) == (os.getpid(), this_host()):
            return panels.run_panel(record.id, project=record.project)
    return None
