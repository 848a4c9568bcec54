"""Charts of a table's columns."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError, UnsupportedError
from jupyter_artifacts.media.arrays import is_array, is_tensor
from jupyter_artifacts.media.charts.chart import Chart, Series
from jupyter_artifacts.media.charts.scores import as_array
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.tables.cells import clean
from jupyter_artifacts.media.tables.frames import is_frame
from jupyter_artifacts.media.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.media.charts.chart import Value

_LEAST_BINS, _MOST_BINS = 10, 50


def line(
    table: object,
    x: str | int,
    y: str | int,
    stroke: str | int | None = None,
    title: str = "",
    split_table: bool = False,
) -> Chart:
    """Draw one column over another as a line.

    Parameters
    ----------
    table : Table or DataFrame
    x, y : str or int
        Columns. NaN and None leave a gap.
    stroke : str or int, optional
        A column whose values make one line each.
    title : str
    split_table : bool
        W&B's; both are shown.
    """
    del split_table
    return Chart("line", _points(table, x, y, stroke), title, str(x), str(y))


def scatter(table: object, x: str | int, y: str | int, title: str = "", split_table: bool = False) -> Chart:
    """Draw one column over another as points; the parameters are those of :func:`line`."""
    del split_table
    return Chart("scatter", _points(table, x, y, None), title, str(x), str(y))


def bar(table: object, label: str | int, value: str | int, title: str = "", split_table: bool = False) -> Chart:
    """Draw one bar a row, named by the column `label`, as long as the number in `value`."""
    del split_table
    whole = _table(table)
    names = tuple(str(cell) for cell in _cells(whole, label))
    heights = tuple(_number(cell, value) for cell in _cells(whole, value))
    return Chart("bar", [Series("", names, heights)], title, str(label), str(value))


def histogram(
    table: object, value: str | int, title: str = "", split_table: bool = False, *, num_bins: int | None = None
) -> Chart:
    """Count the numbers of a column by bin.

    Parameters
    ----------
    table : Table or DataFrame
    value : str or int
        The column. None, NaN and infinities are left out and counted.
    title : str
    split_table : bool
        W&B's; both are shown.
    num_bins : int, optional
        The square root of the number of values, from 10 to 50, when not given.
    """
    del split_table
    cells = [_number(cell, value) for cell in _cells(_table(table), value)]
    numbers = [cell for cell in cells if cell is not None]
    bins = min(_MOST_BINS, max(_LEAST_BINS, math.isqrt(len(numbers)))) if num_bins is None else num_bins
    counted = Histogram(numbers, num_bins=bins)
    facts = (("left_out", len(cells) - len(numbers)),)
    series = Series("", tuple(counted.bins), tuple(counted.histogram), facts)
    return Chart("histogram", [series], title, str(value), "count")


def line_series(
    xs: Sequence[object],
    ys: Sequence[Sequence[object]],
    keys: Sequence[str] | None = None,
    title: str = "",
    xname: str = "x",
    split_table: bool = False,
) -> Chart:
    """Draw several lines.

    Parameters
    ----------
    xs : list of numbers, or one such list a line
    ys : list of lists of numbers
        One list a line.
    keys : list of str, optional
        The lines' names.
    title, xname : str
    split_table : bool
        W&B's; both are shown.
    """
    del split_table
    lines = [as_array(y, "ys").tolist() for y in _lists(ys, "ys")]
    given = _lists(xs, "xs")
    is_shared = not any(isinstance(x, (list, tuple)) or is_array(x) or is_tensor(x) for x in given)
    axes = [as_array(given, "xs").tolist()] * len(lines) if is_shared else [as_array(x, "xs").tolist() for x in given]
    names = [f"key_{index}" for index in range(len(lines))] if keys is None else [str(key) for key in keys]
    if not len(axes) == len(names) == len(lines):
        raise MisfitError(f"there are {len(lines)} lists in ys, {len(axes)} in xs and {len(names)} keys")
    series = [
        Series(name, tuple(_coordinate(value, xname) for value in x), tuple(_number(value, name) for value in y))
        for name, x, y in zip(names, axes, lines, strict=True)
    ]
    return Chart("line", series, title, xname, "")


def plot_table(
    vega_spec_name: str,
    data_table: object,
    fields: Mapping[str, str],
    string_fields: Mapping[str, str] | None = None,
    split_table: bool = False,
) -> Chart:
    """Draw a table by the name of one of W&B's own specifications; others are not drawn here.

    Parameters
    ----------
    vega_spec_name : str
        ``wandb/line/v0``, ``wandb/scatter/v0``, ``wandb/bar/v0`` or ``wandb/histogram/v0``.
    data_table : Table or DataFrame
    fields : dict
        The specification's fields to columns.
    string_fields : dict, optional
        Its ``"title"`` is used.
    split_table : bool
        W&B's; both are shown.
    """
    del split_table
    makers: dict[str, Callable[..., Chart]] = {"line": line, "scatter": scatter, "bar": bar, "histogram": histogram}
    parts = str(vega_spec_name).split("/")
    maker = makers.get(parts[1]) if parts[0] == "wandb" and len(parts) > 1 else None
    if maker is None:
        raise UnsupportedError(
            f"{vega_spec_name!r} is drawn on W&B's site only; log the table itself, or use plot.line, scatter, bar or "
            "histogram"
        )
    try:
        return maker(data_table, **fields, title=(string_fields or {}).get("title", ""))
    except TypeError as error:
        if isinstance(error, InvalidTypeError):
            raise
        raise InvalidValueError(f"{vega_spec_name!r} does not have the fields {sorted(fields)}: {error}") from error


def _points(table: object, x: str | int, y: str | int, stroke: str | int | None) -> list[Series]:
    whole = _table(table)
    across = [_coordinate(cell, x) for cell in _cells(whole, x)]
    up = [_number(cell, y) for cell in _cells(whole, y)]
    names = [""] * len(up) if stroke is None else [str(cell) for cell in _cells(whole, stroke)]
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        places.setdefault(name, []).append(index)
    return [
        Series(name, tuple(across[index] for index in chosen), tuple(up[index] for index in chosen))
        for name, chosen in places.items()
    ]


def _table(table: object) -> Table:
    if isinstance(table, Table):
        return table
    if is_frame(table):
        return Table(dataframe=table)
    raise InvalidTypeError(f"a chart is made of a Table or a DataFrame, not of a {type(table).__name__}")


def _cells(table: Table, name: str | int) -> list[object]:
    cells = table.get_column(name)
    return cells if isinstance(cells, list) else list(cells)


def _coordinate(cell: object, column: object) -> Value:
    """Return what stands on the x axis: a number, text, or None."""
    cell = clean(cell, f"column {column!r}")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else _number(cell, column)


def _number(cell: object, column: object) -> float | None:
    """Return a finite number, or None for what is missing, NaN or infinite."""
    cell = clean(cell, f"column {column!r}")
    if cell is None:
        return None
    if isinstance(cell, bool):
        return int(cell)
    if not isinstance(cell, (int, float)):
        raise InvalidTypeError(f"column {column!r} holds {cell!r:.60}, which is no number")
    return cell if math.isfinite(cell) else None


def _lists(values: object, where: str) -> list[object]:
    if is_tensor(values) or is_array(values):
        rows: list[object] = as_array(values, where).tolist()
        return rows
    if not isinstance(values, (list, tuple)):
        raise InvalidTypeError(f"{where} must be a list of lists, not {type(values).__name__}")
    return list(values)
