"""File locks that die with their process: no clocks, no lock files to clean up."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import threading
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.store.helpers import begin

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTICE_AFTER = 2.0
"""Seconds of waiting after which the user is told."""

_SLICE = 0.2
_MOMENT = 0.03
_NAP = 0.0004
_HELD = re.compile(r"\d+:\s+\w+\s+\w+\s+WRITE\s+(?P<pid>\d+)\s+\S+:(?P<inode>\d+)\s")
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def open_lock(path: str) -> int:
    """Open (and create) a lock's file."""
    return os.open(path, _FLAGS, 0o644)


def take(fd: int, *, wait: bool = False) -> bool:
    """Lock an open file for this process alone; False when another holds it and `wait` is not set."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if not wait and error.errno in _BUSY:
            return False
        raise
    return True


def drop(fd: int) -> None:
    """Unlock and close.

    Unlocking by word matters: a process forked meanwhile holds the same lock, and
    closing alone would leave it locked until that process ends.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(fd, fcntl.LOCK_UN)
    finally:
        os.close(fd)


class NeverCameError(Exception):
    """Nobody let go of the lock in time; whoever asked says what that means."""


class FileLock:
    """A queue of writers, first in this process, then among processes.

    Parameters
    ----------
    path : str
        The lock's file, made when it is not there.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._pid = os.getpid()
        self._queue = threading.RLock()

    @contextlib.contextmanager
    def held(
        self, timeout: float, waiting: Callable[[], None], check: Callable[[], None] = lambda: None
    ) -> Iterator[float]:
        """Hold the lock during the block; yields the seconds that are left of `timeout`.

        Parameters
        ----------
        timeout : float
            Seconds to wait at most.
        waiting : callable
            Called once when the lock has not come within two seconds.
        check : callable
            Called every now and then while waiting; it may raise.

        Raises
        ------
        NeverCameError
            It did not come at all.
        """
        if self._pid != os.getpid():
            self._pid, self._queue = os.getpid(), threading.RLock()
        queue, turn = self._queue, _Turn(self.path)
        patience = _Patience(time.monotonic() + timeout, waiting, check)
        try:
            if not queue.acquire(blocking=False):
                patience.wait(lambda seconds: queue.acquire(timeout=seconds))
            turn.take(patience)
            yield patience.left
        finally:
            turn.release()
            # An interrupt may come before or after the queue was ours; an RLock knows.
            with contextlib.suppress(RuntimeError):
                queue.release()


class _Patience:
    """Waiting in short slices, up to a deadline, with one notice on the way."""

    def __init__(self, deadline: float, waiting: Callable[[], None], check: Callable[[], None]) -> None:
        self._deadline = deadline
        self._notice_at = time.monotonic() + NOTICE_AFTER
        self._waiting = waiting
        self._check = check

    @property
    def left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def wait(self, attempt: Callable[[float], bool]) -> None:
        while not attempt(min(_SLICE, self.left)):
            self._check()
            if self.left <= 0:
                raise NeverCameError
            if time.monotonic() >= self._notice_at:
                self._notice_at = self._deadline + 1
                self._waiting()


class _Turn:
    """One attempt at the file's lock. `release` is right at any moment, also after an interrupt.

    A busy lock is tried again for a moment, in which most turns end, and then waited
    for by a thread, in the kernel's queue, so that waiting is fair and can be given up.
    To try on and on would starve: whoever has just released the lock takes it again
    before a sleeper wakes. To begin with the thread costs more than publishing does.
    Where no thread can be had, trying on and on is what is left.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._done = threading.Event()
        self._state = threading.Lock()
        self._over = False
        self._fd = -1
        self._error: OSError | None = None

    def take(self, patience: _Patience) -> None:
        fd = open_lock(self._path)
        self._fd = fd
        if take(fd):
            return
        until = time.monotonic() + _MOMENT
        while time.monotonic() < until:
            time.sleep(_NAP)
            if take(fd):
                return
        self._fd = -1
        os.close(fd)
        helper = begin(self._wait)
        if helper is not None:
            patience.wait(lambda seconds: self._done.wait(seconds) or not helper.alive)
        if self._error is not None:
            raise self._error
        if not self._done.is_set():
            patience.wait(self._try)

    def _try(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        fd = open_lock(self._path)
        try:
            while not take(fd):
                if time.monotonic() >= until:
                    return False
                time.sleep(_NAP)
            self._fd, fd = fd, -1
        finally:
            if fd >= 0:
                os.close(fd)
        return True

    def release(self) -> None:
        with self._state:
            self._over = True
            if self._fd >= 0:
                drop(self._fd)
                self._fd = -1

    def _wait(self) -> None:
        try:
            fd = open_lock(self._path)
            take(fd, wait=True)
        except OSError as error:
            self._error = error
        else:
            with self._state:
                if self._over:
                    drop(fd)
                else:
                    self._fd = fd
        self._done.set()


def holders(*paths: str) -> list[int]:
    """Return the ids of processes that hold a lock on one of these files (Linux; elsewhere nothing is known)."""
    if not os.path.exists("/proc/locks"):
        return []
    wanted = {os.stat(path).st_ino for path in paths if os.path.exists(path)}
    found: list[int] = []
    with open("/proc/locks", encoding="ascii", errors="replace") as lines:
        for line in lines:
            held = _HELD.match(line)
            if held and int(held["inode"]) in wanted and int(held["pid"]) != os.getpid():
                found.append(int(held["pid"]))
    return sorted(set(found))


def told(pids: list[int]) -> str:
    """Return ``"process 4711 (python)"`` for people, or ``"another program"``."""
    names = []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
                names.append(f"process {pid} ({file.read().strip()})")
        except OSError:
            names.append(f"process {pid}")
    return " and ".join(names) or "another program"
