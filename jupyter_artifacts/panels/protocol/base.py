"""What all panels have in common: limits, kinds, links, their code."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.model.jsonable import JsonObject

PROTOCOL_VERSION = 1
MAX_SNAPSHOT_BYTES = 64 * 1024
MAX_LIMIT = 500
MAX_TILES = 200
PanelKind = Literal["card", "table", "artifact", "lineage", "examples", "run", "diff"]
ErrorCode = Literal["bad-request", "not-found", "stale", "cancelled", "corrupt", "internal"]
NodeKind = Literal["run", "artifact"]
Level = Literal["grouped", "clusters", "exploded"]
Direction = Literal["right", "down"]
TableLevel = Literal["versions", "collections"]


class CodeParams(TypedDict):
    """Asks for a part of the panel's own code, where its carrier cannot be reached."""

    hash: str


class CodeChunk(TypedDict):
    """A part of the panel's code, and the words that it says."""

    js: str
    css: str
    words: JsonObject


class RunLink(TypedDict):
    """A run, as little as a link needs."""

    id: str
    name: str
    job_type: str
    state: str


class ArtifactLink(TypedDict):
    """A version, as little as a link needs."""

    id: int
    label: str
    type: str
