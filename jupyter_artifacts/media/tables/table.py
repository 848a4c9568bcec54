"""Table: rows of typed cells, pictures among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError, UnsupportedError
from jupyter_artifacts.media.base import Document
from jupyter_artifacts.media.tables import columns as checks
from jupyter_artifacts.media.tables.cells import AT_ONCE, clean, same_rows
from jupyter_artifacts.media.tables.document import Piece, read_table, written
from jupyter_artifacts.media.tables.frames import (
    array_rows,
    as_numpy,
    column_values,
    frame_columns,
    is_frame,
    row_values,
)
from jupyter_artifacts.media.tables.relogging import Relogging
from jupyter_artifacts.media.tables.rows import RowIndex
from jupyter_artifacts.media.tables.type_json import to_json
from jupyter_artifacts.media.tables.type_names import TypesOfColumns, given_type
from jupyter_artifacts.media.tables.types import ANY, UNKNOWN
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from jupyter_artifacts.media.base import MediaFile
    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.media.tables.columns import ColumnName
    from jupyter_artifacts.media.tables.types import CellType
    from jupyter_artifacts.model.jsonable import JsonObject


class Table(Document):
    """Rows of typed cells to log, or to add to an artifact.

    Parameters
    ----------
    columns : list of str or int, optional
        Names; ``["Input", "Output", "Expected"]`` when neither they nor a frame are given.
    data : list of rows, (rows, columns) array, or DataFrame, optional
    rows : list of rows, optional
        W&B's earlier name of `data`.
    dataframe : DataFrame, optional
        Its columns, without the index; what is missing in it becomes None, but NaN
        stays in columns of floats.
    dtype : type, list or dict, optional
        The columns' types: one for all, one each, or by name; found from the cells
        when not given.
    optional : bool or list of bool, default True
        Whether a column may hold None.
    allow_mixed_types : bool, default False
        Do not ask a column's cells to be of one type.
    log_mode : {"IMMUTABLE", "MUTABLE", "INCREMENTAL"}, default "IMMUTABLE"
        What a second ``run.log`` of the same table stores: what was logged first,
        all of it again, or only the rows since.

    Raises
    ------
    MisfitError
        A ValueError and an AssertionError: rows, names or types that do not fit together.
    InvalidTypeError
        A cell of another type than its column, or that no cell can hold.

    Attributes
    ----------
    columns : list of str or int
    data : list of list
        The rows, as they are: numpy's and torch's scalars as Python's, their arrays as numpy's.
    """

    kind: ClassVar[str] = "table"
    MAX_ROWS: ClassVar[int] = 10_000
    """How many rows ``run.log`` keeps."""
    MAX_ARTIFACT_ROWS: ClassVar[int] = 200_000
    """How many rows an artifact takes."""

    def __init__(
        self,
        columns: object = None,
        data: object = None,
        rows: object = None,
        dataframe: object = None,
        dtype: object = None,
        optional: bool | list[bool] = True,
        allow_mixed_types: bool = False,
        log_mode: Literal["IMMUTABLE", "MUTABLE", "INCREMENTAL"] | None = "IMMUTABLE",
    ) -> None:
        given = [item for item in (data, rows, dataframe) if item is not None]
        if is_frame(columns) and not given:
            columns, given = None, [columns]
        if len(given) > 1:
            raise MisfitError("give a table its rows once: data, rows or dataframe")
        content = given[0] if given else []
        if dataframe is not None and not is_frame(dataframe):
            raise MisfitError(f"dataframe must be a pandas DataFrame, not {type(dataframe).__name__}")
        self.columns: list[ColumnName]
        self.data: list[list[object]] = []
        self.allow_mixed_types = bool(allow_mixed_types)
        self._relogging = Relogging(log_mode)
        if is_frame(content):
            names, values = frame_columns(content, columns)
            self._begin(names, dtype, optional)
            self._extend([list(row) for row in zip(*values, strict=True)])
        else:
            self._begin(["Input", "Output", "Expected"] if columns is None else columns, dtype, optional)
            self._extend(content if isinstance(content, list) else _rows(content))

    def _begin(self, columns: object, dtype: object, optional: object) -> None:
        self.columns = checks.check_names(columns)
        self._types = checks.check_types(self.columns, dtype, optional, mixed=self.allow_mixed_types)

    def _extend(self, rows: Sequence[object]) -> None:
        """Add rows: all of them, or none."""
        cleaned = [
            self._cleaned(row if isinstance(row, (list, tuple)) else row_values(row, f"row {index}"), index)
            for index, row in enumerate(rows, len(self.data))
        ]
        self._types = [
            checks.column_type(kind, [row[place] for row in cleaned], name)
            for place, (kind, name) in enumerate(zip(self._types, self.columns, strict=True))
        ]
        self.data += cleaned

    def _cleaned(self, row: Sequence[object], index: int) -> list[object]:
        checks.check_width(self.columns, row)
        if AT_ONCE.issuperset(map(type, row)):
            return list(row)
        return [
            self._own(clean(cell, f"row {index}, column {name!r}"))
            for cell, name in zip(row, self.columns, strict=True)
        ]

    def _own(self, cell: object) -> object:
        """Return the number of a row of this very table as a plain one."""
        return int(cell) if isinstance(cell, RowIndex) and cell.table is self else cell

    @property
    def log_mode(self) -> str:
        """``"IMMUTABLE"``, ``"MUTABLE"`` or ``"INCREMENTAL"``."""
        return self._relogging.mode

    @property
    def column_types(self) -> dict[ColumnName, CellType]:
        """The type of each column, by name."""
        return dict(zip(self.columns, self._types, strict=True))

    @property
    def _column_types(self) -> TypesOfColumns:
        """W&B's, for code that asks whether a column holds rows of another table."""
        return TypesOfColumns({str(name): kind for name, kind in zip(self.columns, self._types, strict=True)})

    def add_data(self, *data: object) -> None:
        """Add one row: one value a column, in their order."""
        self._extend([data])

    def add_row(self, *row: object) -> None:
        """W&B's earlier name of :meth:`add_data`."""
        self.add_data(*row)

    def add_column(self, name: ColumnName, data: object, optional: bool = False) -> None:
        """Add a column at the right: one value a row, or the first column of a table without any."""
        self._relogging.require_whole("add_column")
        if not isinstance(optional, bool):
            raise MisfitError("optional must be a bool")
        name = checks.check_name(name, self.columns)
        values = column_values(data)
        if self.columns and len(values) != len(self.data):
            raise MisfitError(f"Expected length {len(self.data)}, found {len(values)}: a column has one value a row")
        cells = [self._own(clean(value, f"column {name!r}, row {index}")) for index, value in enumerate(values)]
        optional = optional or any(cell is None for cell in cells)
        found = self._fitted(ANY if self.allow_mixed_types else UNKNOWN, cells, name, optional=optional)
        if not self.columns:
            self.data = [[] for _ in cells]
        for row, cell in zip(self.data, cells, strict=True):
            row.append(cell)
        self.columns.append(name)
        self._types.append(found)

    def add_computed_columns(
        self, fn: Callable[[RowIndex, dict[ColumnName, object]], Mapping[ColumnName, object]]
    ) -> None:
        """Add columns that are computed from each row.

        Parameters
        ----------
        fn : callable
            Takes the row's index and its cells by column name; returns the new
            cells by name, the same names for every row.
        """
        self._relogging.require_whole("add_computed_columns")
        found: list[Mapping[ColumnName, object]] = []
        for index, row in self.iterrows():
            made = fn(index, dict(zip(self.columns, row, strict=True)))
            if not isinstance(made, dict) or (found and made.keys() != found[0].keys()):
                raise MisfitError(f"row {int(index)}: fn must return a dict with the same keys for every row")
            found.append(made)
        new = Table(list(found[0]) if found else [], allow_mixed_types=self.allow_mixed_types)
        for made in found:
            new.add_data(*[made[name] for name in new.columns])
        for name in new.columns:
            checks.check_name(name, self.columns)
        for name in new.columns:
            self.add_column(name, new.get_column(name))

    def cast(self, col_name: ColumnName, dtype: object, optional: bool = False) -> None:
        """Set a column's type, if all its cells are of it."""
        place = checks.position(self.columns, col_name)
        cells = [row[place] for row in self.data]
        self._types[place] = self._fitted(given_type(dtype), cells, col_name, optional=optional)

    def _fitted(self, wanted: CellType, cells: list[object], name: ColumnName, *, optional: bool) -> CellType:
        found = checks.check_types([name], wanted, optional, mixed=False)[0]
        return checks.column_type(found, cells, name)

    def get_column(self, name: ColumnName, convert_to: str | None = None) -> list[object] | np.ndarray:
        """Return one column's cells as a list, or with ``convert_to="numpy"`` as an array."""
        if convert_to not in {None, "numpy"}:
            raise MisfitError(f"convert_to must be 'numpy' or None, not {convert_to!r}")
        place = checks.position(self.columns, name)
        cells = [row[place] for row in self.data]
        return cells if convert_to is None else as_numpy(cells)

    def get_index(self) -> list[RowIndex]:
        """Return the rows' numbers; each knows its row."""
        return [RowIndex(index, self) for index in range(len(self.data))]

    def index_ref(self, index: int) -> RowIndex:
        """Return one row's number, which knows its row."""
        if not 0 <= index < len(self.data):
            raise MisfitError(f"there is no row {index}; there are {len(self.data)}")
        return RowIndex(index, self)

    def set_pk(self, col_name: ColumnName) -> NoReturn:
        """W&B's mark of a key column; not offered."""
        _no_keys("set_pk", col_name)

    def set_fk(self, col_name: ColumnName, table: object, table_col: ColumnName) -> NoReturn:
        """W&B's mark of a column of another table's keys; not offered."""
        del table, table_col
        _no_keys("set_fk", col_name)

    def iterrows(self) -> Iterator[tuple[RowIndex, list[object]]]:
        """Yield each row's number and its cells."""
        for index, row in enumerate(self.data):
            yield RowIndex(index, self), row

    def get_dataframe(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame; media stay objects."""
        require("pandas", "pandas", "for get_dataframe()")
        import pandas as pd

        return pd.DataFrame.from_records(self.data, columns=self.columns)

    def to_document(self) -> tuple[JsonObject, tuple[tuple[str, bytes], ...]]:
        """Return all rows as JSON in W&B's shape, and the files that cells need."""
        if len(self.data) > self.MAX_ARTIFACT_ROWS:
            raise InvalidValueError(
                f"the table has {len(self.data):,} rows (limit {self.MAX_ARTIFACT_ROWS:,}); set "
                "Table.MAX_ARTIFACT_ROWS, or keep it as a data frame: artifact.add_object(table.get_dataframe(), name)"
            )
        return written(self.columns, self.checked_types(), self.data)

    def to_file(self) -> MediaFile:
        """Return what ``run.log`` stores: the first `MAX_ROWS` rows, as `log_mode` says."""
        return self._relogging.file(self._written_rows)

    def _written_rows(self, start: int, previous: str | None) -> Piece:
        rows = self.data[start : start + self.MAX_ROWS]
        return Piece(written(self.columns, self.checked_types(), rows, previous), len(rows), len(self.columns))

    def checked_types(self) -> list[CellType]:
        """Return the columns' types, asked of the cells anew: `data` may have been changed from outside."""
        cleaned = [self._cleaned(row, index) for index, row in enumerate(self.data)]
        types: list[CellType] = []
        for place, (kind, name) in enumerate(zip(self._types, self.columns, strict=True)):
            try:
                types.append(checks.column_type(kind, [row[place] for row in cleaned], name))
            except InvalidTypeError as error:
                raise InvalidTypeError(f"{error} (.data was changed; add_data() would have said so)") from error
        self._types = types
        self.data[:] = cleaned
        return list(types)

    def note(self) -> str | None:
        """Return a line when ``run.log`` keeps less than the table holds."""
        left_out = len(self.data) - self._relogging.start - self.MAX_ROWS
        if left_out > 0:
            return (
                f"the table's last {left_out:,} rows are not logged: run.log keeps {self.MAX_ROWS:,} "
                "(Table.MAX_ROWS); an artifact takes more"
            )
        return self._relogging.note(self._fingerprint())

    def logged(self, path: str) -> None:
        """Remember what was stored at `path`, for the next ``run.log``."""
        self._relogging.logged(path, min(len(self.data), self._relogging.start + self.MAX_ROWS), self._fingerprint())

    def _fingerprint(self) -> tuple[int, int]:
        return len(self.data), len(self.columns)

    @classmethod
    def from_document(cls, tree: JsonObject, source: Source) -> Table:
        """Return the table that :meth:`to_document` wrote, with all its increments."""
        found = read_table(tree, source)
        table = cls(found.columns, dtype=found.types, optional=False)
        table._extend(found.rows)
        table.allow_mixed_types = bool(found.types) and all(kind == ANY for kind in found.types)
        return table

    def __eq__(self, other: object) -> bool:
        """Compare names, types and cells."""
        if not isinstance(other, Table):
            return NotImplemented
        return (
            self.columns == other.columns
            and list(map(to_json, self._types)) == list(map(to_json, other._types))
            and len(self.data) == len(other.data)
            and all(map(same_rows, self.data, other.data))
        )

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        names = ", ".join(map(str, self.columns))
        return f"<Table {len(self.data):,} rows: {names:.80}>"


def _no_keys(what: str, name: object) -> NoReturn:
    raise UnsupportedError(
        f"{what}({name!r}) is not offered here; cells of index_ref() or get_index() name rows of another table, "
        "and JoinedTable joins two by a column"
    )


def _rows(data: object) -> list[list[object]]:
    if isinstance(data, (tuple, str, bytes, dict)) or not hasattr(data, "shape"):
        raise MisfitError(f"data must be a list of rows, an array or a DataFrame, not {type(data).__name__}")
    return array_rows(data)
