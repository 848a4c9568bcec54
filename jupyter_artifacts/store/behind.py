"""Writing to a file behind the caller's back, while it goes on reading."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.flushing import EarlyWriting
from jupyter_artifacts.store.helpers import begin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.helpers import Helper

WORTH = 1 << 20
"""Fewer bytes are written by the caller: to begin a thread would take as long."""


class Behind:
    """What is appended to one file, by one caller. One stretch of it may be on its way.

    Parameters
    ----------
    fd : int
        The open file.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._early = EarlyWriting()
        self._size = 0
        self._stretch: _Stretch | None = None
        self._helper: Helper | None = None
        self._fault: BaseException | None = None

    def write(self, parts: Sequence[bytes | memoryview], *, lent: bool = False) -> None:
        """Append bytes.

        Parameters
        ----------
        parts : sequence of bytes or memoryview
        lent : bool
            They stay as they are until the next call of `write` or `wait` has returned, so
            that they may be written meanwhile.

        Raises
        ------
        OSError
            These, or those before them, could not be written; then nothing is any more.
        """
        self.wait()
        if not lent or sum(map(len, parts)) < WORTH:
            self._put(self._fd, parts)
            self._raise()
            return
        stretch = _Stretch(self, self._fd, parts)
        self._stretch, self._helper = stretch, begin(stretch.write)
        if self._helper is None:
            self.wait()

    def wait(self) -> None:
        """Wait until the system has everything; raises what went wrong with it."""
        if self._helper is not None:
            self._helper.wait()
        if self._stretch is not None:
            self._stretch.write()  # in case that nobody has
        self._stretch = self._helper = None
        self._raise()

    def abandon(self) -> None:
        """Let go of what is on its way; the file may be closed."""
        if self._stretch is not None:
            self._stretch.drop()

    def _put(self, fd: int, parts: Sequence[bytes | memoryview]) -> None:
        try:
            for part in parts:
                write_all(fd, part)
                self._size += len(part)
            self._early.advance(fd, self._size)
        except BaseException as fault:  # noqa: BLE001  raised by `wait`, now and ever after
            self._fault = fault

    def _raise(self) -> None:
        if self._fault is not None:
            raise self._fault


class _Stretch:
    """Bytes on their way, written once by whoever comes first.

    They go through a descriptor of their own: the file may be closed meanwhile, and a
    number that was given back may mean another file.
    """

    def __init__(self, to: Behind, fd: int, parts: Sequence[bytes | memoryview]) -> None:
        self._to = to
        self._parts = parts
        self._turn = threading.Lock()
        self._fd = os.dup(fd)

    def write(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                self._to._put(self._fd, self._parts)  # noqa: SLF001  a part of it
            finally:
                os.close(self._fd)

    def drop(self) -> None:
        if self._turn.acquire(blocking=False):
            os.close(self._fd)
