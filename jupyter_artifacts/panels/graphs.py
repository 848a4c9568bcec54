"""Slices of the lineage graph for the wire, and the whole as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.coarse import MOST_NODES, joined, members
from jupyter_artifacts.panels.protocol import Graph, GraphNode, MembersPage
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx

    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.protocol import Level
    from jupyter_artifacts.panels.shelf import Shelf

ALL = -1
_COUNTED = 500


class Cut(NamedTuple):
    """How much of the graph is shown: around a node id or the whole project; -1 hops are all."""

    focus: str | None
    up: int
    down: int


class Slices:
    """Slices of one project's graph; the last one is kept until the catalog changes.

    Parameters
    ----------
    shelf : Shelf
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._last: tuple[int, Cut, Lineage] | None = None

    def part(self, cut: Cut) -> Lineage:
        """Return a part of the graph as a value.

        Raises
        ------
        NotFoundError
            There is no such node.
        """
        revision = self.shelf.catalog.revision()
        if self._last is None or self._last[:2] != (revision, cut):
            self._last = (revision, cut, self._read(cut))
        return self._last[2]

    def _read(self, cut: Cut) -> Lineage:
        if cut.focus is None:
            return self.shelf.whole()
        up, down = (None if hops == ALL else hops for hops in (cut.up, cut.down))
        return self.shelf.around(cut.focus, up, down)

    def graph(
        self, cut: Cut, level: Level = "exploded", opened: Collection[str] = (), pulled: Collection[str] = ()
    ) -> Graph:
        """Return a part of the graph for the wire, joined at a level where it has very many nodes."""
        part = self.part(cut)
        graph = Graph(
            nodes=[],
            edges=[],
            level="exploded",
            groups=[],
            focus=cut.focus,
            up=cut.up,
            down=cut.down,
            total=_total(self.shelf, part, cut.focus),
            revision=self.shelf.catalog.revision(),
        )
        if len(part.nodes) > MOST_NODES:
            boxes = joined(part, level, opened, pulled, wire_node)
            graph["nodes"], graph["edges"], graph["groups"], graph["level"] = boxes
            return graph
        more = {} if cut.focus is None else _neighbours_left_out(self.shelf, part)
        place = {node.id: i for i, node in enumerate(part.nodes)}
        graph["nodes"] = [wire_node(node, *more.get(node.id, (0, 0))) for node in part.nodes]
        graph["edges"] = [[place[a], place[b]] for a, b in part.edges]
        return graph

    def members(self, cut: Cut, level: Level, group: str, query: str, offset: int, limit: int) -> MembersPage:
        """Return nodes of a group that was joined, or of the whole slice, that have every word of a query."""
        found = list(members(self.part(cut), level, group, query))
        return MembersPage(
            nodes=[wire_node(node) for node in found[offset : offset + limit]], offset=offset, total=len(found)
        )


def _total(shelf: Shelf, part: Lineage, focus: str | None) -> int:
    """Return how many nodes the whole project has."""
    if focus is None:
        return len(part.nodes)
    if shelf.is_small():
        return max(len(shelf.whole().nodes), len(part.nodes))
    query = Query(project=shelf.project, limit=1)
    return shelf.catalog.versions.page(query).total + shelf.catalog.runs.page(query).total


def _neighbours_left_out(shelf: Shelf, part: Lineage) -> dict[str, tuple[int, int]]:
    """Return for every node how many causes and how many effects are not in the part."""
    inside = {node.id for node in part.nodes}
    if shelf.is_small():
        inputs, outputs = shelf.whole().neighbours()
        beside = {node_id: (set(inputs.get(node_id, ())), set(outputs.get(node_id, ()))) for node_id in inside}
    else:
        beside = {node.id: shelf.beside(node.id) for node in part.nodes[:_COUNTED]}
    return {node_id: (len(causes - inside), len(effects - inside)) for node_id, (causes, effects) in beside.items()}


def wire_node(node: Node, more_up: int = 0, more_down: int = 0) -> GraphNode:
    """Return a node as the page takes it."""
    size = node.facts.get("size", 0)
    return GraphNode(
        id=node.id,
        kind=node.kind,
        type=node.type,
        label=node.label,
        state=node.state,
        aliases=list(node.aliases),
        stale=node.stale,
        created=node.created_at,
        size=size if isinstance(size, int) else 0,
        more_up=more_up,
        more_down=more_down,
    )


def to_networkx(graph: Lineage) -> nx.DiGraph[str]:
    """Return the graph as a ``networkx.DiGraph`` of node ids, with every fact as an attribute.

    Raises
    ------
    MissingDependencyError
        networkx is not installed.
    """
    require("networkx", "networkx", "for the graph of a lineage panel")
    import networkx as nx

    made: nx.DiGraph[str] = nx.DiGraph()
    for node in graph.nodes:
        made.add_node(
            node.id,
            kind=node.kind,
            type=node.type,
            label=node.label,
            state=node.state,
            aliases=list(node.aliases),
            stale=node.stale,
            created=node.created_at,
            **{key: value for key, value in node.facts.items() if key not in _OWN},
        )
    made.add_edges_from(graph.edges)
    return made


_OWN = frozenset({"kind", "type", "label", "state", "aliases", "stale", "created"})
