"""The artifact table: collections and versions of a project."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.errors import ArtifactsError, InvalidTypeError
from jupyter_artifacts.panels import twin
from jupyter_artifacts.panels.answers import artifact_methods
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.diffs.comparison import Comparisons
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES, RowsParams, TableSnapshot, TableView
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.panels.table_rows import columns_page, rows_page, without_own_types
from jupyter_artifacts.panels.table_twin import table_html, table_text
from jupyter_artifacts.panels.wire import json_safe
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.protocol import (
        CollectionRow,
        ColumnsParams,
        PanelKind,
        RowsPage,
        TableLevel,
        VersionRow,
    )
    from jupyter_artifacts.panels.shelf import Shelf

FIRST_ROWS = 100
TWIN_ROWS = 50


class Table(Panel):
    """A filtered, ordered list of versions or collections.

    Parameters
    ----------
    shelf : Shelf
    query : str
        A filter line; see :func:`jupyter_artifacts.panels.query.parse`.
    level : {"versions", "collections"}
    sort : str
        A column, or ``metadata.KEY``.
    descending : bool
    columns : sequence of str
        Metadata keys to show.
    all_types : bool
        Show what the package made itself (source code, logged tables) too.
    """

    _kind: ClassVar[PanelKind] = "table"

    def __init__(
        self,
        shelf: Shelf,
        query: str = "",
        *,
        level: TableLevel = "versions",
        sort: str = "created",
        descending: bool = True,
        columns: Sequence[str] = (),
        all_types: bool = False,
    ) -> None:
        self._shelf = shelf
        self._comparisons = Comparisons(shelf)
        view = TableView(
            level=level,
            query=query,
            sort=sort,
            descending=descending,
            columns=_keys(columns),
            all_types=all_types,
            selected=[],
            opened=None,
            compared=False,
        )
        super().__init__(f"{shelf.project}\0{query}\0{level}", table_snapshot(shelf, view), view)

    @property
    def query(self) -> str:
        """The filter line; setting it filters the page."""
        return cast("str", self.view["query"])

    @query.setter
    def query(self, value: str) -> None:
        self._set_view(query=value)

    @property
    def columns(self) -> list[str]:
        """Metadata keys that are shown as columns; settable."""
        return list(cast("list[str]", self.view["columns"]))

    @columns.setter
    def columns(self, keys: Sequence[str]) -> None:
        self._set_view(columns=_keys(keys))

    @property
    def selected(self) -> list[str]:
        """Labels of the selected versions, such as ``"mnist-raw:v1"``; settable."""
        versions = self._shelf.catalog.versions
        return [versions.get(version_id).label for version_id in cast("list[int]", self.view["selected"])]

    @selected.setter
    def selected(self, labels: list[str]) -> None:
        self._set_view(selected=[self._shelf.version(label).id for label in labels])

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with pages of rows, with everything about a version, and with what differs between two."""
        own = {"rows.page": self._rows, "rows.columns": self._columns}
        return {**own, **artifact_methods(self._shelf), **self._comparisons.methods()}

    def _rows(self, params: dict[str, object]) -> Reply:
        return Reply(rows_page(self._shelf, cast("RowsParams", params)))

    def _columns(self, params: dict[str, object]) -> Reply:
        asked = cast("ColumnsParams", params)
        return Reply(columns_page(self._shelf, asked["query"], all_types=asked["all_types"]))

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def tell_changed(self) -> None:
        """Tell the page, and bring the first rows along: while a cell logs, nobody would answer its question."""
        if self.comm is not None and self.revision() != self._told and self._is_cheap:
            self._push()
        super().tell_changed()

    _is_cheap = True

    def _push(self) -> None:
        begun = time.perf_counter()
        try:
            snapshot = table_snapshot(self._shelf, cast("TableView", self.view))
        except ArtifactsError:
            return  # the page asks for the same rows and is told why
        self.set_trait("snapshot", json_safe(cast("JsonObject", snapshot)))
        self._is_cheap = time.perf_counter() - begun < _CHEAP

    def twin(self) -> twin.Twin:
        """Return the first 50 rows of the present view as a table."""
        view = cast("TableView", self.view)
        snapshot = table_snapshot(self._shelf, view, TWIN_ROWS)
        payload = self._payload(snapshot)
        return twin.Twin(table_html(self.panel_id, snapshot), table_text(snapshot), payload)


def _keys(columns: Sequence[str]) -> list[str]:
    """Return metadata keys as a list; one text would be taken for its letters."""
    if isinstance(columns, str) or not all(isinstance(key, str) for key in columns):
        raise InvalidTypeError(f'columns is a list of metadata keys, such as ["acc", "lr"], not {columns!r:.80}')
    return list(dict.fromkeys(columns))


def table_snapshot(shelf: Shelf, view: TableView, rows: int = FIRST_ROWS) -> TableSnapshot:
    """Return the first page of a view, with so many rows as fit into a snapshot."""
    asked = RowsParams(
        level=view["level"],
        query=view["query"],
        sort=view["sort"],
        descending=view["descending"],
        columns=view["columns"],
        all_types=view["all_types"],
        offset=0,
        limit=rows,
    )
    page = rows_page(shelf, asked)
    versions = shelf.catalog.versions
    whole = Query(project=shelf.project, limit=1)
    counted = whole if view["all_types"] else without_own_types(shelf, whole)
    snapshot = TableSnapshot(
        page=page,
        asked=asked,
        versions_total=versions.page(counted).total,
        collections_total=versions.collections(counted).total,
        project=shelf.project,
    )
    while _bytes(snapshot) > MAX_SNAPSHOT_BYTES - _VIEW_BYTES:
        page["rows"], page["collections"] = _half(page)
    return snapshot


_VIEW_BYTES = 4096
_CHEAP = 0.1  # seconds for the rows that are brought along


def _bytes(snapshot: TableSnapshot) -> int:
    return len(json.dumps(snapshot))


def _half(page: RowsPage) -> tuple[list[VersionRow], list[CollectionRow]]:
    return page["rows"][: len(page["rows"]) // 2], page["collections"][: len(page["collections"]) // 2]
