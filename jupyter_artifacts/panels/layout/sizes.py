"""How large a node is drawn, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """A node's width and height, and the gaps between layers and between nodes of a layer, in pixels."""

    width: float = 150
    height: float = 40
    gap_x: float = 54
    gap_y: float = 14

    def turned(self) -> Sizes:
        """Return the sizes of a node that lies on its side, in layers that lines run between."""
        return Sizes(self.height, self.width, self.gap_x, self.gap_y + 6)
