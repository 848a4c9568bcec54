"""Answers that several panels give: a version in full, its files, a node of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jupyter_artifacts.panels.details import artifact_detail, node_detail
from jupyter_artifacts.panels.facts import file_rows
from jupyter_artifacts.panels.protocol import FilesPage
from jupyter_artifacts.panels.rpc import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.panels.protocol import ArtifactParams, FilesParams, NodeParams
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


def node_methods(shelf: Shelf) -> dict[str, Callable[[dict[str, object]], Reply]]:
    """Return the methods of panels that show runs beside versions."""

    def get(params: dict[str, object]) -> Reply:
        return Reply(node_detail(shelf, cast("NodeParams", params)["id"]))

    return {**artifact_methods(shelf), "node.get": get}
