"""``catalog.db-high``: the number of the last commit that was made durable, beside the catalog.

A catalog that stands below it is not the one that was written: an older copy was put
back, or its log was deleted or has rotted, which SQLite takes for the end of the log. Such a
catalog looks sound, and lacks versions that were acknowledged.

The number is written after the commit is durable, so that it is never ahead of the
truth, and is not flushed: it may lag after a power cut, which costs nothing but vigilance.
"""

from __future__ import annotations

import contextlib
import os
import re
import zlib

_END = "-high"
_LINE = re.compile(rb"(\d{20}) ([0-9a-f]{8})\n")
_SIZE = 30
_NEW = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class HighWater:
    """The file beside one catalog.

    Parameters
    ----------
    catalog : str
        The catalog's path.
    """

    def __init__(self, catalog: str) -> None:
        self.path = catalog + _END

    def read(self) -> int:
        """Return the number; 0 where there is none, or none that can be read."""
        try:
            fd = os.open(self.path, _READ)
        except OSError:
            return 0
        try:
            return _number(os.read(fd, _SIZE))
        except OSError:
            return 0
        finally:
            os.close(fd)

    def note(self, revision: int) -> None:
        """Note a commit that is durable. What fails here fails nobody: the commit is made."""
        text = b"%020d" % revision
        with contextlib.suppress(OSError):
            fd = os.open(self.path, _NEW, 0o644)
            try:
                if _number(os.read(fd, _SIZE)) < revision:
                    os.lseek(fd, 0, os.SEEK_SET)
                    os.write(fd, b"%b %08x\n" % (text, zlib.crc32(text)))
            finally:
                os.close(fd)

    def forget(self) -> None:
        """Begin anew, with a catalog that was made anew."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)


def _number(line: bytes) -> int:
    found = _LINE.fullmatch(line)
    return int(found[1]) if found and zlib.crc32(found[1]) == int(found[2], 16) else 0
