"""What the cells of a column are: a small algebra of types, in W&B's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.media.base import Inline, Media
from jupyter_artifacts.media.tables.rows import RowIndex

MAX_FIELDS = 256
"""Dicts of more keys than this have no common type: they are looked up, not compared."""
PLAIN: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}
FOREIGN = "foreignIndex"
"""The rows of another table, by their numbers."""
NAMES = frozenset(
    ["any", "boolean", "list", "ndarray", "none", "number", "string", "timestamp", "typedDict", "unknown"]
)


@dataclass(frozen=True, slots=True)
class CellType:
    """The type of a cell, or of all cells of a column.

    Attributes
    ----------
    name : str
        ``number``, ``string``, ``boolean``, ``timestamp``, ``ndarray``, ``list``,
        ``typedDict``, ``any``, ``unknown``, ``none``, or the ``_type`` of a medium.
    optional : bool
        None may stand in its place.
    element : CellType, optional
        What a list holds.
    fields : tuple of (str, CellType)
        What a dict holds, by key.
    dtype : str
        Of an ndarray, ``""`` when they differ.
    shape : tuple of int, optional
        Of an ndarray, None when they differ.
    """

    name: str
    optional: bool = False
    element: CellType | None = None
    fields: tuple[tuple[str, CellType], ...] = ()
    dtype: str = ""
    shape: tuple[int, ...] | None = None

    def __str__(self) -> str:
        inner = f" of {self.element}" if self.element else f" of {self.dtype}" if self.dtype else ""
        return f"{self.name}{inner}{' or None' if self.optional else ''}"


UNKNOWN = CellType("unknown")
NOTHING = CellType("none")
ANY = CellType("any", optional=True)


def type_of(cell: object) -> CellType:
    """Return the type of a cell as `cells.clean` makes them."""
    name = PLAIN.get(type(cell))
    if name is not None:
        return CellType(name)
    if cell is None:
        return NOTHING
    if isinstance(cell, RowIndex):
        return CellType(FOREIGN)
    if isinstance(cell, (dt.date, dt.datetime)):
        return CellType("timestamp")
    if isinstance(cell, (Media, Inline)):
        return CellType(cell.kind)
    if isinstance(cell, list):
        element = UNKNOWN
        for item in cell:
            element = joined(element, type_of(item)) or ANY
        return CellType("list", element=element)
    if isinstance(cell, dict):
        return CellType("typedDict", fields=tuple((key, type_of(item)) for key, item in cell.items()))
    shape, dtype = getattr(cell, "shape", None), getattr(cell, "dtype", None)
    if isinstance(shape, tuple):
        return CellType("ndarray", dtype=str(dtype), shape=shape)
    raise InvalidTypeError(f"a cell cannot hold a {type(cell).__name__}")


def joined(one: CellType, other: CellType) -> CellType | None:
    """Return the narrowest type that takes both; None when there is none but ``any``."""
    names = {one.name, other.name}
    if "any" in names:
        return ANY
    optional = one.optional or other.optional or "none" in names
    for open_name in ("unknown", "none"):
        if open_name in names:
            known = other if one.name == open_name else one
            return NOTHING if known.name == "none" else replace(known, optional=optional)
    return _joined_alike(one, other, optional=optional) if one.name == other.name else None


def _joined_alike(one: CellType, other: CellType, *, optional: bool) -> CellType | None:
    if one.name == "list":
        element = joined(one.element or UNKNOWN, other.element or UNKNOWN)
        return None if element is None else CellType("list", optional, element=element)
    if one.name == "typedDict":
        return _joined_fields(one, other, optional=optional)
    if one.name == "ndarray":
        dtype = one.dtype if one.dtype == other.dtype else ""
        return CellType("ndarray", optional, dtype=dtype, shape=one.shape if one.shape == other.shape else None)
    return CellType(one.name, optional)


def _joined_fields(one: CellType, other: CellType, *, optional: bool) -> CellType | None:
    """Join dicts; a key that one side lacks may be missing."""
    mine, theirs = dict(one.fields), dict(other.fields)
    fields: dict[str, CellType] = {}
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        field = joined(mine.get(key, NOTHING), theirs.get(key, NOTHING))
        if field is None:
            return None
        fields[key] = field
    if len(fields) > MAX_FIELDS:
        return ANY
    return CellType("typedDict", optional, fields=tuple(fields.items()))
