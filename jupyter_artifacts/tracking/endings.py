"""How a block of code ended, in the words a run keeps."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

    from jupyter_artifacts.store.records import RunState

_LONGEST = 300


class Ending(NamedTuple):
    """A run's last state, what went wrong in one line, and an exit code."""

    state: RunState
    error: str
    exit_code: int


def ending_of(error: BaseException | None, trace: TracebackType | None = None) -> Ending:
    """Return how a run ends whose block was left by `error`, or by nothing.

    Leaving by ``sys.exit()`` or ``sys.exit(0)`` is a good end.
    """
    if error is None:
        return Ending("finished", "", 0)
    if isinstance(error, SystemExit) and not error.code:
        return Ending("finished", "", 0)
    text = describe(error, trace if trace is not None else error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        return Ending("interrupted", text, 130)
    code = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1
    return Ending("failed", text, code)


def describe(error: BaseException, trace: TracebackType | None) -> str:
    """Return ``"ValueError: shapes differ (line 12)"``, in one line.

    The line is the last one, on the way to the error, of the file or cell where
    the block stands.
    """
    first_line = str(error).strip().partition("\n")[0][:_LONGEST]
    name = type(error).__name__
    text = f"{name}: {first_line}" if first_line else name
    steps = list(traceback.walk_tb(trace))
    if not steps:
        return text
    outermost = steps[0][0].f_code.co_filename
    line = [number for frame, number in steps if frame.f_code.co_filename == outermost][-1]
    return f"{text} (line {line})"
