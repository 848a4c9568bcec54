"""Which code is running, where in it an error arose, and what tracebacks show of it."""

from __future__ import annotations

import asyncio
import linecache
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.transformer import BEGIN, find_first_line

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from jupyter_artifacts.magics.shell import Shell


@dataclass(frozen=True, slots=True)
class Failure:
    """How a body failed, at which line of the cell (0: outside it), and the traceback from there on."""

    error: BaseException
    line: int = 0
    trace: TracebackType | None = None

    @property
    def interrupted(self) -> bool:
        """Whether the body was stopped rather than wrong."""
        return isinstance(self.error, (KeyboardInterrupt, SystemExit, asyncio.CancelledError))

    def __str__(self) -> str:
        name = type(self.error).__name__
        return f"{name}, line {self.line}" if self.line else name


def files_of_callers(shell: Shell) -> list[str]:
    """Return the file names that the running cells' code was compiled under, innermost first."""
    files: list[str] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  the one way to see the caller
    while frame is not None:
        # IPython 7.34 calls a cell's code "<cell line: 3>".
        if frame.f_globals is shell.user_global_ns and frame.f_code.co_name.startswith(("<module>", "<cell line")):
            files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return files


def is_caught_by_magic(error: BaseException) -> bool:
    """Tell whether one of IPython's own magics is where an error was caught."""
    step = error.__traceback__
    return step is not None and str(step.tb_frame.f_globals.get("__name__")).startswith("IPython.core.magics.")


def show_users_line(file: str, source: str) -> None:
    """Have tracebacks show the tracking line as it was typed, behind a ``#``, instead of the rewritten one."""
    first = find_first_line(source.splitlines())
    lines = linecache.getlines(file)  # the cache's own list, which is what tracebacks read
    for at, line in enumerate(lines):
        if first is not None and line.startswith("get_ipython().") and BEGIN in line:
            lines[at] = f"# {first.marks}{first.name} {first.args}".rstrip() + "\n"
            return


def failure_in(error: BaseException, file: str) -> Failure:
    """Return how a body compiled as `file` failed: the last of its lines on the way to the error."""
    line, trace, step = 0, None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            line, trace = step.tb_lineno, trace or step
        step = step.tb_next
    return Failure(error, line, trace)


def users_part(error: BaseException, shell: Shell) -> TracebackType | None:
    """Return the traceback from the first frame of the user's own on; None where there is none."""
    step = error.__traceback__
    while step is not None and step.tb_frame.f_globals is not shell.user_global_ns:
        step = step.tb_next
    return step


def left_the_body(error: BaseException, file: str) -> bool:
    """Tell whether an error went through a body compiled as `file` and was caught outside of it."""
    trace = failure_in(error, file).trace
    return trace is not None and trace is not error.__traceback__
