"""When a tracked cell begins and ends, and how: told by IPython, never by running the body.

A cell is known by its result object, which IPython makes before the body and
hands to ``post_run_cell`` after it: so cells run inside other cells, silently, or
under ``%%time`` are told apart. An error raised at the end of a cell is put into
that object, from which the kernel then makes its reply: Run All stops.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.magics.frames import (
    Failure,
    failure_in,
    files_of_callers,
    is_caught_by_magic,
    left_the_body,
    show_users_line,
)
from jupyter_artifacts.magics.running import running_cell
from jupyter_artifacts.magics.transformer import find_first_line, magic_below
from jupyter_artifacts.magics.usage import UsageError, one_line
from jupyter_artifacts.store.interrupts import PATIENCE, Shield
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.magics.running import Running
    from jupyter_artifacts.magics.shell import CellResult, Shell


class Tracked(Protocol):
    """What goes on around one cell's body."""

    def begin(self) -> None:
        """Begin; what this raises keeps the body from running."""

    def succeeded(self) -> None:
        """Finish after a body that ran to its end; what this raises makes the cell fail."""

    def unfinished(self, error: BaseException) -> BaseException:
        """Finish after `succeeded` has raised; return the error to show."""

    def failed(self, failure: Failure) -> None:
        """Finish after a body that did not run to its end."""

    def stopped(self, failure: Failure) -> None:
        """Finish at once: `failed` was interrupted itself."""

    def failure_line(self, failure: Failure) -> str:
        """Return the one line that is shown above the user's traceback."""


@dataclass
class _Open:
    """A cell that has begun.

    `file` is the name its body was compiled under; `nested` says that it is the body
    of another magic (``%%time``), `over` that its body is another magic, `inside` that
    another cell's code is running it; `line` is what has been said of its failure, and
    `ended` that it is finished, though IPython has not told of its end yet.
    """

    result: CellResult
    tracked: Tracked
    file: str
    nested: bool
    over: bool
    inside: bool
    running: Running
    line: str = ""
    ended: bool = False
    swallowed: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A failure inside another cell, which that one may yet hide."""

    source: str
    error: BaseException
    line: str = ""


class CellWatch:
    """Follows the tracked cells of one shell.

    Parameters
    ----------
    shell : Shell
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._cells: list[_Open] = []
        self._hidden: _Hidden | None = None
        self._show: Callable[..., None] | None = None
        self._replaced: Callable[..., None] | None = None

    def start(self) -> None:
        """Listen to the shell."""
        self._shell.events.register("pre_run_cell", self.before_cell)
        self._shell.events.register("post_execute", self.after_execute)
        self._shell.events.register("post_run_cell", self.after_cell)

    def stop(self) -> None:
        """Stop listening; a cell that is open is closed as failed."""
        self._shell.events.unregister("pre_run_cell", self.before_cell)
        self._shell.events.unregister("post_execute", self.after_execute)
        self._shell.events.unregister("post_run_cell", self.after_cell)
        with Shield(PATIENCE) as shield:
            while self._cells:
                cell = self._cells.pop()
                self._finish(cell, Failure(UsageError("the extension was unloaded before the cell's end")), shield)
            self._unhook()

    @property
    def tracked(self) -> Tracked | None:
        """What the innermost tracked cell that is running is doing, if one is."""
        return self._cells[-1].tracked if self._cells else None

    def begin(self, plan: Callable[[CellResult], Tracked]) -> None:
        """Begin the cell that is running; `plan` may refuse it, and then the body does not run."""
        result = self._shell.displayhook.exec_result
        if result is None:
            raise UsageError(say("a tracked cell must be run by IPython itself; use 'with track(...):' here"))
        self.sweep()
        lines = result.info.raw_cell.splitlines(keepends=True)
        first = find_first_line(lines)
        over = first is not None and magic_below(lines, first) is not None
        files = files_of_callers(self._shell)
        file, inside = files[0] if files else "", len(files) > 1
        try:
            if any(cell.result is result for cell in self._cells):
                raise UsageError(say("this cell is tracked already; one %%log_artifact or %%track a cell"))
            cell = _Open(result, plan(result), file, first is None, over, inside, running_cell())
            with Shield(patience=0):
                cell.tracked.begin()
                self._cells.append(cell)
                self._hook()
        except BaseException as error:
            if inside:
                self._hidden = _Hidden(result.info.raw_cell, error)
            raise
        if first is not None:
            show_users_line(file, result.info.raw_cell)

    def before_cell(self, *_: object) -> None:
        """End what was left by the cells before this one."""
        self.sweep()

    def sweep(self) -> None:
        """End the cells whose end IPython has not told, as Ctrl-C came in between; they count as interrupted."""
        if self._cells:
            with Shield(PATIENCE) as shield:
                for cell in self._lost():
                    self._end(cell, None, shield)

    def after_execute(self) -> None:
        """End a cell that was run silently: IPython fires nothing else for it."""
        done = self._shell.last_execution_result
        if done is not None and done.info.silent:
            self.after_cell(done)

    def after_cell(self, result: CellResult | None = None, *_: object) -> None:
        """End the cell that has run, if it is a tracked one."""
        raised = sys.exc_info()[1] if result is None else None
        with Shield(PATIENCE) as shield:
            mine = [cell for cell in self._cells if cell.result is result]
            ended = mine or self._lost()
            for cell in ended:
                # IPython makes a second result where an interrupt came between two statements.
                again = result and _error(result) and result.info.raw_cell == cell.result.info.raw_cell
                self._end(cell, result if mine or again else None, shield, raised)
            if not ended and result is not None:
                self._uncover(result)
                self._note_inner(result)

    def _lost(self) -> list[_Open]:
        """Return the cells that run no more, the innermost first."""
        return [cell for cell in reversed(self._cells) if cell.running.is_over]

    def _end(self, cell: _Open, told: CellResult | None, shield: Shield, raised: BaseException | None = None) -> None:
        self._cells.remove(cell)
        result = told or cell.result
        error = _error(result) or _error(cell.result) or cell.swallowed
        if error is None and told is None:
            error = raised or KeyboardInterrupt()
        if error is None:
            error = self._succeed(cell, result, shield)
        else:
            self._finish(cell, failure_in(error, cell.file), shield)
            if _error(result) is None:
                self._fail(result, error)
        if not self._cells:
            self._unhook()
        self._hidden = _Hidden(result.info.raw_cell, error, cell.line) if error is not None and cell.inside else None

    def _succeed(self, cell: _Open, result: CellResult, shield: Shield) -> BaseException | None:
        try:
            with shield.lifted():
                cell.tracked.succeeded()
        except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001  shown, and made the cell's own error
            error = cell.tracked.unfinished(raised)
            self._fail(result, error)
            stopped = isinstance(error, KeyboardInterrupt)
            if stopped:
                shield.forget()
                self._say(self._line_of(cell, Failure(error)))
            self._shell.showtraceback((type(error), error, error.__traceback__), exception_only=stopped)
            return error
        return None

    def _finish(self, cell: _Open, failure: Failure, shield: Shield) -> None:
        """Finish a cell whose body failed; Ctrl-C, pressed meanwhile, shortens that and leaves no run open."""
        if not cell.line:
            cell.line = self._line_of(cell, failure)
            self._say(cell.line)
        if cell.ended:
            return
        cell.ended = True
        try:
            with shield.lifted():
                cell.tracked.failed(failure)
        except (Exception, KeyboardInterrupt) as other:  # noqa: BLE001  the cell's own error is the one that is shown
            cell.tracked.stopped(failure)
            if not isinstance(other, KeyboardInterrupt):
                self._say(one_line(other))
        if failure.interrupted:
            shield.forget()

    def _line_of(self, cell: _Open, failure: Failure) -> str:
        try:
            return cell.tracked.failure_line(failure)
        except Exception as other:  # noqa: BLE001  the user's traceback must come, whatever fails here
            return f"not logged ({failure}); and the store could not be asked: {one_line(other)}"

    def _fail(self, result: CellResult, error: BaseException) -> None:
        result.error_in_exec = error
        self._shell.last_execution_succeeded = False

    def _uncover(self, result: CellResult) -> None:
        """Fail an outer cell whose magic (``%%capture``) hid the failure of a tracked cell inside."""
        hidden = self._hidden
        if hidden is None or _error(result) is hidden.error:
            return  # nothing is hidden, or it is not hidden yet
        self._hidden = None
        outer = result.info.raw_cell.strip()
        if _error(result) is None and outer.startswith("%%") and outer.endswith(hidden.source.strip()):
            self._fail(result, hidden.error)
            if hidden.line:
                self._say(hidden.line)
            if not hasattr(self._shell, "kernel"):  # a kernel's errors pass %%capture by
                self._shell.showtraceback((type(hidden.error), hidden.error, hidden.error.__traceback__))

    def _note_inner(self, result: CellResult) -> None:
        """Remember the failure of a body that ``%%capture``, below our own line, ran and hides."""
        cell, error = (self._cells[-1] if self._cells else None), _error(result)
        if cell is None or error is None or not cell.over:
            return
        if cell.result.info.raw_cell.rstrip().endswith(result.info.raw_cell.rstrip()):
            cell.swallowed = error

    def _hook(self) -> None:
        if self._show is not None:
            return
        show: Callable[..., None] = self._shell.showtraceback

        def say_first(*args: object, **options: object) -> None:
            self._before_traceback()
            show(*args, **options)

        self._show, self._replaced = say_first, vars(self._shell).get("showtraceback")
        vars(self._shell)["showtraceback"] = say_first

    def _unhook(self) -> None:
        ours, self._show = self._show, None
        if ours is None or vars(self._shell).get("showtraceback") is not ours:
            return
        del vars(self._shell)["showtraceback"]
        if self._replaced is not None:
            vars(self._shell)["showtraceback"] = self._replaced

    def _before_traceback(self) -> None:
        """Say the one line above the traceback that ends a tracked cell's body."""
        error = sys.exc_info()[1]
        if error is None:
            return
        with Shield(PATIENCE) as shield:
            for cell in reversed(self._cells):
                if cell.line:
                    continue
                if self._is_swallowed(cell, error):
                    cell.swallowed = error
                    cell.line = self._line_of(cell, failure_in(error, cell.file))
                    self._say(cell.line)
                elif self._is_end_of(cell, error):
                    self._finish(cell, failure_in(error, cell.file), shield)

    def _is_end_of(self, cell: _Open, error: BaseException) -> bool:
        """Tell whether an error that is being shown ended the cell, perhaps behind its body."""
        if error is cell.result.error_in_exec or error is cell.result.error_before_exec:
            return True
        return isinstance(error, KeyboardInterrupt) and cell.running.is_over

    def _is_swallowed(self, cell: _Open, error: BaseException) -> bool:
        """Tell whether another magic shows the body's error and goes on, as IPython 7's ``%%time`` does."""
        if cell.nested:
            return left_the_body(error, cell.file)
        running = self._shell.displayhook.exec_result is cell.result and _error(cell.result) is None
        return cell.over and running and is_caught_by_magic(error)

    def _say(self, line: str) -> None:
        try:
            print(f"✗ {line}\n", end="", file=sys.stderr, flush=True)  # one write: a kernel may send between two
        except UnicodeEncodeError:
            print(f"x {line}\n", end="", file=sys.stderr, flush=True)


def _error(result: CellResult) -> BaseException | None:
    return result.error_before_exec or result.error_in_exec
