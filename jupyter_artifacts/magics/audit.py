"""Which files a cell reads and writes, as Python's audit events tell.

The hook is put in when a cell is tracked for the first time, since none can be
taken out again; while nothing listens it costs one look at an empty list. Files that
libraries open by themselves, outside Python, raise no event.
"""

# Called for every file that is opened: plain strings.
# ruff: noqa: PTH100

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

MOST = 100_000
_WRITES = os.O_WRONLY | os.O_RDWR
_PACKAGE = __name__.partition(".")[0]

_listening: list[Listener] = []
_hooked: list[bool] = []


class Listener:
    """Notes files from `start` to `stop`.

    Parameters
    ----------
    watched : callable
        Returns the folders whose files are noted when they are read; asked each time.
    """

    def __init__(self, watched: Callable[[], Iterable[str]]) -> None:
        self._watched = watched
        self.read: set[str] = set()
        self.written: set[str] = set()

    def start(self) -> None:
        """Listen from now on."""
        _listening.append(self)
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_heard)

    def stop(self) -> None:
        """Listen no more; twice is fine."""
        if self in _listening:
            _listening.remove(self)

    def opened(self, path: str, *, writing: bool) -> None:
        """Note a file that was opened."""
        if writing:
            if len(self.written) < MOST:
                self.written.add(path)
        elif len(self.read) < MOST and path.startswith(tuple(f"{folder}{os.sep}" for folder in self._watched())):
            self.read.add(path)


def is_hooked() -> bool:
    """Tell whether the hook has been put in."""
    return bool(_hooked)


def _heard(event: str, args: tuple[object, ...]) -> None:
    if not _listening:
        return
    if event == "open":
        path, flags = args[0], args[2]
        writing = isinstance(flags, int) and bool(flags & _WRITES)
    elif event == "os.rename":
        path, writing = args[1], True
    else:
        return
    if not isinstance(path, (str, os.PathLike)) or _is_ours(sys._getframe(1)):  # noqa: SLF001  who opens it
        return
    whole = os.fspath(path)
    if isinstance(whole, str):
        whole = os.path.abspath(whole)
        for listener in tuple(_listening):
            listener.opened(whole, writing=writing)


def _is_ours(frame: FrameType | None) -> bool:
    """Tell whether this package opens the file, for work of its own."""
    while frame is not None and frame.f_globals.get("__name__") in {"pathlib", "pathlib._local", "tempfile", "shutil"}:
        frame = frame.f_back
    return frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == _PACKAGE
