"""Which column each node goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PASSES = 12


def assign(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return a layer for each node of an acyclic graph, causes before effects, from 0.

    First every node goes as far left as it can. Then nodes move inside their slack
    towards the side where they have more edges, which shortens edges in sum; a cheap
    stand-in for the network simplex method.
    """
    out: list[list[int]] = [[] for _ in range(count)]
    into: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        out[a].append(b)
        into[b].append(a)
    order = topological(out, into)
    layer = [0] * count
    for node in order:
        for effect in out[node]:
            layer[effect] = max(layer[effect], layer[node] + 1)
    for _ in range(_PASSES):
        moved = False
        for node in reversed(order):
            pull = len(out[node]) - len(into[node])
            low = max((layer[cause] + 1 for cause in into[node]), default=0)
            high = min((layer[effect] - 1 for effect in out[node]), default=layer[node])
            wanted = high if pull > 0 else low if pull < 0 else layer[node]
            if low <= wanted <= high and wanted != layer[node]:
                layer[node], moved = wanted, True
        if not moved:
            break
    first = min(layer, default=0)
    return [number - first for number in layer]


def topological(out: Sequence[Sequence[int]], into: Sequence[Sequence[int]]) -> list[int]:
    """Return the nodes of an acyclic graph, causes first, else in their order."""
    waiting = [len(causes) for causes in into]
    order = [node for node, causes in enumerate(waiting) if not causes]
    for node in order:  # a queue: what is appended is walked next
        for effect in out[node]:
            waiting[effect] -= 1
            if not waiting[effect]:
                order.append(effect)
    return order
