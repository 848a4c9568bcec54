"""Which runs are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, NotFoundError
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.past_run import PastRun
from jupyter_artifacts.tracking.run import Run
from jupyter_artifacts.tracking.session import active_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunRecord


def chosen(shelf: Shelf, runs: Sequence[object]) -> list[RunRecord]:
    """Return the records of runs given by object, name or id; the active or the newest run where none is given.

    Raises
    ------
    NotFoundError
        There is no such run, or no run at all.
    InvalidTypeError
        That is no run.
    """
    if not runs:
        return [_default(shelf)]
    return list({record.id: record for record in (_record(shelf, run) for run in runs)}.values())


def _default(shelf: Shelf) -> RunRecord:
    run = active_run()
    if run is not None and run.store is shelf.store:
        return shelf.catalog.runs.get(run.id)
    newest = shelf.catalog.runs.page(Query(project=shelf.project, limit=1)).rows
    if not newest:
        raise NotFoundError(f"there is no run in project {shelf.project!r} yet")
    return newest[0]


def _record(shelf: Shelf, run: object) -> RunRecord:
    if isinstance(run, (Run, PastRun)):
        return shelf.catalog.runs.get(run.id)
    if not isinstance(run, str):
        raise InvalidTypeError(f"a run is given by its name, its id or itself, not by {type(run).__name__}")
    own = run.removeprefix("run:")
    try:
        return shelf.catalog.runs.get(own)
    except NotFoundError:
        return shelf.catalog.runs.find(shelf.project, own)
