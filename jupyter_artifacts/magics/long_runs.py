"""Runs that are not one cell's: one over several cells, and one for every cell, while that is switched on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import ArtifactsError
from jupyter_artifacts.magics.cell_files import CellFiles
from jupyter_artifacts.magics.frames import Failure, users_part
from jupyter_artifacts.magics.origin import origin_of
from jupyter_artifacts.magics.running import running_cell
from jupyter_artifacts.magics.transformer import find_first_line
from jupyter_artifacts.magics.usage import one_line
from jupyter_artifacts.store.interrupts import PATIENCE, Shield
from jupyter_artifacts.tracking.endings import describe
from jupyter_artifacts.tracking.run_cells import keep_cells
from jupyter_artifacts.tracking.session import begin_cell_run, is_cell_run

if TYPE_CHECKING:
    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.plan import Plan
    from jupyter_artifacts.magics.running import Running
    from jupyter_artifacts.magics.shell import CellInfo, CellResult
    from jupyter_artifacts.store.records import RunState
    from jupyter_artifacts.tracking.run import Run


class StartedRun:
    """A run from ``%track start`` to ``%track stop``: the cells between them belong to it.

    Parameters
    ----------
    desk : Desk
    plan : Plan
        Checked.

    Attributes
    ----------
    run : Run
        There once it has begun.
    """

    run: Run

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self._desk = desk
        self.plan = plan
        self.files = CellFiles.of_line(plan.parsed, desk.settings.autofiles)
        self.cells: list[str] = []

    def begin(self) -> None:
        """Begin the run and follow the cells."""
        with Shield(patience=0):
            self.run = self.plan.begin()
            self.files.follow(self.run)
            self.run.at_end(self._keep_cells)
            self._desk.shell.events.register("post_run_cell", self._after_cell)
            self._desk.following.append(self)

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended the run yet, such as ``finish()``."""
        return is_cell_run(self.run)

    def stop(self) -> None:
        """End the run well, the cell that is running included, unless it has ended already.

        If that is interrupted, the run is still open and its cells are followed.
        """
        if self.is_open:
            cells, running = list(self.cells), self._desk.shell.displayhook.exec_result
            if running is not None:
                self._note(running)
            try:
                self.run.end("finished", "", 0)
            except BaseException:
                self.cells[:] = cells
                raise
        self.leave()

    def leave(self) -> None:
        """Stop following the cells."""
        callbacks = self._desk.shell.events.callbacks["post_run_cell"]
        if self._after_cell in callbacks:
            self._desk.shell.events.unregister("post_run_cell", self._after_cell)

    def _after_cell(self, result: CellResult | None = None, *_: object) -> None:
        if result is None or _error_of(result) is not None:
            return
        if not self.is_open:
            self.leave()
        else:
            self._note(result)

    def _note(self, result: CellResult) -> None:
        source = result.info.raw_cell
        own = find_first_line(source.splitlines(keepends=True)) is not None
        if result.info.store_history and source.strip() and not own:
            self.cells.append(source)

    def _keep_cells(self) -> None:
        if self.cells and self._desk.settings.record_source:
            keep_cells(self.run, self.cells)


@dataclass
class _Light:
    """A cell that is running as a run of its own."""

    info: CellInfo
    run: Run
    running: Running
    began: float = field(default_factory=time.monotonic)


class EveryCell:
    """While it is on, each cell becomes a run: its source, how it ended, what it used and made.

    Parameters
    ----------
    desk : Desk
    project : str
    """

    def __init__(self, desk: Desk, project: str) -> None:
        self._desk = desk
        self._project = project
        self._open: list[_Light] = []
        self.count = 0
        desk.shell.events.register("pre_run_cell", self._before_cell)
        desk.shell.events.register("post_run_cell", self._after_cell)

    def stop(self) -> None:
        """Leave the following cells alone."""
        self._desk.shell.events.unregister("pre_run_cell", self._before_cell)
        self._desk.shell.events.unregister("post_run_cell", self._after_cell)
        while self._open:
            self._open.pop().run.end_quietly("finished", "", 0)

    def _before_cell(self, info: CellInfo, *_: object) -> None:
        self._end_lost()
        lines = info.raw_cell.splitlines(keepends=True)
        if (
            not info.store_history
            or open_run(self._desk) is not None
            or not _has_code(lines)
            or find_first_line(lines) is not None
        ):
            return
        count = getattr(self._desk.shell, "execution_count", None)
        origin = origin_of(self._desk.shell, info, count, source=self._desk.settings.record_source)
        files = CellFiles()
        try:
            with Shield(patience=0):
                run = begin_cell_run(self._project, "cell", origin=origin)
                files.follow(run)
                self._open.append(_Light(info, run, running_cell()))
        except (ArtifactsError, OSError) as error:
            print(self._desk.line("cell-not-recorded", why=one_line(error)))

    def _after_cell(self, result: CellResult | None = None, *_: object) -> None:
        with Shield(PATIENCE) as shield:
            for cell in [cell for cell in self._open if result is not None and cell.info is result.info]:
                self._end(cell, _error_of(result), shield)
            self._end_lost()

    def _end_lost(self) -> None:
        """End the cells whose end IPython has not told, as Ctrl-C came in between."""
        with Shield(PATIENCE) as shield:
            for cell in [cell for cell in self._open if cell.running.is_over]:
                self._end(cell, KeyboardInterrupt(), shield)

    def _end(self, cell: _Light, error: BaseException | None, shield: Shield) -> None:
        self._open.remove(cell)
        self.count += 1
        state: RunState = "finished"
        text = ""
        if error is not None:
            state = "interrupted" if Failure(error).interrupted else "failed"
            text = describe(error, users_part(error, self._desk.shell))
        try:
            with shield.lifted():
                cell.run.end_quietly(state, text, 0 if error is None else 1)
        except KeyboardInterrupt:
            cell.run.end_at_once("interrupted" if error is None else state, text, 1)


def open_run(desk: Desk) -> StartedRun | None:
    """Return the run that ``%track start`` began, if it is still open."""
    return next((run for run in desk.following if isinstance(run, StartedRun) and run.is_open), None)


def every_cell(desk: Desk) -> EveryCell | None:
    """Return what makes each cell a run, if that is on."""
    return next((every for every in desk.following if isinstance(every, EveryCell)), None)


def _error_of(result: CellResult | None) -> BaseException | None:
    return None if result is None else result.error_before_exec or result.error_in_exec


def _has_code(lines: list[str]) -> bool:
    """Tell whether a cell does more than speak to the magics and to help."""
    for line in lines:
        text = line.strip()
        if text and not text.startswith(("#", "%track", "%ja", "%config", "%load_ext", "?")) and not text.endswith("?"):
            return True
    return False
