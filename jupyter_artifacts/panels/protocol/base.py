"""What all panels have in common: limits, kinds, links."""

from __future__ import annotations

from typing import Literal, TypedDict

PROTOCOL_VERSION = 1
MAX_SNAPSHOT_BYTES = 64 * 1024
MAX_LIMIT = 500
TILES_PER_PAGE = 500
PanelKind = Literal["card", "table", "artifact", "lineage", "examples", "run"]
ErrorCode = Literal["bad-request", "not-found", "stale", "cancelled", "corrupt", "internal"]
NodeKind = Literal["run", "artifact"]
Level = Literal["grouped", "clusters", "exploded"]
TableLevel = Literal["versions", "collections"]


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
