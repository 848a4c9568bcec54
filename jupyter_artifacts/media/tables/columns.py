"""The columns of a table: their names, and the types that their cells agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError
from jupyter_artifacts.media.tables.type_names import given_type
from jupyter_artifacts.media.tables.types import ANY, PLAIN, UNKNOWN, CellType, joined, type_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ColumnName = str | int


def check_names(columns: object) -> list[ColumnName]:
    """Return column names: a list of str or int, each once."""
    if not isinstance(columns, (list, tuple)):
        raise MisfitError(f"columns must be a list of names, not {type(columns).__name__}")
    names: list[ColumnName] = []
    for name in columns:
        names.append(check_name(name, names))
    return names


def check_name(name: object, taken: Sequence[ColumnName]) -> ColumnName:
    """Return one column's name, or refuse it."""
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        plain = getattr(name, "item", None)  # numpy's numbers, which name columns of a DataFrame
        name = plain() if callable(plain) else name
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        raise MisfitError(f"a column is named by a str or an int, not by {name!r:.60}")
    if str(name) in map(str, taken):
        raise MisfitError(f"there are two columns {str(name)!r}; rename one")
    return str(name) if isinstance(name, str) else int(name)


def check_types(names: Sequence[ColumnName], dtype: object, optional: object, *, mixed: bool) -> list[CellType]:
    """Return one type a column.

    `dtype` is one type for all, a list of one each, or a dict by column; `optional`
    one bool or a list of one each.
    """
    flags = optional if isinstance(optional, list) else [optional] * len(names)
    if len(flags) != len(names) or not all(isinstance(flag, bool) for flag in flags):
        raise MisfitError(f"optional must be a bool, or a list of {len(names)} of them, one a column")
    if isinstance(dtype, Mapping):
        strangers = [key for key in dtype if key not in names]
        if strangers:
            raise MisfitError(f"dtype names {strangers[0]!r}, which is no column")
        types = [given_type(dtype.get(name)) for name in names]
    elif isinstance(dtype, list):
        if len(dtype) != len(names):
            raise MisfitError(f"dtype has {len(dtype)} types for {len(names)} columns")
        types = [given_type(item) for item in dtype]
    else:
        types = [given_type(dtype)] * len(names)
    if mixed:
        return [ANY] * len(names)
    return [replace(found, optional=found.optional or flag) for found, flag in zip(types, flags, strict=True)]


def taken(column: CellType, cell: object, name: ColumnName) -> CellType:
    """Return a column's type once it also holds `cell`.

    Raises
    ------
    InvalidTypeError
        It cannot: the cell is of another type, or None where none may be.
    """
    if cell is None:
        if not column.optional:
            raise InvalidTypeError(f"column {name!r} may not hold None; make the table with optional=True")
        return column
    if PLAIN.get(type(cell)) == column.name:
        return column
    found = type_of(cell)
    both = joined(column, found)
    if both is None:
        raise InvalidTypeError(
            f"column {name!r} holds {column}, and {cell!r:.60} is {found}; "
            "convert it, or make the table with allow_mixed_types=True"
        )
    return both


def check_width(names: Sequence[ColumnName], row: Sequence[object]) -> None:
    """Refuse a row of more or fewer cells than there are columns."""
    if len(row) != len(names):
        raise MisfitError(f"This table expects {len(names)} columns: {list(names)}, found {len(row)}: {row!r:.120}")


def column_type(column: CellType, cells: Sequence[object], name: ColumnName) -> CellType:
    """Return a column's type once it also holds `cells`; fast where all are plain."""
    kinds = set(map(type, cells))
    if column.optional:
        kinds.discard(type(None))
    names = {PLAIN.get(kind, "") for kind in kinds}
    if not names or names == {column.name}:
        return column
    if column.name == UNKNOWN.name and len(names) == 1 and "" not in names:
        return CellType(names.pop(), column.optional)
    for cell in cells:
        column = taken(column, cell, name)
    return column


def position(names: Sequence[ColumnName], name: object) -> int:
    """Return where a column stands, or refuse a name that is none."""
    if name not in names:
        raise InvalidValueError(f"there is no column {name!r}; there are {list(names)}")
    return [*names].index(name)  # type: ignore[arg-type]  # it is in names
