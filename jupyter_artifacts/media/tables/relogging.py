"""What a second ``run.log`` of the same table stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import MisfitError, UsageError
from jupyter_artifacts.media.base import MediaFile
from jupyter_artifacts.model.jsonable import dumps

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media.tables.document import Piece
    from jupyter_artifacts.model.jsonable import JsonObject

MODES = ("IMMUTABLE", "MUTABLE", "INCREMENTAL")


class Relogging:
    """The memory of a table that was logged.

    ``IMMUTABLE`` stores again what it stored first; ``MUTABLE`` all there is now;
    ``INCREMENTAL`` the rows since the last time, each file naming the one before.
    """

    def __init__(self, mode: str | None) -> None:
        mode = "IMMUTABLE" if mode is None else mode
        if mode not in MODES:
            raise MisfitError(f"log_mode must be one of {', '.join(MODES)}, not {mode!r}")
        self.mode: str = mode
        self.start = 0
        """The first row that is not stored yet; 0 unless the mode is INCREMENTAL."""
        self._increments = 0
        self._previous: str | None = None
        self._made: MediaFile | None = None
        self._first: MediaFile | None = None
        self._shape: tuple[int, int] | None = None

    def require_whole(self, call: str) -> None:
        """Refuse a call that an INCREMENTAL table cannot follow."""
        if self.mode == "INCREMENTAL":
            raise UsageError(
                f"{call}() is not possible with log_mode='INCREMENTAL': the rows before are stored already"
            )

    def file(self, write: Callable[[int, str | None], Piece]) -> MediaFile:
        """Return the file of the next log; `write` makes the rows from a number on."""
        if self._first is not None:
            return self._first
        piece = write(self.start, self._previous)
        tree, beside = piece.document
        info: JsonObject = {"_type": "table-file", "nrows": piece.rows, "ncols": piece.columns, "log_mode": self.mode}
        if self.mode == "INCREMENTAL":
            info = {**info, "_type": "incremental-table-file", "increment_num": self._increments}
        self._made = MediaFile(dumps(tree).encode(), "media/table", ".table.json", info, beside)
        return self._made

    def logged(self, path: str, rows: int, shape: tuple[int, int]) -> None:
        """Remember that what :meth:`file` returned is stored at `path`, up to row `rows`."""
        self._shape = self._shape or shape
        if self.mode == "IMMUTABLE":
            self._first = self._made
        elif self.mode == "INCREMENTAL":
            self.start, self._previous = rows, path
            self._increments += 1

    def note(self, shape: tuple[int, int]) -> str | None:
        """Return a line when a table that was logged has grown since, and that will not show."""
        if self._first is None or self._shape == shape:
            return None
        return (
            "the table is logged as it was the first time: its log_mode is IMMUTABLE. "
            "Make it with log_mode='MUTABLE' or 'INCREMENTAL' to log what was added since"
        )
