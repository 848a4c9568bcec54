"""A table as JSON in W&B's shape, and back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media.arrays import plain_array
from jupyter_artifacts.media.base import MediaFile
from jupyter_artifacts.media.tables import foreign
from jupyter_artifacts.media.tables.cell_json import array_of, decode, encode
from jupyter_artifacts.media.tables.cells import milliseconds, moment
from jupyter_artifacts.media.tables.type_json import from_json, to_json
from jupyter_artifacts.media.tables.types import FOREIGN, PLAIN
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.media.tables.types import CellType
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

MANY_NUMBERS = 10_000
"""Arrays of one column with more numbers than this go to one ``.npy`` file."""

_SIMPLE = frozenset(PLAIN.values())
Files = tuple[tuple[str, bytes], ...]


class Piece(NamedTuple):
    """Some rows of a table, written."""

    document: tuple[JsonObject, Files]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Found:
    """A table's parts as they were read."""

    columns: list[str | int]
    types: list[CellType]
    rows: list[list[object]]


def written(
    columns: Sequence[str | int],
    types: Sequence[CellType],
    rows: Sequence[Sequence[object]],
    previous: str | None = None,
) -> tuple[JsonObject, Files]:
    """Return rows as JSON, and the files that their cells need.

    Dates are milliseconds since 1970 (UTC). Arrays of one dtype and shape are nested
    lists, or, when they are many, one ``.npy`` file for the column. `previous` is
    the path of the file with the rows before.
    """
    beside: dict[str, bytes] = {}
    type_map: JsonObject = {}
    encoded: list[list[JsonValue]] = []
    for place, (name, kind) in enumerate(zip(columns, types, strict=True)):
        described, cells = _column(kind, [row[place] for row in rows], beside)
        type_map[str(name)] = described
        encoded.append(cells)
    data: list[JsonValue] = [list(row) for row in zip(*encoded, strict=True)] if columns else [[] for _ in rows]
    tree: JsonObject = {
        "_type": "table",
        "columns": [*columns],
        "column_types": {"wb_type": "typedDict", "params": {"type_map": type_map}},
        "data": data,
        "ncols": len(columns),
        "nrows": len(rows),
    }
    if previous is not None:
        tree["previous"] = previous
    return tree, tuple(sorted(beside.items()))


def _column(kind: CellType, cells: list[object], beside: dict[str, bytes]) -> tuple[JsonObject, list[JsonValue]]:
    described = to_json(kind)
    if kind.name in _SIMPLE:
        return described, cast("list[JsonValue]", cells)
    if kind.name == FOREIGN:
        path, numbers = foreign.written(cells, beside)
        return {**described, "foreign": path}, numbers
    if kind.name == "timestamp":
        return described, [None if cell is None else milliseconds(cell) for cell in cells]
    if kind.name == "ndarray" and kind.dtype and kind.shape is not None:
        arrays = [None if cell is None else plain_array(cell) for cell in cells]
        total = sum(array.size for array in arrays if array is not None)
        if total > MANY_NUMBERS and None not in {type(array) if array is not None else None for array in arrays}:
            file = MediaFile(_npy(arrays), "media/arrays", ".npy", {"_type": "npy"})
            beside[file.path] = file.data
            return {**described, "stored": file.entry(file.path)}, [None] * len(cells)
        return described, [None if array is None else array.tolist() for array in arrays]
    return described, [encode(cell, beside) for cell in cells]


def _npy(arrays: Sequence[NDArray[Any] | None]) -> bytes:
    import numpy as np

    out = io.BytesIO()
    np.save(out, np.stack([array for array in arrays if array is not None]), allow_pickle=False)
    return out.getvalue()


def read_table(tree: JsonObject, source: Source) -> Found:
    """Return a table's parts; the rows of earlier increments come first."""
    pieces = [tree]
    seen: set[str] = set()
    while isinstance(before := pieces[0].get("previous"), str):
        if before in seen:
            raise InvalidValueError(f"the table's increments go in a circle at {before}")
        seen.add(before)
        pieces.insert(0, source.document({"_type": "table", "path": before}))
    columns = _names(tree)
    types = _types(tree, columns)
    rows: list[list[object]] = []
    for piece in pieces:
        if _names(piece) != columns:
            raise InvalidValueError(f"an increment of the table has other columns: {_names(piece)}, not {columns}")
        rows += _rows(piece, columns, source)
    return Found(columns, types, rows)


def _names(tree: JsonObject) -> list[str | int]:
    columns = tree.get("columns")
    if not isinstance(columns, list) or not all(isinstance(name, (str, int)) for name in columns):
        raise InvalidValueError(f"a table's JSON must have a list of names 'columns', not {columns!r:.80}")
    return [name for name in columns if isinstance(name, (str, int))]


def _type_map(tree: JsonObject) -> JsonObject:
    described = tree.get("column_types")
    params = described.get("params") if isinstance(described, dict) else None
    fields = params.get("type_map") if isinstance(params, dict) else None
    return fields if isinstance(fields, dict) else {}


def _types(tree: JsonObject, columns: Sequence[str | int]) -> list[CellType]:
    fields = _type_map(tree)
    return [from_json(fields.get(str(name))) for name in columns]


def _rows(tree: JsonObject, columns: Sequence[str | int], source: Source) -> list[list[object]]:
    data = tree.get("data")
    if not isinstance(data, list):
        raise InvalidValueError("a table's JSON must have a list of rows 'data'")
    rows = [_checked_row(row, len(columns)) for row in data]
    fields = _type_map(tree)
    decoded: list[list[object]] = []
    for place, (name, kind) in enumerate(zip(columns, _types(tree, columns), strict=True)):
        described = fields.get(str(name))
        stored = described.get("stored") if isinstance(described, dict) else None
        if isinstance(stored, dict):
            decoded.append(_stored(source.content(stored), len(data)))
        elif isinstance(described, dict) and isinstance(described.get("foreign"), str):
            decoded.append(foreign.read(str(described["foreign"]), [row[place] for row in rows], source))
        else:
            decoded.append([_cell(row[place], kind, source) for row in rows])
    return [list(row) for row in zip(*decoded, strict=True)] if columns else [[] for _ in data]


def _checked_row(row: JsonValue, width: int) -> list[JsonValue]:
    if not isinstance(row, list) or len(row) != width:
        raise InvalidValueError(f"a row of a table's JSON must be a list of {width} cells, not {row!r:.80}")
    return row


def _cell(cell: JsonValue, kind: CellType, source: Source) -> object:
    if cell is None or type(cell) is str or (kind.name in _SIMPLE and not isinstance(cell, (list, dict))):
        return cell
    if kind.name == "timestamp":
        return moment(cell)
    if kind.name == "ndarray" and kind.shape is not None and isinstance(cell, list):
        return array_of(cell, kind.dtype, [*kind.shape])
    return decode(cell, source)


def _stored(data: bytes, rows: int) -> list[object]:
    """Return the rows of a ``.npy`` file of plain numbers; its header is compared with what is there."""
    require("numpy", "numpy", "to read arrays in tables")
    import numpy as np

    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    file = io.BytesIO(data)
    try:
        shape, is_columns_first, dtype = header[np.lib.format.read_magic(file)](file)
        if dtype.kind not in "biuf" or is_columns_first or not shape or shape[0] != rows:
            raise InvalidValueError(f"a column's .npy file holds {dtype} of shape {shape}, not {rows} arrays")
        return list(np.frombuffer(data, dtype, offset=file.tell()).reshape(shape).copy())
    except InvalidValueError:
        raise
    except (ValueError, KeyError, SyntaxError) as error:
        raise InvalidValueError(f"a column's .npy file cannot be read: {error}") from error
