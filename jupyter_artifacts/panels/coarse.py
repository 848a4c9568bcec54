"""A graph of very many nodes, joined into groups before it is sent: the page gets members on demand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels.levels import clusters, is_bad

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from jupyter_artifacts.model.lineage import Lineage, Node
    from jupyter_artifacts.panels.protocol import GraphGroup, GraphNode, Level

MOST_NODES = 20_000
"""Up to so many nodes a slice is sent node by node, and the page joins them."""
MOST_BOXES = 3000
"""Into so many boxes larger ones are joined at most."""
OTHERS = "…"


class Joined(NamedTuple):
    """A graph of boxes as it goes over the wire, and the level at which it was joined."""

    nodes: list[GraphNode]
    edges: list[list[int]]
    groups: list[GraphGroup]
    level: Level


def joined(
    part: Lineage,
    level: Level,
    opened: Collection[str],
    pulled: Collection[str],
    wire: Callable[[Node], GraphNode],
) -> Joined:
    """Join the nodes of a graph at a level, or at the next coarser one that makes few enough boxes.

    Parameters
    ----------
    part : Lineage
    level : {"grouped", "clusters", "exploded"}
    opened : collection of str
        Groups whose members stand by themselves.
    pulled : collection of str
        Nodes that do.
    wire : callable
        Gives a node as the page takes it.

    Raises
    ------
    InvalidValueError
        An opened group has too many members to be drawn.
    """
    level, group_of = grouping(part, level)
    apart = set(opened), set(pulled)
    box_of = {node.id: _box(node, group_of, apart) for node in part.nodes}
    boxes: dict[str, list[Node]] = {}
    for node in part.nodes:
        boxes.setdefault(box_of[node.id], []).append(node)
    if len(boxes) > MOST_BOXES + len(apart[1]):
        raise InvalidValueError(
            f"the group is too large to be opened: {len(boxes):,} boxes, where {MOST_BOXES:,} can be drawn. "
            "Find members in it and pull them out one by one"
        )
    place = {key: i for i, key in enumerate(boxes)}
    weights = Counter((place[box_of[a]], place[box_of[b]]) for a, b in part.edges)
    groups: list[GraphGroup] = []
    nodes: list[GraphNode] = []
    for key, members in boxes.items():
        if key in box_of:
            nodes.append(wire(members[0]))
            continue
        groups.append(_group(len(nodes), members))
        nodes.append(_as_node(key, members, wire))
    return Joined(nodes, [[a, b, weight] for (a, b), weight in weights.items()], groups, level)


def members(part: Lineage, level: Level, group: str, query: str) -> Iterator[Node]:
    """Yield the nodes of a group, or of the whole graph where no group is named, that have every word."""
    group_of = grouping(part, level)[1] if group else {}
    words = query.lower().split()
    for node in part.nodes:
        if group and group_of.get(node.id) != group:
            continue
        told = (node.label, node.type, node.state, *node.aliases, "stale" if node.stale else "")
        text = "\n".join(told).lower()
        if all(word in text for word in words):
            yield node


def grouping(part: Lineage, level: Level) -> tuple[Level, Mapping[str, str]]:
    """Return the group of every node that is in one, at the first level with few enough boxes."""
    if level != "grouped":
        found = clusters(part)
        if len(part.nodes) - len(found) + len(set(found.values())) <= MOST_BOXES:
            return "clusters", found
    types = Counter(_type_of(node) for node in part.nodes)
    if len(types) > MOST_BOXES:
        # More types than anyone can tell apart: the rare ones are one.
        kept = {key for key, _ in types.most_common(MOST_BOXES // 2)}
        return "grouped", {
            node.id: _type_of(node) if _type_of(node) in kept else f"{node.kind}:{OTHERS}" for node in part.nodes
        }
    return "grouped", {node.id: _type_of(node) for node in part.nodes if types[_type_of(node)] > 1}


def _type_of(node: Node) -> str:
    return f"{node.kind}:{node.type}"


def _box(node: Node, group_of: Mapping[str, str], apart: tuple[set[str], set[str]]) -> str:
    group = group_of.get(node.id)
    opened, pulled = apart
    return node.id if group is None or group in opened or node.id in pulled else f"group {group}"


def _group(at: int, nodes: list[Node]) -> GraphGroup:
    return {
        "at": at,
        "count": len(nodes),
        "failed": sum(is_bad(node.state) for node in nodes),
        "stale": sum(bool(node.stale) for node in nodes),
    }


def _as_node(key: str, nodes: list[Node], wire: Callable[[Node], GraphNode]) -> GraphNode:
    """Return a group in the shape of a node: its id is the group's, its label the name that all share, or the type."""
    first = nodes[0]
    one_type = all(node.type == first.type for node in nodes)
    names = {node.label.rpartition(":")[0] or node.label for node in nodes} if first.kind == "artifact" else set()
    kind = first.type if one_type else OTHERS
    label = next(iter(names)) if len(names) == 1 else kind or first.kind
    told: GraphNode = {**wire(first), "id": key.removeprefix("group "), "type": kind, "label": label}
    return {**told, "state": "", "aliases": [], "stale": "", "more_up": 0, "more_down": 0}
