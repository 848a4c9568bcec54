"""What goes into a cell: values of many libraries brought to few kinds, copied, comparable."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.base import Document, Inline, Media
from jupyter_artifacts.media.figures import find_figure
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.plotly import Plotly, is_plotly
from jupyter_artifacts.media.tables.rows import RowIndex
from jupyter_artifacts.model.jsonable import MAX_DEPTH, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

AT_ONCE = frozenset([int, float, str, bool, type(None)])
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_TAG = "_type"
_DOUBLE = 8  # bytes; longer floats have no form in JSON


def clean(value: object, where: str, depth: int = 0) -> object:
    """Return a value as a cell keeps it.

    Numbers, text, booleans, None, dates and media stay; numpy, torch and pandas
    scalars become Python's, missing ones (NaT, NA) None; arrays and tensors become
    numpy arrays of their own; PIL pictures and figures become media; lists and dicts
    are copied, their parts treated alike.

    Raises
    ------
    InvalidTypeError
        Bytes, functions, tables and other objects that no cell can hold.
    InvalidValueError
        A dict with the key ``_type``, which is how media are written; nesting over
        100 deep.
    """
    if type(value) in AT_ONCE or _stands_alone(value, depth):
        return value
    if depth > MAX_DEPTH:
        raise InvalidValueError(f"{where} is nested deeper than {MAX_DEPTH} levels, or contains itself")
    if isinstance(value, (dt.date, dt.datetime)):
        return _date(value)
    if isinstance(value, Mapping):
        return _dict(value, where, depth)
    if isinstance(value, (list, tuple)):
        return [clean(item, where, depth + 1) for item in value]
    if type(value).__name__ == "NAType" and type(value).__module__.startswith("pandas"):
        return None
    medium = drawable(value)
    if medium is not None:
        return medium
    if is_tensor(value) or is_array(value):
        return _from_array(to_numpy(value) if is_tensor(value) else plain_array(value), where, depth)
    if isinstance(value, Media):
        raise InvalidTypeError(f"{where} is a {type(value).__name__}, and a table cannot stand in a cell")
    return normalise(value, where)


def _stands_alone(value: object, depth: int) -> bool:
    """Tell whether a value is kept as it is: media that are no tables, and rows of another table."""
    if isinstance(value, RowIndex):
        return not depth
    return isinstance(value, (Media, Inline)) and not isinstance(value, Document)


def drawable(value: object) -> Media | None:
    """Return PIL pictures and matplotlib figures as an Image, plotly figures as a Plotly; else None."""
    if is_plotly(value):
        return Plotly(value)
    return Image(value) if is_drawable(value) else None


def is_drawable(value: object) -> bool:
    """Say whether :func:`drawable` returns a medium for `value`, without drawing it."""
    pillow = sys.modules.get("PIL.Image")
    is_picture = pillow is not None and isinstance(value, pillow.Image)
    return is_picture or is_plotly(value) or find_figure(value) is not None


def _date(value: dt.date) -> dt.date | None:
    if value != value:  # noqa: PLR0124  pandas' NaT calls itself a datetime
        return None
    to_python = getattr(value, "to_pydatetime", None)
    plain: dt.date = to_python(warn=False) if callable(to_python) else value
    return plain


def _dict(value: Mapping[Any, object], where: str, depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, item in value.items():
        plain = normalise({key: None}, where)
        name = next(iter(plain)) if isinstance(plain, dict) else ""
        if name == _TAG:
            raise InvalidValueError(
                f"{where} is a dict with the key {_TAG!r}, which is how media are written; rename it"
            )
        if name in found:
            raise InvalidValueError(f"{where} has two keys that both become {name!r}; rename one")
        found[name] = clean(item, f"{where}[{name!r}]", depth + 1)
    return found


def _from_array(array: NDArray[Any], where: str, depth: int) -> object:
    kind = array.dtype.kind
    if array.dtype.itemsize > _DOUBLE and kind == "f":
        array = array.astype("float64")
    if kind in "biuf":
        return array.item() if array.ndim == 0 else array.astype(array.dtype.newbyteorder("="), copy=True)
    if kind == "M":
        return _from_dates(array, where)
    if kind not in "OUS":
        raise InvalidTypeError(f"{where} is an array of {array.dtype}; numbers, text and dates are kept")
    return clean(array.item() if array.ndim == 0 else array.tolist(), where, depth + 1)


def _from_dates(array: NDArray[Any], where: str) -> object:
    dates: NDArray[Any] = array.astype("datetime64[us]").astype(object)
    for date in dates.flat:
        if isinstance(date, int):
            raise InvalidValueError(f"{where} has a date beyond the year 9999")
    found: object = dates.item() if array.ndim == 0 else dates.tolist()
    return found


def milliseconds(value: object) -> int:
    """Return a date as milliseconds since 1970; one without a time zone is taken as UTC."""
    if isinstance(value, dt.datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=dt.timezone.utc)
    elif isinstance(value, dt.date):
        moment = dt.datetime(value.year, value.month, value.day, tzinfo=dt.timezone.utc)
    else:
        raise InvalidTypeError(f"{value!r:.80} is no date")
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def moment(milliseconds: object) -> dt.datetime:
    """Return the time, in UTC, that :func:`milliseconds` gave."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, (int, float)):
        raise InvalidValueError(f"{milliseconds!r:.80} is no time in milliseconds")
    try:
        return _EPOCH + dt.timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError) as error:
        raise InvalidValueError(f"{milliseconds!r:.80} is no time in milliseconds: {error}") from error


def hashable(cell: object) -> object:
    """Return something that cells which are the :func:`same` have in common, to look them up by."""
    if isinstance(cell, float) and math.isnan(cell):
        return "NaN", None
    if isinstance(cell, dt.date):
        return "date", milliseconds(cell)
    if isinstance(cell, list):
        return tuple(map(hashable, cell))
    if isinstance(cell, dict):
        return frozenset((key, hashable(item)) for key, item in cell.items())
    return (str(cell), plain_array(cell).tobytes()) if is_array(cell) else (isinstance(cell, bool), cell)


def same(one: object, other: object) -> bool:
    """Say whether two cells hold the same: NaN equals NaN, dates count in milliseconds."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, dt.date) and isinstance(other, dt.date):
        return milliseconds(one) == milliseconds(other)
    if isinstance(one, list) and isinstance(other, list):
        return same_rows(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if is_array(one) or is_array(other):
        return is_array(one) and is_array(other) and _same_arrays(one, other)
    return bool(one == other)


def same_rows(one: Sequence[object], other: Sequence[object]) -> bool:
    """Say whether two lists hold the same cells."""
    return len(one) == len(other) and all(map(same, one, other))


def _same_arrays(one: object, other: object) -> bool:
    import numpy as np

    mine, theirs = plain_array(one), plain_array(other)
    if mine.dtype != theirs.dtype:
        return False
    return bool(np.array_equal(mine, theirs, equal_nan=mine.dtype.kind == "f"))
