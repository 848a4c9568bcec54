"""The three levels of a lineage graph as one kind of picture: groups, clusters, single nodes."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.model.lineage import Group, Lineage, Node
    from jupyter_artifacts.panels.protocol import Level, NodeKind

CLUSTER_FROM = 5


def is_bad(state: str) -> bool:
    """Tell whether a run did not end as it should: it failed, crashed, was killed or interrupted."""
    return state not in {"", "running", "finished", "deleted"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn for one or for many nodes.

    Attributes
    ----------
    kind : {"run", "artifact"}
    type, label : str
    count : int
        How many nodes it stands for.
    state, stale : str
        Of a single node.
    badge : str
        An alias of a single version; ``latest`` only where there is no other.
    focus : bool
        The graph was opened on this node.
    """

    kind: NodeKind
    type: str
    label: str
    count: int = 1
    state: str = ""
    stale: str = ""
    badge: str = ""
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes and the edges between their positions, cause first, each once."""

    shapes: tuple[Shape, ...]
    edges: tuple[tuple[int, int], ...]


def at_level(graph: Lineage, level: Level, focus: str | None = None) -> Drawn:
    """Return what a level draws of a graph.

    ``grouped`` draws runs of a job type and versions of a type as one; ``clusters`` draws
    siblings as one, where there are five or more; ``exploded`` draws every node.
    """
    ids = {node.id: node for node in graph.nodes}
    if level == "grouped":
        grouped = graph.grouped()
        class_of = {member: group.id for group in grouped.groups for member in group.members}
        shapes = {group.id: _group_shape(group, ids, focus) for group in grouped.groups}
        return _quotient(graph, class_of, shapes)
    class_of = clusters(graph) if level == "clusters" else {}
    members: dict[str, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        class_of.setdefault(node.id, node.id)
        members[class_of[node.id]].append(node)
    return _quotient(graph, class_of, {key: _shape(nodes, focus) for key, nodes in members.items()})


def clusters(graph: Lineage) -> dict[str, str]:
    """Return the cluster of every node that is in one: same kind, type and clusters of inputs.

    Nodes without inputs, and nodes on a cycle or between two, are in none. Clusters are called as
    the page calls them: after their first member.
    """
    inputs, outputs = graph.neighbours()
    nodes = {node.id: node for node in graph.nodes}
    order, circular = _causes_first(list(nodes), inputs, outputs)
    class_of: dict[str, str] = {}
    names: dict[tuple[str, str, frozenset[str]], str] = {}
    members: dict[str, list[str]] = defaultdict(list)
    for node_id in order:
        node = nodes[node_id]
        own = f"{node.kind}:{node.type}@{node_id}"
        if node_id in circular:
            class_of[node_id] = own
            continue
        causes = frozenset(class_of[cause] for cause in inputs.get(node_id, ()))
        key = (node.kind, node.type, causes or frozenset({node_id}))
        class_of[node_id] = names.setdefault(key, own)
        members[class_of[node_id]].append(node_id)
    return {node_id: name for name, found in members.items() if len(found) >= CLUSTER_FROM for node_id in found}


_Beside = Mapping[str, Sequence[str]]


def _causes_first(ids: list[str], inputs: _Beside, outputs: _Beside) -> tuple[list[str], set[str]]:
    """Return every node after its causes, and those on cycles or between two, which come at once."""
    waiting = {node_id: len(inputs.get(node_id, ())) for node_id in ids}
    order = [node_id for node_id in ids if not waiting[node_id]]
    _walk(order, 0, waiting, outputs, set(ids))
    if len(order) == len(ids):
        return order, set()
    # The rest is on cycles, between them or after them: what is after them leads to none.
    rest = set(ids).difference(order)
    leading = {node_id: len(outputs.get(node_id, ())) for node_id in ids}
    after = [node_id for node_id in ids if node_id in rest and not leading[node_id]]
    _walk(after, 0, leading, inputs, rest)
    circular = rest.difference(after)
    walked = len(order)
    order += [node_id for node_id in ids if node_id in circular]
    _walk(order, walked, waiting, outputs, rest - circular)
    return order, circular


def _walk(found: list[str], start: int, left: dict[str, int], to: _Beside, may: set[str]) -> None:
    """Append to `found`, from `start` on, what has nothing `left` to wait for."""
    for i in itertools.count(start):
        if i == len(found):
            return
        for node_id in to.get(found[i], ()):
            left[node_id] -= 1
            if not left[node_id] and node_id in may:
                found.append(node_id)


def _quotient(graph: Lineage, class_of: dict[str, str], shapes: dict[str, Shape]) -> Drawn:
    place = {key: i for i, key in enumerate(shapes)}
    pairs = ((place[class_of[a]], place[class_of[b]]) for a, b in graph.edges)
    return Drawn(tuple(shapes.values()), tuple(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1])))


def _shape(nodes: list[Node], focus: str | None) -> Shape:
    first, chosen = nodes[0], any(node.id == focus for node in nodes)
    if len(nodes) > 1:
        names = sorted({_name(node) for node in nodes})
        label = names[0] if len(names) == 1 else first.type or first.kind
        return Shape(first.kind, first.type, label, len(nodes), focus=chosen)
    return Shape(first.kind, first.type, first.label, 1, first.state, first.stale, _badge(first), chosen)


def _group_shape(group: Group, nodes: dict[str, Node], focus: str | None) -> Shape:
    if len(group.members) == 1:
        return _shape([nodes[group.members[0]]], focus)
    return Shape(group.kind, group.type, group.label, len(group.members), focus=focus in group.members)


def _name(node: Node) -> str:
    return node.label.rsplit(":", 1)[0] if node.kind == "artifact" else node.type or node.kind


def _badge(node: Node) -> str:
    """Return the alias that says most."""
    others = [alias for alias in node.aliases if alias != "latest"]
    return others[0] if others else "".join(node.aliases[:1])
