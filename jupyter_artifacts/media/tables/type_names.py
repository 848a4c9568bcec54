"""The types that a user names when making a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.media.base import Inline, Media
from jupyter_artifacts.media.tables.types import ANY, FOREIGN, NAMES, PLAIN, UNKNOWN, CellType

_BY_CLASS: dict[type, str] = {
    **PLAIN,
    dict: "typedDict",
    list: "list",
    dt.date: "timestamp",
    dt.datetime: "timestamp",
    object: "any",
    type(None): "none",
}


def given_type(dtype: object) -> CellType:
    """Return the type that a user names: ``int``, ``str``, ``[float]``, ``Image``, ``np.ndarray``, ``"number"``."""
    if dtype is None:
        return UNKNOWN
    if isinstance(dtype, CellType):
        return dtype
    if isinstance(dtype, str) and dtype in NAMES:
        return ANY if dtype == "any" else CellType(dtype)
    if isinstance(dtype, list) and len(dtype) == 1:
        return CellType("list", element=given_type(dtype[0]))
    if isinstance(dtype, Mapping):
        return CellType("typedDict", fields=tuple((str(key), given_type(item)) for key, item in dtype.items()))
    if isinstance(dtype, type):
        if issubclass(dtype, (Media, Inline)) and hasattr(dtype, "kind"):
            return CellType(dtype.kind)
        if dtype in _BY_CLASS:
            return given_type(_BY_CLASS[dtype])
        if dtype.__module__ == "numpy":
            return CellType("ndarray" if dtype.__name__ == "ndarray" else _numpy_name(dtype))
    raise InvalidTypeError(f"{dtype!r:.80} is no type of a column; int, float, str, bool, Image or a list of them are")


def _numpy_name(scalar: type) -> str:
    above = {base.__name__ for base in scalar.__mro__}
    for base, name in (("number", "number"), ("bool", "boolean"), ("str_", "string"), ("datetime64", "timestamp")):
        if base in above:
            return name
    raise InvalidTypeError(f"{scalar!r} is no type of a column")


class _ForeignIndexType:
    """W&B's class for a column of rows of another table; code asks whether ``type(...)`` is this one."""


class TypesOfColumns:
    """What W&B keeps of its columns' types: ``params["type_map"]``.

    Parameters
    ----------
    types : mapping of str to CellType
        By column.
    """

    def __init__(self, types: Mapping[str, CellType]) -> None:
        found = {name: _ForeignIndexType() if kind.name == FOREIGN else kind for name, kind in types.items()}
        self.params: dict[str, dict[str, object]] = {"type_map": dict(found)}
