"""A row's number that knows its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Rows(Protocol):
    columns: list[str | int]
    data: list[list[object]]


class RowIndex(int):
    """The number of a row, from 0; it can be looked up in its table."""

    _table: _Rows

    def __new__(cls, value: int, table: _Rows) -> RowIndex:  # noqa: PYI034  typing has Self from 3.11 on
        """Make the number of row `value` of `table`."""
        made = super().__new__(cls, value)
        made._table = table
        return made

    def get_row(self) -> dict[str | int, object]:
        """Return the row's cells by column name."""
        row: Sequence[object] = self._table.data[int(self)]
        return dict(zip(self._table.columns, row, strict=True))
