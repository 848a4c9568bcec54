"""The lineage graph."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.panels.protocol.base import Level, NodeKind
from jupyter_artifacts.panels.protocol.versions import ArtifactDetail, RunDetail


class GraphNode(TypedDict):
    """A node of the lineage graph; `more_up`/`more_down` count neighbours that the slice leaves out."""

    id: str
    kind: NodeKind
    type: str
    label: str
    state: str
    aliases: list[str]
    stale: str
    created: float
    size: int
    more_up: int
    more_down: int


class Graph(TypedDict):
    """A slice of lineage. `edges` are pairs of positions in `nodes`, cause first."""

    nodes: list[GraphNode]
    edges: list[list[int]]
    focus: str | None
    up: int
    down: int
    total: int
    revision: int


class LineageSnapshot(TypedDict):
    """The graph that the panel was opened on."""

    graph: Graph
    project: str


class LineageView(TypedDict):
    """Level, focus, selection, zoom. `up`/`down` -1 means all."""

    level: Level
    focus: str | None
    up: int
    down: int
    selected: str | None
    zoom: float
    list: bool


class GraphParams(TypedDict):
    """Ask for a slice; focus None means the whole project, up/down -1 all."""

    focus: str | None
    up: int
    down: int


class NodeParams(TypedDict):
    """Ask for a node of the graph by id."""

    id: str


class NodeDetail(TypedDict):
    """A node's facts; exactly one of the two is given."""

    artifact: ArtifactDetail | None
    run: RunDetail | None
