"""A layered layout, for the pictures in twins and exports.

After Sugiyama, Tagawa and Toda (1981) and Gansner, Koutsofios, North and Vo,
"A technique for drawing directed graphs" (1993): cycles are opened, nodes get
layers, long edges are led through every layer on the way, crossings are reduced
by weighted medians and by exchanging neighbours, and heights are the closest
ones to the neighbours' that do not overlap. From left to right; what goes from top
to bottom is laid out with its nodes on their sides, and turned at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.layout.acyclic import back_edges
from jupyter_artifacts.panels.layout.coordinates import heights
from jupyter_artifacts.panels.layout.layers import assign
from jupyter_artifacts.panels.layout.ordering import order
from jupyter_artifacts.panels.layout.sizes import Sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes.

    Attributes
    ----------
    centres : tuple of (x, y)
        Of the nodes, in their order; the top left corner of the drawing is (0, 0).
    routes : tuple of tuple of (x, y)
        Of the edges, in their order, from the cause's border to the effect's. Between the
        points of a forward edge the line is straight inside layers and curves between them. A
        backward edge is one cubic curve over the nodes that it passes, or three around the
        columns of its ends: a start, then two controls and an end of each. An edge from a
        node to itself has no points.
    backward : frozenset of int
        Edges that run against the direction.
    width, height : float
    """

    centres: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    backward: frozenset[int]
    width: float
    height: float


def layout(
    count: int,
    edges: Sequence[tuple[int, int]],
    sizes: Sizes = Sizes(),  # noqa: B008  frozen
    *,
    down: bool = False,
) -> Layout:
    """Lay out a graph of `count` nodes; the same graph gets the same layout.

    Parameters
    ----------
    count : int
    edges : sequence of (int, int)
        Positions of cause and effect. Cycles, repeats and self-loops are allowed.
    sizes : Sizes
    down : bool, default False
        Put effects under their causes, and not on their right.
    """
    if down:
        made = _rightwards(count, edges, sizes.turned(), shelves=_COLUMNS)
        routes = tuple(tuple((x, y) for y, x in route) for route in made.routes)
        return Layout(tuple((x, y) for y, x in made.centres), routes, made.backward, made.height, made.width)
    return _rightwards(count, edges, sizes)


_COLUMNS = 5


def _rightwards(count: int, edges: Sequence[tuple[int, int]], sizes: Sizes, *, shelves: int = 0) -> Layout:
    """Lay out from left to right.

    Parts stand under one another; with `shelves` so many nodes, then again from the top on the right.
    """
    backward = back_edges(count, edges)
    forward = sorted({edge for i, edge in enumerate(edges) if i not in backward and edge[0] != edge[1]})
    centres: list[Point] = [(0.0, 0.0)] * count
    bends: dict[tuple[int, int], list[Point]] = {}
    lifts: _Lifts = {}
    top = left = bottom = right = 0.0
    most = shelves * (sizes.height + sizes.gap_y)
    for part in _components(count, edges):
        local = {node: i for i, node in enumerate(part)}
        inner = [(local[a], local[b]) for a, b in forward if a in local]
        arcs = [i for i in sorted(backward) if edges[i][0] in local]
        lifts.update((i, (_ARC + _ARC_STEP * (k % _ARC_STEPS), part)) for k, i in enumerate(arcs))
        room = max((lifts[i][0] for i in arcs), default=0.0)
        layers = order(len(part), inner, assign(len(part), inner))
        ys = heights(layers, sizes)
        half = sizes.height / 2
        highest, lowest = min(*ys, min(ys[: len(part)]) - half), max(*ys, max(ys[: len(part)]) + half)
        if shelves and top and top + room + lowest - highest > most:
            top, left = 0.0, right + sizes.gap_x
        shift = top + room - highest
        pitch = sizes.width + sizes.gap_x
        for i, node in enumerate(part):
            centres[node] = (left + layers.layer[i] * pitch + sizes.width / 2, ys[i] + shift)
        for (a, b), chain in layers.chains.items():
            bends[part[a], part[b]] = [(left + layers.layer[d] * pitch, ys[d] + shift) for d in chain]
        top = shift + lowest + 2 * sizes.gap_y
        right = max(right, *(centres[node][0] + sizes.width / 2 for node in part))
        bottom, most = max(bottom, top), max(most, top)
    singles = _singles(count, edges)
    if shelves:
        bottom = _columns_of_singles(singles, centres, right, bottom, sizes, shelves)
    else:
        bottom = _rows_of_singles(singles, centres, bottom, sizes)
    routes = _routes(edges, lifts, centres, bends, sizes)
    beside = [x for route in routes for x, _ in route]
    width = max([x + sizes.width / 2 for x, _ in centres] + beside, default=0.0)
    if (out := -min(beside, default=0.0)) > 0:  # a line goes around the first column
        centres = [(x + out, y) for x, y in centres]
        routes = [tuple((x + out, y) for x, y in route) for route in routes]
        width += out
    return Layout(tuple(centres), tuple(routes), backward, width, max(bottom - 2 * sizes.gap_y, 0.0))


def _components(count: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the connected parts of two nodes or more, each sorted, largest first."""
    root = list(range(count))

    def find(a: int) -> int:
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        return a

    for a, b in edges:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    parts: dict[int, list[int]] = {}
    for node in range(count):
        parts.setdefault(find(node), []).append(node)
    return sorted((part for part in parts.values() if len(part) > 1), key=lambda part: (-len(part), part[0]))


def _singles(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    joined = {node for a, b in edges if a != b for node in (a, b)}
    return [node for node in range(count) if node not in joined]


def _rows_of_singles(singles: list[int], centres: list[Point], top: float, sizes: Sizes) -> float:
    """Put nodes without edges in rows below the rest, as wide as the rest and at least five."""
    pitch = sizes.width + sizes.gap_x
    widest = max((x for x, _ in centres), default=0.0)
    columns = max(_COLUMNS, int((widest + sizes.width / 2 + sizes.gap_x) // pitch))
    for i, node in enumerate(singles):
        row, column = divmod(i, columns)
        y = top + row * (sizes.height + sizes.gap_y) + sizes.height / 2
        centres[node] = (column * pitch + sizes.width / 2, y)
    rows = -(-len(singles) // columns)
    return top + rows * (sizes.height + sizes.gap_y) + (sizes.gap_y if rows else 0)


def _columns_of_singles(
    singles: list[int], centres: list[Point], right: float, bottom: float, sizes: Sizes, least: int
) -> float:
    """Put nodes without edges in columns on the right of the rest, as high as the rest and at least so many."""
    step = sizes.height + sizes.gap_y
    rows = max(least, int(bottom // step))
    left = right + sizes.gap_x if right else 0.0
    for i, node in enumerate(singles):
        column, row = divmod(i, rows)
        centres[node] = (left + column * (sizes.width + sizes.gap_y) + sizes.width / 2, row * step + sizes.height / 2)
    return max(bottom, min(rows, len(singles)) * step + sizes.gap_y)


_ARC, _ARC_STEP, _ARC_STEPS = 26.0, 8.0, 6
_TURN = 30.0
"""How far beside a column the control points are of what goes around it."""
_Lifts = dict[int, tuple[float, list[int]]]
"""By backward edge: how far above the nodes of its part it rises, and that part."""


def _routes(
    edges: Sequence[tuple[int, int]],
    lifts: _Lifts,
    centres: list[Point],
    bends: dict[tuple[int, int], list[Point]],
    sizes: Sizes,
) -> list[tuple[Point, ...]]:
    half = sizes.width / 2
    routes: list[tuple[Point, ...]] = []
    for i, (a, b) in enumerate(edges):
        (ax, ay), (bx, by) = centres[a], centres[b]
        if a == b:
            routes.append(())
        elif i in lifts:
            lift, part = lifts[i]
            around = [centres[node] for node in part]
            roof = _roof((ax, ay), (bx, by), around, sizes) - lift
            if any((x == ax and y < ay) or (x == bx and y < by) for x, y in around):
                routes.append(_around((ax + half, ay), (bx - half, by), roof))
                continue
            start, end = (ax, ay - sizes.height / 2), (bx, by - sizes.height / 2)
            # A cubic with both control points at c rises to c + (start - c) / 4.
            control = roof - (min(start[1], end[1]) - roof) / 3
            routes.append((start, (ax, control), (bx, control), end))
        else:
            points = [(ax + half, ay)]
            for x, y in bends.get((a, b), ()):
                points += [(x, y), (x + sizes.width, y)]
            routes.append((*points, (bx - half, by)))
    return routes


def _around(start: Point, end: Point, roof: float) -> tuple[Point, ...]:
    """Return the line that leaves a node in the direction, turns back above its column, and comes in as others do."""
    (ax, ay), (bx, by) = start, end
    out = (start, (ax + _TURN, ay), (ax + _TURN, roof), (ax, roof))
    return (*out, (ax, roof), (bx, roof), (bx, roof), (bx - _TURN, roof), (bx - _TURN, by), end)


def _roof(a: Point, b: Point, nodes: list[Point], sizes: Sizes) -> float:
    """Return the top of the nodes in the columns from `a` to `b` that are not below both."""
    left, right, low = min(a[0], b[0]), max(a[0], b[0]), max(a[1], b[1])
    return min(y for x, y in nodes if left <= x <= right and y <= low) - sizes.height / 2


__all__ = ["Layout", "Point", "Sizes", "layout"]
