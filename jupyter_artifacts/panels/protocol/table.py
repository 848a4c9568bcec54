"""The table of collections and versions."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.panels.protocol.base import TableLevel
from jupyter_artifacts.panels.protocol.versions import CollectionRow, VersionRow


class RowsPage(TypedDict):
    """Rows from `offset` on, and how many there are in all."""

    level: TableLevel
    rows: list[VersionRow]
    collections: list[CollectionRow]
    offset: int
    total: int
    revision: int


class TableSnapshot(TypedDict):
    """The first page, and the head line's numbers."""

    page: RowsPage
    versions_total: int
    collections_total: int
    project: str


class TableView(TypedDict):
    """Order, filter, selection of the table. `selected` and `opened` hold ids of versions."""

    level: TableLevel
    query: str
    sort: str
    descending: bool
    selected: list[int]
    opened: int | None


class RowsParams(TypedDict):
    """Ask for rows of the table."""

    level: TableLevel
    query: str
    sort: str
    descending: bool
    offset: int
    limit: int
