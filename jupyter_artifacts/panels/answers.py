"""Answers that several panels give: a version in full, its files, a node of the graph."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.panels.details import artifact_detail, node_detail
from jupyter_artifacts.panels.facts import file_rows
from jupyter_artifacts.panels.previews.preview import Preview, preview
from jupyter_artifacts.panels.protocol import FilesPage
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.shards import Entry
    from jupyter_artifacts.panels.protocol import ArtifactParams, FilesParams, NodeParams, PreviewParams
    from jupyter_artifacts.panels.shelf import Shelf


def artifact_methods(shelf: Shelf) -> dict[str, Callable[[dict[str, object]], Reply]]:
    """Return the methods of every panel that shows a version's details."""

    def get(params: dict[str, object]) -> Reply:
        asked = cast("ArtifactParams", params)
        return Reply(artifact_detail(shelf, shelf.catalog.versions.get(asked["id"])))

    def files(params: dict[str, object]) -> Reply:
        asked = cast("FilesParams", params)
        version = shelf.catalog.versions.get(asked["id"])
        rows = file_rows(shelf, version, asked["offset"], asked["limit"])
        return Reply(FilesPage(files=rows, offset=asked["offset"], total=version.files))

    return {"artifact.get": get, "artifact.files": files}


def preview_method(shelf: Shelf) -> dict[str, Callable[[dict[str, object]], Reply]]:
    """Return the method of a panel that shows what is inside of files."""

    def get(params: dict[str, object]) -> Reply:
        asked = cast("PreviewParams", params)
        version = shelf.catalog.versions.get(asked["id"])
        manifest = shelf.manifest(version)
        entries = manifest.entries
        if asked["index"] >= len(entries):
            raise NotFoundError(f"{version.label} has {len(entries)} files, and no file {asked['index']}")
        entry = entries[asked["index"]]
        if not is_in_store(entry):
            return Reply(Preview(note=say("a reference: its bytes are not in the store")).wire(entry.path))

        def read(entry: Entry) -> bytes:
            return shelf.store.read(Digest(entry.digest), f"{version.label} file {entry.path}")

        def find(path: str) -> Entry | None:
            beside = manifest.get(path)
            return beside if beside is not None and is_in_store(beside) else None

        found = preview(entry.path, entry.size, lambda: read(entry))
        if found.pictures:
            found.add_thumbnails(find, read)
        wire = found.wire(entry.path)
        if not asked["buffers"]:
            wire["png"] = base64.b64encode(found.png).decode()
            return Reply(wire)
        return Reply(wire, (found.png,) if found.png else ())

    return {"file.preview": get}


def node_methods(shelf: Shelf) -> dict[str, Callable[[dict[str, object]], Reply]]:
    """Return the methods of panels that show runs beside versions."""

    def get(params: dict[str, object]) -> Reply:
        return Reply(node_detail(shelf, cast("NodeParams", params)["id"]))

    return {**artifact_methods(shelf), "node.get": get}
