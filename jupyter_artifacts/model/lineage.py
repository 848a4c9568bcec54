"""The lineage graph as a value: runs and artifact versions, and the edges between them.

Two kinds of node, two kinds of edge: a version that a run used (version -> run)
and a version that a run made (run -> version). Slices, groups and clusters are
computed from it; nothing here reads a store.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from jupyter_artifacts.errors import NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_artifacts.model.jsonable import JsonObject

NodeKind = Literal["run", "artifact"]


@dataclass(frozen=True, slots=True)
class Node:
    """A run or an artifact version.

    Attributes
    ----------
    id : str
        ``"run:<run id>"`` or ``"artifact:<version id>"``, unique in a store.
    kind : {"run", "artifact"}
    type : str
        A run's job type, an artifact's type.
    label : str
        ``"sunny-smoke-1"`` or ``"mnist-raw:v1"``.
    state : str
        A run's state; of artifacts ``"deleted"`` or ``""``.
    aliases : tuple of str
    stale : str
        Why a version is out of date, ``""`` when it is not.
    created_at : float
        Seconds since 1970, for display only; order is by `sequence`.
    sequence : int
        Order of creation in the catalog.
    facts : dict
        A few values for the side panel: size, digest, job type, ...
    """

    id: str
    kind: NodeKind
    type: str
    label: str
    state: str = ""
    aliases: tuple[str, ...] = ()
    stale: str = ""
    created_at: float = 0.0
    sequence: int = 0
    facts: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes drawn as one: all of a type, or siblings with the same inputs."""

    id: str
    kind: NodeKind
    type: str
    label: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A graph of groups; `edges` carry how many edges they stand for. May have cycles."""

    groups: tuple[Group, ...]
    edges: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Lineage:
    """A graph of runs and versions; `edges` are pairs of node ids, from cause to effect."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        known = {node.id for node in self.nodes}
        dangling = [edge for edge in self.edges if not known.issuperset(edge)]
        if dangling:
            raise NotFoundError(f"edge {dangling[0]} has an end that is not in the graph")

    def node(self, node_id: str) -> Node:
        """Return a node by id or label."""
        for node in self.nodes:
            if node_id in {node.id, node.label}:
                return node
        raise NotFoundError(f"{node_id!r} is not in this graph" + nearest(node_id, (n.label for n in self.nodes)))

    def neighbours(self) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
        """Return (inputs of, outputs of) by node id."""
        inputs: dict[str, list[str]] = defaultdict(list)
        outputs: dict[str, list[str]] = defaultdict(list)
        for a, b in self.edges:
            outputs[a].append(b)
            inputs[b].append(a)
        return inputs, outputs

    def ancestors(self, node_id: str, hops: int | None = None) -> set[str]:
        """Return the ids upstream of a node, itself excluded."""
        return self._reach(node_id, self.neighbours()[0], hops)

    def descendants(self, node_id: str, hops: int | None = None) -> set[str]:
        """Return the ids downstream of a node, itself excluded."""
        return self._reach(node_id, self.neighbours()[1], hops)

    def _reach(self, node_id: str, adjacent: Mapping[str, list[str]], hops: int | None) -> set[str]:
        start = self.node(node_id).id
        seen = {start}
        front = [start]
        while front and (hops is None or hops > 0):
            front = [b for a in front for b in adjacent.get(a, ()) if b not in seen and not seen.add(b)]  # type: ignore[func-returns-value]  # set.add is the "mark" of the walk
            hops = None if hops is None else hops - 1
        return seen - {start}

    def slice(self, focus: str, up: int | None = 2, down: int | None = 2) -> Lineage:
        """Return the part within `up` hops upstream and `down` hops downstream of `focus`."""
        centre = self.node(focus).id
        return self.keep({centre} | self.ancestors(centre, up) | self.descendants(centre, down))

    def keep(self, ids: Iterable[str]) -> Lineage:
        """Return the graph of these nodes and the edges among them."""
        kept = set(ids)
        return Lineage(
            tuple(node for node in self.nodes if node.id in kept),
            tuple(edge for edge in self.edges if kept.issuperset(edge)),
        )

    def grouped(self) -> Grouped:
        """Return runs grouped by job type and artifacts by type; may have cycles."""
        return self._quotient({node.id: f"{node.kind}:{node.type}" for node in self.nodes})

    def _quotient(self, class_of: Mapping[str, str]) -> Grouped:
        members: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            members[class_of[node.id]].append(node)
        weights: dict[tuple[str, str], int] = defaultdict(int)
        for a, b in self.edges:
            weights[class_of[a], class_of[b]] += 1
        groups = tuple(
            Group(key, nodes[0].kind, nodes[0].type, _group_label(nodes), tuple(node.id for node in nodes))
            for key, nodes in members.items()
        )
        return Grouped(groups, tuple((a, b, weight) for (a, b), weight in weights.items()))

    def with_stale(self, reasons: Mapping[str, str]) -> Lineage:
        """Return the same graph with `stale` set on the nodes named."""
        return Lineage(tuple(replace(n, stale=reasons.get(n.id, "")) for n in self.nodes), self.edges)


def _group_label(nodes: list[Node]) -> str:
    if len(nodes) == 1:
        return nodes[0].label
    names = sorted({node.label.rsplit(":", 1)[0] for node in nodes}) if nodes[0].kind == "artifact" else []
    return names[0] if len(names) == 1 else nodes[0].type or nodes[0].kind
