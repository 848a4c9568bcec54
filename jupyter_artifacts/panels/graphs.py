"""Slices of the lineage graph for the wire, and the whole as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.protocol import Graph, GraphNode
from jupyter_artifacts.store.records import Query

if TYPE_CHECKING:
    import networkx as nx

    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.shelf import Shelf

ALL = -1
_COUNTED = 500


def graph_slice(shelf: Shelf, focus: str | None, up: int, down: int) -> tuple[Lineage, Graph]:
    """Return the graph around a node, or of the whole project, as a value and for the wire.

    Parameters
    ----------
    shelf : Shelf
    focus : str or None
        A node id; None for the whole project.
    up, down : int
        Hops upstream and downstream; -1 for all.

    Raises
    ------
    NotFoundError
        There is no such node.
    """
    if focus is None:
        part = shelf.whole()
    else:
        part = shelf.around(focus, None if up == ALL else up, None if down == ALL else down)
    more = _neighbours_left_out(shelf, part)
    place = {node.id: i for i, node in enumerate(part.nodes)}
    graph = Graph(
        nodes=[_wire_node(node, *more.get(node.id, (0, 0))) for node in part.nodes],
        edges=[[place[a], place[b]] for a, b in part.edges],
        focus=focus,
        up=up,
        down=down,
        total=_total(shelf, part, focus),
        revision=shelf.catalog.revision(),
    )
    return part, graph


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


def _wire_node(node: Node, more_up: int, more_down: int) -> GraphNode:
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
