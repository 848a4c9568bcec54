"""Slices of the lineage graph for the wire, and the whole as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.model.optional import require
from jupyter_artifacts.panels.protocol import Graph, GraphNode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.shelf import Shelf

ALL = -1


def graph_slice(shelf: Shelf, focus: str | None, up: int, down: int) -> tuple[Lineage, Graph]:
    """Return the graph around a node, or of the whole project, as a value and for the wire.

    Parameters
    ----------
    shelf : Shelf
    focus : str or None
        A node id or a label such as ``"mnist-raw:v1"``; None for the whole project.
    up, down : int
        Hops upstream and downstream; -1 for all.

    Raises
    ------
    NotFoundError
        The project has no such node.
    """
    whole = shelf.whole()
    if focus is None:
        part = whole
    else:
        focus = whole.node(focus).id
        part = whole.slice(focus, None if up == ALL else up, None if down == ALL else down)
    inputs, outputs = whole.neighbours()
    place = {node.id: i for i, node in enumerate(part.nodes)}
    nodes = [_wire_node(node, place, inputs, outputs) for node in part.nodes]
    edges = [[place[a], place[b]] for a, b in part.edges]
    graph = Graph(
        nodes=nodes,
        edges=edges,
        focus=focus,
        up=up,
        down=down,
        total=len(whole.nodes),
        revision=shelf.revision(),
    )
    return part, graph


def _wire_node(
    node: Node, place: Mapping[str, int], inputs: Mapping[str, list[str]], outputs: Mapping[str, list[str]]
) -> GraphNode:
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
        more_up=sum(1 for other in set(inputs.get(node.id, ())) if other not in place),
        more_down=sum(1 for other in set(outputs.get(node.id, ())) if other not in place),
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
