"""Columns that hold rows of another table: their numbers, and the table as a file beside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media.tables.rows import RowIndex, is_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonValue

FOLDER = "media/tables"
MAX_DEPTH = 8
"""Tables that name one another in a longer row, or in a ring, are refused."""


def written(cells: Sequence[object], beside: dict[str, bytes]) -> tuple[str, list[JsonValue]]:
    """Return the path of the table that the cells are rows of, put beside, and the rows' numbers."""
    rows = [cell for cell in cells if isinstance(cell, RowIndex)]
    if not rows or any(cell.table is not rows[0].table for cell in rows):
        raise InvalidValueError("a column of rows of another table must take all of them from one table")
    file = rows[0].table.to_artifact_file()
    path = f"{FOLDER}/t_{file.sha256[:20]}{file.suffix}"
    beside.update(file.beside)
    beside[path] = file.data
    return path, [int(cell) if isinstance(cell, RowIndex) else None for cell in cells]


def read(path: str, cells: Sequence[JsonValue], source: Source) -> list[object]:
    """Return the rows of the table at a path, by their numbers."""
    if source.depth >= MAX_DEPTH:
        raise InvalidValueError(f"{path}: tables name one another over more than {MAX_DEPTH} steps, or in a ring")
    deeper = replace(source, depth=source.depth + 1)
    table = source.decode(source.document({"_type": "table-file", "path": path}), deeper)
    if not is_table(table):
        raise InvalidValueError(f"{path} is no table, and a column names rows of it")
    found: list[object] = []
    for cell in cells:
        if cell is None:
            found.append(None)
        elif isinstance(cell, bool) or not isinstance(cell, int) or not 0 <= cell < len(table.data):
            raise InvalidValueError(f"{path} has no row {cell!r:.40}; there are {len(table.data)}")
        else:
            found.append(RowIndex(cell, table))
    return found
