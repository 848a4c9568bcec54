"""Rows from data frames and arrays, and back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import MisfitError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

_PLANE = 2


def is_frame(data: object) -> bool:
    """Say whether `data` is a pandas DataFrame, without importing pandas."""
    frame = getattr(sys.modules.get("pandas"), "DataFrame", None)
    return isinstance(frame, type) and isinstance(data, frame)


def frame_columns(frame: pd.DataFrame, wanted: object = None) -> tuple[list[object], list[list[object]]]:
    """Return the names and the values of a frame's columns; what is missing is None, but NaN stays in floats.

    `wanted` chooses columns by their names, or, when it has other names, one for
    each, gives them names.
    """
    names: list[object] = list(frame.columns)
    if isinstance(wanted, list):
        if all(name in names for name in wanted):
            frame, names = frame[wanted], wanted
        elif len(wanted) == len(names):
            names = wanted
        else:
            raise MisfitError(f"the frame has the columns {names!r:.200}, not {wanted!r:.200}")
    columns: list[list[object]] = []
    for index in range(len(names)):
        series = frame.iloc[:, index]
        values: list[object] = series.tolist()
        if getattr(series.dtype, "kind", "O") != "f":
            values = [None if _is_nan(value) else value for value in values]
        columns.append(values)
    return names, columns


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124  NaN


def array_rows(data: object) -> list[list[object]]:
    """Return the rows of an array or tensor of two axes."""
    array = to_numpy(data) if is_tensor(data) else plain_array(data)
    if array.ndim != _PLANE:
        raise MisfitError(f"an array of shape {array.shape} is no table; (rows, columns) is")
    rows: list[list[object]] = array.tolist()
    return rows


def column_values(data: object) -> list[object]:
    """Return the values of one column: of a list, an array, a tensor or a Series."""
    if isinstance(data, list):
        return data
    to_list = getattr(data, "tolist", None)
    if getattr(data, "name", None) is not None and callable(to_list):  # a Series
        values: list[object] = to_list()
        return values
    if is_tensor(data) or is_array(data):
        return list(to_numpy(data) if is_tensor(data) else plain_array(data))
    raise MisfitError(f"a column is a list or an array, not {type(data).__name__}")


def row_values(data: object, where: str) -> list[object]:
    """Return the cells of a row that is an array, a tensor or a Series."""
    if not is_tensor(data) and not is_array(data):
        raise MisfitError(f"{where} must be a list of cells, not {type(data).__name__}")
    return column_values(data)


def as_numpy(cells: Sequence[object]) -> NDArray[Any]:
    """Return a column as an array; pictures as pixels, of objects when the shapes differ."""
    require("numpy", "numpy", "to convert columns")
    import numpy as np

    plain = [np.asarray(cell.image) if isinstance(cell, Image) else cell for cell in cells]
    shapes = {np.shape(plain_array(cell)) if is_array(cell) else None for cell in plain}
    is_ragged = len(shapes) > 1 or any(isinstance(cell, (list, dict)) for cell in plain)
    if is_ragged:
        found = np.empty(len(plain), dtype=object)
        for index, cell in enumerate(plain):
            found[index] = cell
        return found
    return np.array(plain)
