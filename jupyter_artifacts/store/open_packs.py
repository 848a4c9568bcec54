"""Packs that are open for reading: the few used last."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

_KEPT = 16
_MOST = 1 << 24
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


_cursor = threading.Lock()


def read_at(fd: int, size: int, offset: int) -> bytes:
    """Read `size` bytes from `offset` of an open file; fewer only where it ends."""
    parts = []
    while size > 0 and (part := _read_once(fd, min(size, _MOST), offset)):
        parts.append(part)
        size -= len(part)
        offset += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


if hasattr(os, "pread"):
    _read_once = os.pread
else:

    def _read_once(fd: int, size: int, offset: int, /) -> bytes:
        with _cursor:
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, size)


class OpenPack:
    """One open pack. It is closed when the last of its readers has let go of it.

    Forked processes share the descriptor without harm: reading says where, each time.
    """

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, _READ)

    def __del__(self) -> None:
        if hasattr(self, "_fd"):
            os.close(self._fd)

    def size(self) -> int:
        """Return the file's size, or -1 when it has been removed."""
        facts = os.fstat(self._fd)
        return facts.st_size if facts.st_nlink else -1

    def read(self, size: int, offset: int) -> bytes:
        """Read `size` bytes from `offset`; fewer only where the file ends."""
        return read_at(self._fd, size, offset)


class OpenPacks:
    """The packs used last, by path. Threads may share it."""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._open: OrderedDict[str, OpenPack] = OrderedDict()

    def get(self, path: str) -> tuple[OpenPack, int]:
        """Return a pack and its size; one that was removed meanwhile is looked for anew.

        Raises
        ------
        OSError
            It is not there, or cannot be opened.
        """
        with self._of_this_process():
            pack = self._open.get(path)
            if pack is not None:
                if (size := pack.size()) >= 0:
                    self._open.move_to_end(path)
                    return pack, size
                del self._open[path]
            pack = self._open[path] = OpenPack(path)
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return pack, pack.size()

    def clear(self) -> None:
        """Let go of all."""
        with self._of_this_process():
            self._open.clear()

    def _of_this_process(self) -> threading.Lock:
        """Return the lock; a forked process has its own, since the parent's may have been held."""
        if self._pid != os.getpid():
            self._pid, self._guard = os.getpid(), threading.Lock()
        return self._guard
