"""The lineage graph."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import TypedDict

from jupyter_artifacts.panels.protocol.base import Direction, Level, NodeKind
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


class GraphGroup(TypedDict):
    """What is known of a group that the kernel made; `at` is its position among the nodes."""

    at: int
    count: int
    failed: int
    stale: int


class Graph(TypedDict):
    """A slice of lineage. `edges` are positions in `nodes`, cause first.

    `level` is "exploded" where the nodes are single ones. Where there are too many to send, the
    kernel joins them: `level` says how, `groups` which nodes are groups, and edges have a third
    number, how many they stand for.
    """

    nodes: list[GraphNode]
    edges: list[list[int]]
    level: Level
    groups: list[GraphGroup]
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
    """Level, focus, selection, zoom; effects lie to the `direction` of causes. `up`/`down` -1 means all."""

    level: Level
    direction: Direction
    focus: str | None
    up: int
    down: int
    selected: str | None
    zoom: float
    list: bool


class GraphParams(TypedDict):
    """Ask for a slice; focus None means the whole project, up/down -1 all.

    The rest counts where there are too many nodes to send: how to join them, which groups are
    opened, and which nodes stand by themselves.
    """

    focus: str | None
    up: int
    down: int
    level: Level
    opened: list[str]
    pulled: list[str]


class MembersParams(TypedDict):
    """Ask for nodes of a group that the kernel made; no group means any node of the slice."""

    focus: str | None
    up: int
    down: int
    level: Level
    group: str
    query: str
    offset: int
    limit: int


class MembersPage(TypedDict):
    """Nodes that have every word of the query, and how many there are."""

    nodes: list[GraphNode]
    offset: int
    total: int


class NodeParams(TypedDict):
    """Ask for a node of the graph by id."""

    id: str


class NodeDetail(TypedDict):
    """A node's facts; exactly one of the two is given."""

    artifact: ArtifactDetail | None
    run: RunDetail | None
