"""Cells as JSON and back; media leave files beside, dates and arrays say what they are."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, cast

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, plain_array
from jupyter_artifacts.media.base import Inline, Media
from jupyter_artifacts.media.pixels import MAX_PIXELS
from jupyter_artifacts.media.tables.cells import milliseconds, moment
from jupyter_artifacts.media.tables.rows import RowIndex
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonValue

_PLAIN = frozenset([int, float, str, bool, type(None)])
_DTYPES = frozenset(
    f"{name}{bits}"
    for name, sizes in (("int", (8, 16, 32, 64)), ("uint", (8, 16, 32, 64)), ("float", (16, 32, 64)))
    for bits in sizes
) | {"bool"}


def encode(cell: object, beside: dict[str, bytes]) -> JsonValue:
    """Return a cell as JSON; files that it needs are added to `beside`, by path."""
    if type(cell) in _PLAIN:
        return cast("JsonValue", cell)
    if isinstance(cell, RowIndex):
        return int(cell)
    if isinstance(cell, list):
        return [encode(item, beside) for item in cell]
    if isinstance(cell, dict):
        return {key: encode(item, beside) for key, item in cell.items()}
    if isinstance(cell, Inline):
        return cell.to_json()
    if isinstance(cell, Media):
        file = cell.to_file()
        beside.update(file.beside)
        beside[file.path] = file.data
        return file.entry(file.path)
    if isinstance(cell, dt.date):
        return {"_type": "timestamp", "ms": milliseconds(cell)}
    if is_array(cell):
        array = plain_array(cell)
        shape: list[JsonValue] = [*array.shape]
        return {"_type": "ndarray", "dtype": str(array.dtype), "shape": shape, "data": array.ravel().tolist()}
    raise InvalidTypeError(f"a cell cannot hold a {type(cell).__name__}; add it with add_data(), not through .data")


def decode(tree: JsonValue, source: Source) -> object:
    """Return the cell that :func:`encode` wrote."""
    if isinstance(tree, list):
        return [decode(item, source) for item in tree]
    if not isinstance(tree, dict):
        return tree
    kind = tree.get("_type")
    if kind is None:
        return {key: decode(item, source) for key, item in tree.items()}
    if kind == "timestamp":
        return moment(tree.get("ms"))
    if kind == "ndarray":
        return array_of(tree.get("data"), tree.get("dtype"), tree.get("shape"))
    if str(kind) in {"table", "joined-table", "partitioned-table"} or str(kind).endswith("table-file"):
        raise InvalidValueError("a table cannot stand in a cell")
    return source.decode(tree, source)


def array_of(data: JsonValue, dtype: JsonValue, shape: JsonValue) -> NDArray[Any]:
    """Return the array of a list, nested or flat, and its shape; without a dtype it is told from the numbers."""
    require("numpy", "numpy", "to read arrays in tables")
    import numpy as np

    if dtype and dtype not in _DTYPES:
        raise InvalidValueError(f"{dtype!r:.40} is no dtype of numbers")
    try:
        array = np.array(data, dtype=str(dtype) if dtype else None)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidValueError(f"a cell's array cannot be read: {error}") from error
    if array.dtype.kind not in "biuf":
        raise InvalidValueError(f"a cell's array does not hold numbers: {data!r:.80}")
    sides = [side for side in shape if isinstance(side, int)] if isinstance(shape, list) else [-1]
    if math.prod(sides) != array.size or array.size > MAX_PIXELS or min(sides, default=0) < 0:
        raise InvalidValueError(f"a cell's array has {array.size} numbers, which is not the shape {shape!r:.80}")
    return array.reshape(sides)
