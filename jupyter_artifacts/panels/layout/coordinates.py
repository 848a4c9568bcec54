"""How high each node is: near its neighbours, never over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.panels.layout.ordering import Layers
    from jupyter_artifacts.panels.layout.sizes import Sizes

_SWEEPS = 12
_POINT = 8.0
_STIFF = 4.0


def heights(layers: Layers, sizes: Sizes) -> list[float]:
    """Return a height for every node and point, in pixels, with the order of rows kept.

    In each sweep a row gets the heights closest, in squares, to the means of its
    neighbours' that keep the distances; points of long edges count four times, so that
    long edges are straight rather than short ones.
    """
    ys = [0.0] * len(layers.layer)

    def room(node: int) -> float:
        return sizes.height + sizes.gap_y if node < layers.real else _POINT

    for row in layers.rows:
        spread(row, room, lambda _: 0.0, layers.real, ys)
        middle = (ys[row[0]] + ys[row[-1]]) / 2 if row else 0.0
        for node in row:
            ys[node] -= middle
    for sweep in range(_SWEEPS):
        onward = sweep % 2 == 0
        one_side = (layers.up if onward else layers.down) if sweep < 2 else None  # noqa: PLR2004  first pull along
        for row in layers.rows if onward else reversed(layers.rows):
            wanted = {node: _mean(node, layers, one_side, ys) for node in row}
            spread(row, room, wanted.__getitem__, layers.real, ys)
    return ys


def _mean(node: int, layers: Layers, one_side: list[list[int]] | None, ys: list[float]) -> float:
    others = one_side[node] if one_side is not None else [*layers.up[node], *layers.down[node]]
    return sum(ys[other] for other in others) / len(others) if others else ys[node]


def spread(
    row: list[int], room: Callable[[int], float], wanted: Callable[[int], float], real: int, ys: list[float]
) -> None:
    """Set a row's heights: least squares from `wanted` under the distances (pool adjacent violators)."""
    offsets: list[float] = []
    blocks: list[tuple[float, float, int]] = []
    offset = 0.0
    for i, node in enumerate(row):
        offset += (room(row[i - 1]) + room(node)) / 2 if i else 0.0
        offsets.append(offset)
        weight = 1.0 if node < real else _STIFF
        total, mass, count = (wanted(node) - offset) * weight, weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / mass:
            before = blocks.pop()
            total, mass, count = total + before[0], mass + before[1], count + before[2]
        blocks.append((total, mass, count))
    position = 0
    for total, mass, count in blocks:
        for _ in range(count):
            ys[row[position]] = total / mass + offsets[position]
            position += 1
