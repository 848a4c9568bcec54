"""Whether a cell that has begun is still running: asked of Python's stack, whatever IPython has told or not.

A Ctrl-C in IPython's own code, after the body, can keep it from telling that the cell is over.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_SHELL = "IPython.core.interactiveshell"
_CELL = "run_cell_async"
_WHOLE = "_run_cell"
_PLAIN = "_pseudo_sync_runner"


@dataclass(frozen=True)
class Running:
    """A cell at work: the frame of IPython's that stays on a thread's stack as long as it runs, or its task.

    With neither, which is so where the cell is not run by IPython's own code, it never
    counts as over.
    """

    thread: int
    frame: FrameType | None = None
    task: asyncio.Task[object] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the cell has run in this thread and runs no more."""
        if self.thread != threading.get_ident():
            return False  # its own thread will tell
        if self.task is not None:
            return self.task.done()
        return self.frame is not None and self.frame not in _stack()


def running_cell() -> Running:
    """Return the innermost cell that is running in this thread."""
    thread, stack = threading.get_ident(), _stack()
    for at, frame in enumerate(stack):
        if not _is(frame, _CELL):
            continue
        if at + 1 < len(stack) and stack[at + 1].f_code.co_name == _PLAIN:
            return Running(thread, frame)
        whole = next((outer for outer in stack[at:] if _is(outer, _WHOLE)), None)
        task = _current_task()
        # A kernel awaits such a cell in a task; a terminal waits for it in a loop of the cell's own.
        return Running(thread, whole) if task is None else Running(thread, task=task)
    return Running(thread)


def _stack() -> list[FrameType]:
    """Return this thread's frames, innermost first."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  the one way to see the caller
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _is(frame: FrameType, name: str) -> bool:
    return frame.f_code.co_name == name and frame.f_globals.get("__name__") == _SHELL


def _current_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
