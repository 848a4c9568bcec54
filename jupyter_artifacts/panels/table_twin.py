"""The table's static twin and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import CollectionRow, RowsPage, TableSnapshot, VersionRow

TEXT_ROWS = 20
_COLUMNS = 8


def table_html(panel_id: str, snapshot: TableSnapshot) -> Html:
    """Return a table's twin: what was asked, and the rows."""
    page = snapshot["page"]
    versions = words.count(snapshot["versions_total"], "version")
    collections = words.count(snapshot["collections_total"], "collection")
    head = twin.title(say("Artifacts"), f"{twin.shown(snapshot['project'], 60)} · {versions} · {collections}")
    query = snapshot["asked"]["query"]
    asked = tag("div", say("Filter"), ": ", twin.code(twin.shown(query, 300))) if query else None
    count = len(page["rows"]) + len(page["collections"])
    if not count:
        return twin.frame("table", panel_id, head, asked, tag("div", _nothing(snapshot)))
    table = _collections(page) if page["level"] == "collections" else _versions(page, snapshot["asked"]["columns"])
    return twin.frame("table", panel_id, head, asked, table, foot=_foot(page, count))


def _nothing(snapshot: TableSnapshot) -> str:
    return say("Nothing matches.") if snapshot["versions_total"] else say("No artifacts here yet.")


def _foot(page: RowsPage, count: int) -> str:
    first = say("first {n} of {rows}", n=count, rows=words.count(page["total"], "row")) if page["total"] > count else ""
    hidden = say("{n} of the package's own types not shown", n=page["hidden"]) if page["hidden"] else ""
    return " · ".join(part for part in (first, hidden) if part)


def _collections(page: RowsPage) -> Html:
    return twin.table(
        (say("Name"), say("Type"), say("Aliases"), say("Versions"), say("Size"), say("Updated (UTC)")),
        [_collection_cells(row) for row in page["collections"]],
        right=frozenset({3, 4}),
    )


def _versions(page: RowsPage, columns: list[str]) -> Html:
    keys = columns[:_COLUMNS]
    own = (say("Name"), say("Type"), say("Aliases"), say("Made by"), say("Files"), say("Size"), say("Created (UTC)"))
    return twin.table(
        (*own, *(twin.shown(key, 40) for key in keys)),
        [[*_version_cells(row), *(_metadata(row, key) for key in keys)] for row in page["rows"]],
        right=frozenset({4, 5, *range(7, 7 + len(keys))}),
    )


def _metadata(row: VersionRow, key: str) -> Child:
    return tag("bdi", twin.value_text(row["metadata"][key], 60)) if key in row["metadata"] else ""


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
    columns = snapshot["asked"]["columns"][:_COLUMNS]
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
        lines = [(*_version_texts(row), *_metadata_texts(row, columns)) for row in page["rows"][:TEXT_ROWS]]
    asked = [say("Filter") + f": {shown(snapshot['asked']['query'], 300)}"] if snapshot["asked"]["query"] else []
    if not lines:
        place = shown(snapshot["project"], 60)
        if snapshot["versions_total"]:
            return "\n".join([*asked, say("nothing matches in {project}", project=place)])
        return say("no artifacts in {project}", project=place)
    text = words.columns(lines, frozenset({len(lines[0]) - len(columns) - 1}))
    more = page["total"] - len(lines)
    rest = [say("and {n} more", n=more)] if more > 0 else []
    return "\n".join([*asked, *text, *rest])


def _version_texts(row: VersionRow) -> tuple[str, ...]:
    shown = twin.shown
    return (
        shown(row["label"], 60) + (" (" + say("stale") + ")" if row["stale"] else ""),
        shown(row["type"], 30),
        ",".join(shown(alias, 30) for alias in row["aliases"][:4]),
        shown(row["run"]["name"], 30) if row["run"] else "",
        words.size(row["size"]),
    )


def _metadata_texts(row: VersionRow, columns: list[str]) -> tuple[str, ...]:
    found = row["metadata"]
    return tuple(f"{twin.shown(key, 30)}={twin.value_text(found[key], 30)}" if key in found else "" for key in columns)
