"""A row's number that knows its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.base import MediaFile


class _Rows(Protocol):
    columns: list[str | int]
    data: list[list[object]]

    def to_artifact_file(self) -> MediaFile: ...


def is_table(value: object) -> TypeGuard[_Rows]:
    """Tell whether a value that was read back is a table."""
    return getattr(value, "kind", None) == "table"


class RowIndex(int):
    """The number of a row, from 0; it can be looked up in its table."""

    _table: _Rows

    def __new__(cls, value: int, table: _Rows) -> RowIndex:  # noqa: PYI034  typing has Self from 3.11 on
        """Make the number of row `value` of `table`."""
        made = super().__new__(cls, value)
        made._table = table
        return made

    @property
    def table(self) -> _Rows:
        """The table that the row stands in."""
        return self._table

    def get_row(self) -> dict[str | int, object]:
        """Return the row's cells by column name."""
        row: Sequence[object] = self._table.data[int(self)]
        return dict(zip(self._table.columns, row, strict=True))
