"""The artifact detail: one version's overview, metadata, files, history and use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.alias_edit import alias_method
from jupyter_artifacts.panels.answers import node_methods, preview_method
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.details import artifact_detail
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES, ArtifactSnapshot, ArtifactView
from jupyter_artifacts.panels.wire import json_safe
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import (
        ArtifactDetail,
        ArtifactLink,
        FileRow,
        PanelKind,
        RunLink,
        VersionRow,
    )
    from jupyter_artifacts.panels.rpc import Reply
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import VersionRecord

_TWIN_KEYS, _TWIN_FILES, _TWIN_VERSIONS, _TWIN_LINKS, _TWIN_SOURCE = 40, 30, 12, 8, 2000
# What a snapshot holds of a large version, in the order in which it is tried: files, metadata keys, characters.
_SHARES = ((50, 100, 1000), (20, 40, 200), (10, 10, 100))
_ROOM = MAX_SNAPSHOT_BYTES - 1024


class ArtifactPanel(Panel):
    """One version, opened.

    Parameters
    ----------
    shelf : Shelf
    version : VersionRecord
    tab : str
        Which part is open at first.
    """

    _kind: ClassVar[PanelKind] = "artifact"

    def __init__(self, shelf: Shelf, version: VersionRecord, tab: str = "overview") -> None:
        self._shelf = shelf
        self._version = version
        snapshot = artifact_snapshot(shelf, version)
        super().__init__(f"{shelf.project}\0{version.name}", snapshot, ArtifactView(tab=tab))

    @property
    def tab(self) -> str:
        """The open part; settable."""
        return cast("str", self.view["tab"])

    @tab.setter
    def tab(self, value: str) -> None:
        self._set_view(tab=value)

    def open_version(self, version_id: int) -> None:
        """Show another version."""
        self._version = self._shelf.catalog.versions.get(version_id)
        self.set_trait("snapshot", json_safe(cast("JsonObject", artifact_snapshot(self._shelf, self._version))))

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with this and other versions, their files, and runs."""
        return {**node_methods(self._shelf), **preview_method(self._shelf), **alias_method(self._shelf)}

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def twin(self) -> twin.Twin:
        """Return all parts one below the other."""
        snapshot = artifact_snapshot(self._shelf, self._shelf.catalog.versions.get(self._version.id))
        payload = self._payload(snapshot)
        return twin.Twin(artifact_html(self.panel_id, snapshot["detail"]), artifact_text(snapshot["detail"]), payload)


def artifact_snapshot(shelf: Shelf, version: VersionRecord) -> ArtifactSnapshot:
    """Return the version's details, with as many files and keys as fit into a snapshot."""
    detail = artifact_detail(shelf, version)
    for files, keys, text in _SHARES:
        if len(json.dumps(detail)) <= _ROOM:
            return ArtifactSnapshot(detail=detail)
        detail = artifact_detail(shelf, version, files=files, keys=keys, text=text)
        detail["source"] = detail["source"][:_TWIN_SOURCE]
    return ArtifactSnapshot(detail=detail if len(json.dumps(detail)) <= _ROOM else _least(detail))


def _least(detail: ArtifactDetail) -> ArtifactDetail:
    """Return details without what can be of any length; the page asks for it."""
    row = {**detail["row"], "metadata": {}, "metadata_cut": True}
    empty = {"files": [], "description": detail["description"][:200], "source": "", "versions": detail["versions"][:5]}
    return cast("ArtifactDetail", {**detail, **empty, "row": row})


def artifact_html(panel_id: str, detail: ArtifactDetail) -> Html:
    """Return the detail's twin."""
    row = detail["row"]
    head = join(
        tag("strong", tag("bdi", twin.shown(row["label"], 100))),
        " ",
        twin.chips(row["aliases"][:8]),
        " " if row["aliases"] else None,
        twin.muted(tag("bdi", twin.shown(row["type"], 40))),
    )
    overview = twin.facts(
        [
            (say("Size"), _size(row)),
            (say("Created"), words.moment(row["created"])),
            (say("Made by"), _runs(detail["made_by"])),
            (say("From"), _versions(detail["inputs"])),
            (say("Used by"), _runs(detail["used_by"])),
            (say("Led to"), _versions(detail["outputs"])),
            (say("Tags"), twin.chips(row["tags"][:12]) if row["tags"] else None),
            (say("Stale"), twin.shown(row["stale"])),
            (say("Problem"), twin.shown(detail["problem"], 400)),
            (say("Description"), twin.shown(detail["description"], 1000)),
            (say("Digest"), twin.code(twin.shown(detail["digest"]))),
        ]
    )
    body: list[Child] = [overview]
    if row["metadata"]:
        keys = words.count(len(row["metadata"]), "key")
        table = twin.metadata_table(row["metadata"], _TWIN_KEYS)
        body.append(twin.folded(say("Metadata, {keys}", keys=keys), table, is_open=True))
    if detail["files"]:
        files = words.count(detail["files_total"], "file").capitalize()
        body.append(twin.folded(files, files_table(detail["files"], detail["files_total"]), is_open=True))
    body.append(twin.folded(words.count(len(detail["versions"]), "version").capitalize(), _history(detail)))
    body.append(twin.folded(say("Use it"), *(tag("div", twin.code(line)) for line in detail["usage"])))
    if detail["source"]:
        code = tag("pre", tag("code", _source(detail["source"])))
        body.append(twin.folded(say("Code of the cell"), code))
    return twin.frame("artifact", panel_id, head, body)


def _size(row: VersionRow) -> str:
    return say("{size} in {files}", size=words.size(row["size"]), files=words.count(row["files"], "file"))


def _source(source: str) -> str:
    """Return a cell's code: its lines stay lines."""
    return "\n".join(words.visible(line, 160) for line in source[:_TWIN_SOURCE].splitlines())


def files_table(files: Sequence[FileRow], total: int) -> Html:
    """Return the first files with the heads of their digests."""
    rows = [
        (
            tag("bdi", twin.shown(file["path"], 120)),
            words.size(file["size"]),
            twin.code(file["digest"][:15]) if file["ref"] is None else tag("bdi", twin.shown(file["ref"], 120)),
        )
        for file in files[:_TWIN_FILES]
    ]
    more = total - len(rows)
    table = twin.table((say("File"), say("Size"), say("Digest")), rows, right=frozenset({1}))
    return join(table, twin.muted(say("and {n} more", n=more)) if more > 0 else None)


def _runs(runs: Sequence[RunLink]) -> Child:
    names = [
        twin.shown(run["name"], 60) + (f" ({twin.shown(run['job_type'], 40)})" if run["job_type"] else "")
        for run in runs
    ]
    return _some(names)


def _versions(versions: Sequence[ArtifactLink]) -> Child:
    return _some([twin.shown(version["label"], 80) for version in versions])


def _some(names: Sequence[str]) -> Child:
    if not names:
        return None
    more = len(names) - _TWIN_LINKS
    shown = [join(", " if i else None, tag("bdi", name)) for i, name in enumerate(names[:_TWIN_LINKS])]
    return join(shown, " " + say("and {n} more", n=more) if more > 0 else None)


def _history(detail: ArtifactDetail) -> Html:
    rows = [
        (
            f"v{tick['version']}" + (" (" + say("this one") + ")" if tick["id"] == detail["row"]["id"] else ""),
            ", ".join(twin.shown(alias, 40) for alias in tick["aliases"][:5]),
            words.size(tick["size"]),
            twin.date(tick["created"]),
        )
        for tick in detail["versions"][:_TWIN_VERSIONS]
    ]
    return twin.table((say("Version"), say("Aliases"), say("Size"), say("Created (UTC)")), rows, right=frozenset({2}))


def artifact_text(detail: ArtifactDetail) -> str:
    """Return the overview as text."""
    row, shown = detail["row"], twin.shown
    aliases = f" ({', '.join(shown(alias, 40) for alias in row['aliases'][:8])})" if row["aliases"] else ""
    pairs = [
        (say("size"), _size(row)),
        (say("created"), words.moment(row["created"])),
        (say("made by"), ", ".join(shown(run["name"], 60) for run in detail["made_by"][:_TWIN_LINKS])),
        (say("from"), ", ".join(shown(used["label"], 60) for used in detail["inputs"][:_TWIN_LINKS])),
        (say("used by"), ", ".join(shown(run["name"], 60) for run in detail["used_by"][:_TWIN_LINKS])),
        (say("led to"), ", ".join(shown(made["label"], 60) for made in detail["outputs"][:_TWIN_LINKS])),
        (say("stale"), shown(row["stale"])),
        (say("metadata"), twin.metadata_line(row["metadata"], 12)),
        (say("digest"), shown(detail["digest"])),
    ]
    lines = words.columns([(f"  {name}", value) for name, value in pairs if value])
    files = words.columns(
        [("  " + shown(file["path"], 80), words.size(file["size"])) for file in detail["files"][:10]] or [("", "")],
        frozenset({1}),
    )
    more = detail["files_total"] - 10
    tail = ["  " + say("and {n} more files", n=more)] if more > 0 else []
    return "\n".join([f"{shown(row['label'], 100)}{aliases}  {shown(row['type'], 40)}", *lines, *files, *tail])
