"""How large a node is drawn, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """A node's width and height, and the gaps between columns and between nodes, in pixels."""

    width: float = 150
    height: float = 40
    gap_x: float = 54
    gap_y: float = 14
