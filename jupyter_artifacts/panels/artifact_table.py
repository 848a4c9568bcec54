"""The artifact table: collections and versions of a project."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.answers import artifact_methods
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.facts import rows_page
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES, TableSnapshot, TableView
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import CollectionRow, PanelKind, RowsPage, RowsParams, TableLevel, VersionRow
    from jupyter_artifacts.panels.shelf import Shelf

FIRST_ROWS = 100
TWIN_ROWS = 50
TEXT_ROWS = 20


class Table(Panel):
    """A filtered, ordered list of versions or collections.

    Parameters
    ----------
    shelf : Shelf
    query : str
        A filter line; see :func:`jupyter_artifacts.panels.query.parse`.
    level : {"versions", "collections"}
    sort : str
    descending : bool
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
    ) -> None:
        self._shelf = shelf
        view = TableView(level=level, query=query, sort=sort, descending=descending, selected=[], opened=None)
        super().__init__(f"{shelf.project}\0{query}\0{level}", table_snapshot(shelf, view), view)

    @property
    def query(self) -> str:
        """The filter line; setting it filters the page."""
        return cast("str", self.view["query"])

    @query.setter
    def query(self, value: str) -> None:
        self._set_view(query=value)

    @property
    def selected(self) -> list[str]:
        """Labels of the selected versions, such as ``"mnist-raw:v1"``; settable."""
        versions = self._shelf.catalog.versions
        return [versions.get(version_id).label for version_id in cast("list[int]", self.view["selected"])]

    @selected.setter
    def selected(self, labels: list[str]) -> None:
        self._set_view(selected=[self._shelf.version(label).id for label in labels])

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with pages of rows, and with everything about a version."""
        return {"rows.page": self._rows, **artifact_methods(self._shelf)}

    def _rows(self, params: dict[str, object]) -> Reply:
        return Reply(rows_page(self._shelf, **cast("RowsParams", params)))

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def twin(self) -> twin.Twin:
        """Return the first 50 rows of the present view as a table."""
        snapshot = table_snapshot(self._shelf, cast("TableView", self.view), TWIN_ROWS)
        payload = self._payload(snapshot)
        return twin.Twin(table_html(self.panel_id, snapshot), table_text(snapshot), payload)


def table_snapshot(shelf: Shelf, view: TableView, rows: int = FIRST_ROWS) -> TableSnapshot:
    """Return the first page of a view, with so many rows as fit into a snapshot."""
    page = rows_page(
        shelf,
        level=view["level"],
        query=view["query"],
        sort=view["sort"],
        descending=view["descending"],
        offset=0,
        limit=rows,
    )
    snapshot = TableSnapshot(
        page=page,
        versions_total=shelf.catalog.versions.page(Query(project=shelf.project, limit=1)).total,
        collections_total=shelf.catalog.versions.collections(Query(project=shelf.project, limit=1)).total,
        project=shelf.project,
    )
    while _bytes(snapshot) > MAX_SNAPSHOT_BYTES - _VIEW_BYTES:
        page["rows"], page["collections"] = _half(page)
    return snapshot


_VIEW_BYTES = 4096


def _bytes(snapshot: TableSnapshot) -> int:
    return len(json.dumps(snapshot))


def _half(page: RowsPage) -> tuple[list[VersionRow], list[CollectionRow]]:
    return page["rows"][: len(page["rows"]) // 2], page["collections"][: len(page["collections"]) // 2]


def table_html(panel_id: str, snapshot: TableSnapshot) -> Html:
    """Return a table's twin."""
    page = snapshot["page"]
    versions = words.count(snapshot["versions_total"], "version")
    collections = words.count(snapshot["collections_total"], "collection")
    head = twin.title("Artifacts", f"{twin.shown(snapshot['project'], 60)} · {versions} · {collections}")
    count = len(page["rows"]) + len(page["collections"])
    if not count:
        return twin.frame(
            "table",
            panel_id,
            head,
            tag("div", "Nothing matches." if snapshot["versions_total"] else "No artifacts here yet."),
        )
    foot = f"first {count} of {words.count(page['total'], 'row')}" if page["total"] > count else ""
    return twin.frame("table", panel_id, head, _rows_table(page), foot=foot)


def _rows_table(page: RowsPage) -> Html:
    if page["level"] == "collections":
        return twin.table(
            ("Name", "Type", "Aliases", "Versions", "Size", "Updated (UTC)"),
            [_collection_cells(row) for row in page["collections"]],
            right=frozenset({3, 4}),
        )
    return twin.table(
        ("Name", "Type", "Aliases", "Made by", "Files", "Size", "Created (UTC)"),
        [_version_cells(row) for row in page["rows"]],
        right=frozenset({4, 5}),
    )


def _version_cells(row: VersionRow) -> list[Child]:
    run = row["run"]
    return [
        join(tag("bdi", twin.shown(row["label"], 80)), twin.stale_mark(row["stale"])),
        tag("bdi", twin.shown(row["type"], 40)),
        ", ".join(twin.shown(alias, 30) for alias in row["aliases"][:5]),
        tag("bdi", twin.shown(run["name"], 40)) if run else "",
        f"{row['files']:,}",
        words.size(row["size"]),
        twin.date(row["created"]),
    ]


def _collection_cells(row: CollectionRow) -> list[Child]:
    return [
        tag("bdi", twin.shown(row["name"], 80)),
        tag("bdi", twin.shown(row["type"], 40)),
        ", ".join(twin.shown(alias, 30) for alias in row["aliases"][:5]),
        f"{row['versions']:,}",
        words.size(row["size"]),
        twin.date(row["updated"]),
    ]


def table_text(snapshot: TableSnapshot) -> str:
    """Return the first rows in aligned columns."""
    page, shown = snapshot["page"], twin.shown
    lines: list[tuple[str, ...]]
    if page["level"] == "collections":
        lines = [
            (
                shown(row["name"], 60),
                shown(row["type"], 30),
                words.count(row["versions"], "version"),
                words.size(row["size"]),
            )
            for row in page["collections"][:TEXT_ROWS]
        ]
    else:
        lines = [
            (
                shown(row["label"], 60) + (" (stale)" if row["stale"] else ""),
                shown(row["type"], 30),
                ",".join(shown(alias, 30) for alias in row["aliases"][:4]),
                shown(row["run"]["name"], 30) if row["run"] else "",
                words.size(row["size"]),
            )
            for row in page["rows"][:TEXT_ROWS]
        ]
    if not lines:
        nothing = "nothing matches" if snapshot["versions_total"] else "no artifacts"
        return f"{nothing} in {shown(snapshot['project'], 60)}"
    text = words.columns(lines, frozenset({len(lines[0]) - 1}))
    more = page["total"] - len(lines)
    return "\n".join([*text, f"and {more:,} more"] if more > 0 else text)
