"""What ``write_logs`` is given: a text file that grows, kept with the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "output.log"
_GROWN = 1.25


class RunLogs:
    """The log of one run.

    A file of a run is stored whole each time. So a longer log is stored when it has grown
    by a quarter, and at the end.

    Parameters
    ----------
    put : callable
        Takes the file's name and bytes.
    """

    def __init__(self, put: Callable[[str, bytes], None]) -> None:
        self._put = put
        self._text = bytearray()
        self._stored = 0

    def write(self, line: str) -> None:
        """Append a line."""
        self._text += line.encode("utf-8", "backslashreplace") + (b"" if line.endswith("\n") else b"\n")
        if len(self._text) >= _GROWN * self._stored:
            self._store()

    def close(self) -> None:
        """Store what is not stored yet."""
        if len(self._text) > self._stored:
            self._store()

    def _store(self) -> None:
        self._stored = len(self._text)
        self._put(NAME, bytes(self._text))
