"""The order of nodes in their layers, with few crossings of edges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SWEEPS = 24
_PATIENCE = 4
_EXCHANGES = 8


@dataclass(slots=True)
class Layers:
    """A graph in which every edge joins neighbouring layers.

    Attributes
    ----------
    real : int
        Nodes from here on are points of long edges.
    layer : list of int
        By node.
    rows : list of list of int
        Nodes by layer, from top to bottom.
    up, down : list of list of int
        Neighbours in the layer before and after.
    chains : dict
        For an edge over more than one layer, the points that it is led through. Long edges from
        one node share theirs.
    """

    real: int
    layer: list[int]
    rows: list[list[int]] = field(default_factory=list)
    up: list[list[int]] = field(default_factory=list)
    down: list[list[int]] = field(default_factory=list)
    chains: dict[tuple[int, int], list[int]] = field(default_factory=dict)


def order(count: int, edges: Sequence[tuple[int, int]], layer: Sequence[int]) -> Layers:
    """Return the layers in the best order found from two starts."""
    layers = _split(count, edges, layer)
    best: list[list[int]] = []
    fewest = -1
    for start in (_walk(layers, layers.down, layers.up), _walk(layers, layers.up, layers.down)):
        layers.rows = start
        _sweep(layers)
        _exchange(layers)
        crossings = count_crossings(layers)
        if fewest < 0 or crossings < fewest:
            best, fewest = [list(row) for row in layers.rows], crossings
    layers.rows = best
    return layers


def _split(count: int, edges: Sequence[tuple[int, int]], layer: Sequence[int]) -> Layers:
    layers = Layers(count, list(layer), up=[[] for _ in range(count)], down=[[] for _ in range(count)])
    chain_of: dict[int, list[int]] = {}
    for a, b in sorted(edges, key=lambda edge: (edge[0], layers.layer[edge[1]], edge[1])):
        chain = chain_of.setdefault(a, [])
        needed = layers.layer[b] - layers.layer[a] - 1
        while len(chain) < needed:
            before = chain[-1] if chain else a
            point = len(layers.layer)
            layers.layer.append(layers.layer[before] + 1)
            layers.up.append([before])
            layers.down.append([])
            layers.down[before].append(point)
            chain.append(point)
        last = chain[needed - 1] if needed else a
        layers.down[last].append(b)
        layers.up[b].append(last)
        if needed:
            layers.chains[a, b] = chain[:needed]
    return layers


def _walk(layers: Layers, ahead: list[list[int]], behind: list[list[int]]) -> list[list[int]]:
    """Return the order in which a depth-first walk meets the nodes."""
    rows: list[list[int]] = [[] for _ in range(max(layers.layer) + 1)]
    seen = [False] * len(layers.layer)
    stack = [node for node in reversed(range(len(layers.layer))) if not behind[node]]
    while stack:
        node = stack.pop()
        if not seen[node]:
            seen[node] = True
            rows[layers.layer[node]].append(node)
            stack.extend(reversed(ahead[node]))
    return rows


def count_crossings(layers: Layers) -> int:
    """Count the crossings between neighbouring layers, in O(edges log nodes)."""
    crossings = 0
    for row, below in zip(layers.rows, layers.rows[1:], strict=False):
        place = {node: i for i, node in enumerate(below)}
        tree = [0] * (len(below) + 1)
        drawn = 0
        for node in row:
            ends = sorted(place[other] for other in layers.down[node])
            for end in ends:
                crossings += drawn - _sum_to(tree, end)
            for end in ends:
                drawn += 1
                _add(tree, end)
    return crossings


def _sum_to(tree: list[int], index: int) -> int:
    """Return how many ends lie at `index` or before (a Fenwick tree)."""
    index, total = index + 1, 0
    while index:
        total += tree[index]
        index &= index - 1
    return total


def _add(tree: list[int], index: int) -> None:
    index += 1
    while index < len(tree):
        tree[index] += 1
        index += index & -index


def _sweep(layers: Layers) -> None:
    """Sort layer after layer by the weighted medians of neighbours, both ways in turn."""
    best, fewest = [list(row) for row in layers.rows], count_crossings(layers)
    bad = 0
    for sweep in range(_SWEEPS):
        onward = sweep % 2 == 0
        fixed = layers.up if onward else layers.down
        numbers = range(1, len(layers.rows)) if onward else range(len(layers.rows) - 2, -1, -1)
        for number in numbers:
            row = layers.rows[number]
            beside = layers.rows[number - 1 if onward else number + 1]
            place = {node: float(i) for i, node in enumerate(beside)}
            key = {node: median([place[other] for other in fixed[node]], float(i)) for i, node in enumerate(row)}
            row.sort(key=key.__getitem__)
        crossings = count_crossings(layers)
        if crossings < fewest:
            best, fewest, bad = [list(row) for row in layers.rows], crossings, 0
        else:
            bad += 1
        if bad == _PATIENCE or not fewest:
            break
    layers.rows = best


def median(places: list[float], otherwise: float) -> float:
    """Return the weighted median of Gansner et al. (1993), section 3; `otherwise` of no places."""
    if not places:
        return otherwise
    places = sorted(places)
    middle = len(places) // 2
    if len(places) % 2:
        return places[middle]
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    if left + right == 0:
        return (places[middle - 1] + places[middle]) / 2
    return (places[middle - 1] * right + places[middle] * left) / (left + right)


def _exchange(layers: Layers) -> None:
    """Swap neighbours in a layer as long as that removes crossings."""
    place = {node: i for row in layers.rows for i, node in enumerate(row)}
    for _ in range(_EXCHANGES):
        better = False
        for row in layers.rows:
            for i in range(len(row) - 1):
                a, b = row[i], row[i + 1]
                if _gain(layers.up, place, a, b) + _gain(layers.down, place, a, b) > 0:
                    row[i], row[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    better = True
        if not better:
            return


def _gain(beside: list[list[int]], place: dict[int, int], a: int, b: int) -> int:
    """Return how many crossings fewer there are on one side when `b` comes before `a`."""
    ends_a, ends_b = [place[x] for x in beside[a]], [place[x] for x in beside[b]]
    return sum((x > y) - (x < y) for x in ends_a for y in ends_b)
