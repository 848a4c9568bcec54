"""The table of collections and versions."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.panels.protocol.base import TableLevel
from jupyter_artifacts.panels.protocol.versions import CollectionRow, VersionRow


class RowsPage(TypedDict):
    """Rows from `offset` on, and how many there are in all; `hidden` more are of types that the package made itself."""

    level: TableLevel
    rows: list[VersionRow]
    collections: list[CollectionRow]
    offset: int
    total: int
    hidden: int
    revision: int


class TableSnapshot(TypedDict):
    """The first page, what was asked for it, and the head line's numbers."""

    page: RowsPage
    asked: RowsParams
    versions_total: int
    collections_total: int
    project: str


class TableView(TypedDict):
    """Order, filter, columns, selection of the table.

    `sort` is a column's name or ``metadata.KEY``; `columns` are metadata keys; `all_types` shows
    what the package made itself too. `selected` and `opened` hold ids of versions; `compared`
    says that the pane shows the difference of the two that are selected.
    """

    level: TableLevel
    query: str
    sort: str
    descending: bool
    columns: list[str]
    all_types: bool
    selected: list[int]
    opened: int | None
    compared: bool


class RowsParams(TypedDict):
    """Ask for rows of the table; of their metadata the keys in `columns` come first."""

    level: TableLevel
    query: str
    sort: str
    descending: bool
    columns: list[str]
    all_types: bool
    offset: int
    limit: int


class ColumnsParams(TypedDict):
    """Ask what the columns of the rows hold that a filter finds."""

    query: str
    all_types: bool


class ColumnFacts(TypedDict):
    """A column: ``size``, ``files`` or ``metadata.KEY``; how many rows have it, and the spread of its numbers."""

    name: str
    rows: int
    numbers: int
    low: float | None
    high: float | None
    bins: list[int]


class ColumnsPage(TypedDict):
    """Columns, the most frequent keys first, of the newest `rows` of `total` rows."""

    columns: list[ColumnFacts]
    rows: int
    total: int
