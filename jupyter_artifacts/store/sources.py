"""Users' files on their way in: what a look at one told, and what reading it found."""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from jupyter_artifacts.model.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = tuple[int, int, int, int]
"""Of a file: size, mtime_ns, ctime_ns, inode."""

facts_of: Callable[[os.stat_result], Facts] = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")


class Source(msgspec.Struct, frozen=True, gc=False):
    """A file and what `stat` said of it, links followed, before it was to be read.

    Python's collector of cycles does not watch this nor `Taken`: while 100,000 of them
    were alive it took a sixth of the time.
    """

    path: str
    facts: Facts

    @property
    def size(self) -> int:
        """How many bytes it had."""
        return self.facts[0]


class Taken(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What reading a file found."""

    digest: Digest
    size: int


def look(path: str) -> Source:
    """Return a file's facts, links followed.

    Raises
    ------
    OSError
        As `os.stat` does.
    """
    return Source(path, facts_of(os.stat(path)))
