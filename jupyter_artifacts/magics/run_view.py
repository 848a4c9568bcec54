"""``%wandb`` and ``%%wandb``: a run to look at, in the place of W&B's page of it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from IPython.display import display

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.magics.report import Report
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.twin import shown
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.config import Config
from jupyter_artifacts.tracking.liveness import apparent_state
from jupyter_artifacts.tracking.session import active_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.frames import Failure
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

_KEYS = 24


class RunReport(Report):
    """A run: its state, what it used and made, its config and the last values it logged.

    Attributes
    ----------
    record : RunRecord
    """

    def __init__(self, store: Store, record: RunRecord) -> None:
        self.record = record
        edges = store.catalog.edges
        self._used, self._made = (_labels(side(record.id)) for side in (edges.inputs, edges.outputs))
        self._parts: dict[str, JsonObject] = {
            "config": Config(record.config).as_dict(),
            "summary": {key: value for key, value in record.summary.items() if not key.startswith("_")},
        }

    def text(self) -> str:
        """Return a line for each fact."""
        lines = [self._head(), f"  {self._used} → {self._made}"]
        lines += [f"  {name}: {twin.metadata_line(values, _KEYS)}" for name, values in self._parts.items() if values]
        return "\n".join([*lines, *([f"  {shown(self.record.error)}"] if self.record.error else [])])

    def html(self) -> Html:
        """Return the same, config and summary as tables."""
        body: list[Child] = [
            tag("div", tag("strong", tag("bdi", self._head()))),
            tag("div", self._used, " → ", self._made),
        ]
        for name, values in self._parts.items():
            if values:
                title = f"{name.capitalize()}, {words.count(len(values), 'key')}"
                body.append(twin.folded(title, twin.metadata_table(values, _KEYS), is_open=name == "summary"))
        if self.record.error:
            body.append(tag("div", shown(self.record.error)))
        return join(tag("div", *body))

    def _head(self) -> str:
        run = self.record
        took = words.duration((run.ended_at or run.heartbeat_at) - run.started_at)
        facts = ", ".join(filter(None, [shown(run.job_type, 60), apparent_state(run), took]))
        return f"run {shown(run.name, 100)} ({facts})"


class ShownCell:
    """A cell under ``%%wandb``: no run of its own; the run that it began or went on with is shown after it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def succeeded(self) -> None:
        """Show the run."""
        found = _of_this_process()
        if found is None:
            print(self._desk.line("no-run"))
        else:
            display(RunReport(*found))

    def failed(self, failure: Failure) -> None:
        """Leave the run as it is: it is the user's own."""

    def failure_line(self, failure: Failure) -> str:
        """Return the line above the user's traceback."""
        return self._desk.line("wandb-failed", why=str(failure))


def wandb_line(desk: Desk, parsed: Parsed) -> RunReport:
    """Return a run to look at: that of a name or id, else the active one, else the newest of this process."""
    name = desk.text(parsed, "run").rpartition("/")[2]
    if not name:
        found = _of_this_process()
        if found is None:
            raise UsageError(f"%wandb: {desk.line('no-run')}")
        return RunReport(*found)
    shelf = current_shelf(desk.text(parsed, "project") or None)
    try:
        return RunReport(shelf.store, shelf.catalog.runs.get(name))
    except NotFoundError:
        return RunReport(shelf.store, shelf.catalog.runs.find(shelf.project, name))


def _of_this_process() -> tuple[Store, RunRecord] | None:
    """Return the active run as it is now, else the newest run that this process began."""
    run = active_run()
    if run is not None:
        record = run.store.catalog.runs.get(run.id)
        return run.store, replace(record, config=run.config.stored(), summary=dict(run.summary.as_dict()))
    try:
        shelf = current_shelf()
    except NotFoundError:
        return None
    for record in shelf.catalog.runs.page(Query(limit=50)).rows:
        if record.pid == os.getpid():
            return shelf.store, record
    return None


def _labels(versions: Sequence[VersionRecord]) -> str:
    return ", ".join(shown(version.label, 60) for version in versions) or "-"
