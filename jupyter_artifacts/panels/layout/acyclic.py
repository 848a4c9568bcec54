"""Which edges must run backward so that the rest has no cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def back_edges(count: int, edges: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the edges that close a cycle in a depth-first walk.

    The walk starts at nodes without causes, then at nodes in their order, so that a
    graph without cycles has none and the earlier of two nodes stays on the left.
    """
    out: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    causes = [0] * count
    for i, (a, b) in enumerate(edges):
        if a != b:
            out[a].append((b, i))
            causes[b] += 1
    found: set[int] = set()
    done, walking = [False] * count, [False] * count
    for start in sorted(range(count), key=lambda node: (causes[node] > 0, node)):
        stack = [(start, iter(out[start]))] if not done[start] else []
        walking[start] = bool(stack)
        while stack:
            node, rest = stack[-1]
            for effect, i in rest:
                if walking[effect]:
                    found.add(i)
                elif not done[effect]:
                    walking[effect] = True
                    stack.append((effect, iter(out[effect])))
                    break
            else:
                stack.pop()
                walking[node], done[node] = False, True
    return frozenset(found)
