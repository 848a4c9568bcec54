"""Getting bytes to the disk: begun early, waited for once, side by side."""

from __future__ import annotations

import contextlib
import errno
import os
from collections import deque
from typing import TYPE_CHECKING

from jupyter_artifacts.store.helpers import begin
from jupyter_artifacts.store.layout import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_artifacts.store.helpers import Helper

_AT_ONCE = 8
_FEW = 3
_STRETCH = 8 << 20


class EarlyWriting:
    """Asks the kernel, every 8 MiB, to begin writing what one file has got so far.

    Without it the bytes gather in memory and are all waited for at the end. The advice is
    the only one Python offers that begins writing and does not wait. It is given for all
    of the file so far: what is written by now leaves memory, and the next bytes take its
    place instead of pages that nobody has touched (2 GiB: 1.0 s instead of 3.0 s).
    """

    def __init__(self) -> None:
        self._asked = 0

    def advance(self, fd: int, size: int) -> None:
        """Take note that the file has `size` bytes now."""
        if size - self._asked >= _STRETCH and hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):  # only advice; some file systems take none
                os.posix_fadvise(fd, 0, size, os.POSIX_FADV_DONTNEED)
            self._asked = size


def make_durable(fd: int) -> None:
    """Make an open file read-only and its bytes durable."""
    if hasattr(os, "fchmod"):
        os.fchmod(fd, 0o444)
    getattr(os, "fdatasync", os.fsync)(fd)


def flush_files(paths: Iterable[str]) -> None:
    """Make files read-only and durable."""
    _side_by_side(_flush, list(paths))


def sync_folders(paths: Iterable[str]) -> None:
    """Make the names in folders durable, each folder once."""
    _side_by_side(sync_folder, sorted(set(paths)))


def _flush(path: str) -> None:
    fd = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        make_durable(fd)
    finally:
        os.close(fd)


def _side_by_side(act: Callable[[str], None], paths: list[str]) -> None:
    """Do it for each; a disk takes eight waiting callers in the time of two."""
    if len(paths) <= _FEW:
        for path in paths:
            act(path)
        return
    _Crew(act, paths).work()


class _Crew:
    """The caller and some threads beside it, who take one path after the other; the first error ends it.

    What a thread that never came up would have done, the others do.
    """

    def __init__(self, act: Callable[[str], None], paths: list[str]) -> None:
        self._act = act
        self._count = len(paths)
        self._todo = deque(paths)
        self._done: list[str] = []
        self._faults: list[BaseException] = []

    def work(self) -> None:
        helpers: list[Helper] = []
        try:
            while len(helpers) < min(_AT_ONCE, self._count) - 1 and (helper := begin(self._take)) is not None:
                helpers.append(helper)
            self._take()
        finally:
            self._todo.clear()
            for helper in helpers:
                helper.wait()
        if self._faults:
            raise self._faults[0]
        if len(self._done) != self._count:
            raise OSError(errno.EIO, f"a thread ended while it flushed, {self._count - len(self._done)} files are open")

    def _take(self) -> None:
        while self._todo:
            try:
                path = self._todo.popleft()
            except IndexError:  # another was faster
                return
            try:
                self._act(path)
            except BaseException as fault:  # noqa: BLE001  the caller raises it
                self._note(fault)
            else:
                self._done.append(path)

    def _note(self, fault: BaseException) -> None:
        self._todo.clear()
        self._faults.append(fault)
