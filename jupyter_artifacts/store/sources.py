"""Users' files on their way in: what a look at one told, and what reading it found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Digest


class Source(NamedTuple):
    """A file and what `stat` said of it, links followed, before it was to be read."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Taken(NamedTuple):
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
    facts = os.stat(path)
    return Source(path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
