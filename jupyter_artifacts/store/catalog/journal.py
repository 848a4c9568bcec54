"""``catalog.jsonl``: one line for each change of a version, to rebuild a lost catalog from.

A line is written inside the transaction, before its commit, by the one process
that holds the writers' lock. So each committed version has its line; a line whose
commit then failed describes a version that is complete and was never
acknowledged, and the next line of the same number stands in its place. Lines are
not flushed: they matter only when the catalog, which is flushed, is lost.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.model.jsonable import dumps, loads
from jupyter_artifacts.store.copying import write_all
from jupyter_artifacts.store.faults import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class Journal:
    """The file of lines.

    Parameters
    ----------
    path : str
        Made when it is not there.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def append(self, line: JsonObject) -> None:
        """Append a line; after a torn one (a kill, a full disk) it begins on a line of its own."""
        data = dumps(line).encode() + b"\n"
        with writing(os.path.dirname(self.path), len(data)):
            fd = os.open(self.path, _FLAGS, 0o644)
            try:
                size = os.fstat(fd).st_size
                if size and _last_byte(fd, size) != b"\n":
                    data = b"\n" + data
                write_all(fd, data)
            finally:
                os.close(fd)

    def lines(self) -> Iterator[JsonObject]:
        """Yield the whole lines, in order; torn ones are passed over."""
        if not os.path.exists(self.path):
            return
        with open(self.path, encoding="utf-8", errors="replace") as file:
            for text in file:
                try:
                    line = loads(text)
                except ValueError:
                    continue
                if isinstance(line, dict):
                    yield line


def _last_byte(fd: int, size: int) -> bytes:
    os.lseek(fd, size - 1, os.SEEK_SET)
    return os.read(fd, 1)
