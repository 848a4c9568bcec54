"""Reading a bundle: a few kinds of members, at places that were checked, as stretches of open files."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.errors import CorruptError, MissingFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

HEADER = "bundle.json"
FACTS = "facts.jsonl"
_NAME = re.compile(r"bundle\.json|facts\.jsonl|packs/[0-9a-f]{20,40}\.pack|blobs/[0-9a-f]{64}")
_FOLDERS = ("packs", "blobs")
_READ = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_BLOCK = 256 << 10


class Member:
    """A stretch of an open file."""

    def __init__(self, fd: int, base: int, size: int, where: str) -> None:
        self.size = size
        self.where = where
        self._fd = fd
        self._base = base

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of it; fewer at its end."""
        size = min(size, self.size - offset)
        parts = []
        while size > 0 and (part := os.pread(self._fd, size, self._base + offset)):
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return b"".join(parts)

    def blocks(self) -> Iterator[bytes]:
        """Yield all of it."""
        for offset in range(0, self.size, _BLOCK):
            yield self.read(offset, _BLOCK)

    def lines(self, limit: int) -> Iterator[bytes]:
        """Yield its lines.

        Raises
        ------
        CorruptError
            A line is longer than `limit`.
        """
        rest: list[bytes] = []
        held = 0
        for block in self.blocks():
            first, *more = block.split(b"\n")
            rest.append(first)
            held += len(first)
            if held > limit or any(len(line) > limit for line in more):
                raise CorruptError(f"{self.where} holds a line of more than {limit} bytes")
            if more:
                yield b"".join(rest)
                yield from more[:-1]
                rest, held = [more[-1]], len(more[-1])
        if held:
            yield b"".join(rest)


class Members(Protocol):
    """What a bundle holds, folder or file."""

    where: str

    def names(self) -> Sequence[str]:
        """Return the names of all members, each of a known kind."""

    def open(self, name: str) -> AbstractContextManager[Member]:
        """Open a member; raises MissingFileError when there is none."""

    def close(self) -> None:
        """Release what is open."""


def is_member(name: str) -> bool:
    """Tell whether a bundle may hold a member of this name."""
    return _NAME.fullmatch(name) is not None


class FolderMembers:
    """The members of a bundle that is a folder."""

    def __init__(self, folder: str) -> None:
        self.where = folder
        for name in _FOLDERS:
            path = os.path.join(folder, name)
            if os.path.lexists(path) and not stat.S_ISDIR(os.lstat(path).st_mode):
                raise CorruptError(f"{path} is a link or a file; in a bundle it is a folder")

    def names(self) -> Sequence[str]:
        """Return the names of all members; other files are left out."""
        found = [name for name in (HEADER, FACTS) if os.path.lexists(os.path.join(self.where, name))]
        for folder in _FOLDERS:
            path = os.path.join(self.where, folder)
            if os.path.isdir(path):
                found += sorted(f"{folder}/{name}" for name in os.listdir(path) if is_member(f"{folder}/{name}"))
        return found

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Member]:
        """Open a member: a file, never a link or anything that could block."""
        path = os.path.join(self.where, *name.split("/"))
        try:
            if not is_member(name):
                raise FileNotFoundError
            fd = os.open(path, _READ)
        except FileNotFoundError:
            raise MissingFileError(f"the bundle {self.where} has no {name}") from None
        except OSError as error:
            raise CorruptError(f"{path} cannot be read: {error.strerror}") from error
        try:
            facts = os.fstat(fd)
            if not stat.S_ISREG(facts.st_mode):
                raise CorruptError(f"{path} is not a file")
            yield Member(fd, 0, facts.st_size, path)
        finally:
            os.close(fd)

    def close(self) -> None:
        """Nothing is kept open."""
