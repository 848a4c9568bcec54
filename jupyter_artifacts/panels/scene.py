"""A lineage picture as a list of marks: written as SVG, or painted as PNG."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.layout import Sizes, layout
from jupyter_artifacts.panels.levels import is_bad
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from jupyter_artifacts.panels.layout import Layout, Point
    from jupyter_artifacts.panels.levels import Drawn, Shape
    from jupyter_artifacts.panels.protocol import Direction


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners; `look` names its colours."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    look: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A path from the first point on; each further three are the controls and end of a cubic."""

    points: tuple[Point, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled outline."""

    points: tuple[Point, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words whose baseline starts, or ends, at a point."""

    x: float
    y: float
    text: str
    look: str
    at_end: bool = False


Mark = Box | Curve | Polygon | Text


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as ``#rrggbb``, line width, text size; a dash is (on, off)."""

    fill: str = ""
    line: str = ""
    width: float = 1.0
    size: float = 0.0
    bold: bool = False
    dash: tuple[float, float] | None = None


# Middle tones on light boxes: they read on white pages and on dark ones.
LOOKS = {
    "artifact": Look("#e8f0fb", "#3d7bc7", 1.2),
    "run": Look("#e7f4ea", "#3f9259", 1.2),
    "failed": Look("#fbeaea", "#c43c3c", 1.4, dash=(5, 3)),
    "focus": Look("", "#e08a1e", 2.4),
    "chip": Look("#ffffff", "#8a94a3", 0.8),
    "old": Look("#fdf3dc", "#b98a1d", 0.8),
    "edge": Look("", "#8a94a3", 1.4),
    "back": Look("", "#8a94a3", 1.3, dash=(4, 4)),
    "tip": Look("#8a94a3"),
    "artifact-sign": Look("#3d7bc7"),
    "run-sign": Look("#3f9259"),
    "failed-sign": Look("#c43c3c"),
    "type": Look("#4a5563", size=9),
    "label": Look("#18222f", size=11.5, bold=True),
    "small": Look("#38424f", size=8.5),
}
SIZES = Sizes(width=158, height=40, gap_x=46, gap_y=14)
MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Marks from back to front, on `width` by `height` pixels; what they show in words; how many shapes."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str
    shapes: int = 0


def draw(drawn: Drawn, title: str, direction: Direction = "right") -> Scene:
    """Lay out and draw a graph, with effects on the right of their causes or below them."""
    down = direction == "down"
    made = layout(len(drawn.shapes), drawn.edges, SIZES, down=down)
    marks: list[Mark] = []
    for i, route in enumerate(made.routes):
        if route:
            marks += _edge(_moved(route), backward=i in made.backward, down=down)
    for shape, centre in zip(drawn.shapes, _moved(made.centres), strict=True):
        marks += _node(shape, centre)
    return Scene(*_extent(made), tuple(marks), title, len(drawn.shapes))


def _extent(made: Layout) -> Point:
    return max(made.width, 120.0) + 2 * MARGIN, max(made.height, 20.0) + 2 * MARGIN


def _moved(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((round(x + MARGIN, 1), round(y + MARGIN, 1)) for x, y in points)


def _edge(route: tuple[Point, ...], *, backward: bool, down: bool) -> list[Mark]:
    # A backward edge comes to the other side of its box, unless it goes around the column.
    tip = _tip(*route[-1], down=down != (backward and len(route) == _ARC))
    if backward:
        return [Curve(route, "back"), tip]
    points = [route[0]]
    for i, (start, end) in enumerate(itertools.pairwise(route)):
        # Curves between layers, straight stretches through them.
        points += [*_bend(start, end, down=down), end] if i % 2 == 0 else [start, end, end]
    return [Curve(tuple(points), "edge"), tip]


_ARC = 4
"""So many points has a backward edge that is one curve."""


def _bend(start: Point, end: Point, *, down: bool) -> list[Point]:
    """Return the control points of a curve that leaves and comes in along the direction."""
    if down:
        middle = round((start[1] + end[1]) / 2, 1)
        return [(start[0], middle), (end[0], middle)]
    middle = round((start[0] + end[0]) / 2, 1)
    return [(middle, start[1]), (middle, end[1])]


def _tip(x: float, y: float, *, down: bool) -> Polygon:
    """Return an arrow's head that points down, or to the right."""
    wings = ((x - 3.5, y - 7), (x + 3.5, y - 7)) if down else ((x - 7, y - 3.5), (x - 7, y + 3.5))
    return Polygon((*wings, (x, y)), "tip")


def _node(shape: Shape, centre: Point) -> list[Mark]:
    x, y = centre[0] - SIZES.width / 2, centre[1] - SIZES.height / 2
    failed = is_bad(shape.state)
    look = "failed" if failed else shape.kind
    radius = SIZES.height / 2 if shape.kind == "run" else 5.0
    inset = 13.0 if shape.kind == "run" else 8.0
    marks: list[Mark] = []
    if shape.count > 1:
        marks.append(Box(x + 3, y + 3, SIZES.width, SIZES.height, radius, look))
    if shape.focus:
        marks.append(Box(x - 2.5, y - 2.5, SIZES.width + 5, SIZES.height + 5, radius + 2.5, "focus"))
    marks.append(Box(x, y, SIZES.width, SIZES.height, radius, look))
    marks.append(_sign(shape, x + inset, y + 11, f"{look}-sign"))
    chip = f"{shape.count:,}" if shape.count > 1 else shape.badge
    right = x + SIZES.width - inset
    room = SIZES.width - 2 * inset - 12
    if chip:
        chip = _fitting(chip, 60, 8.5)
        wide = _wide(chip, 8.5) + 10
        marks += [Box(right - wide + 4, y + 4, wide, 13, 6.5, "chip"), Text(right - wide + 9, y + 13.2, chip, "small")]
        room -= wide
    told = [shape.type or say(shape.kind)]
    told += [] if shape.state in {"", "finished"} else [say(shape.state)]
    told += [say("stale")] if shape.stale else []
    kind = " · ".join(told)
    marks.append(Text(x + inset + 11, y + 14, _fitting(kind, room, 9), "type"))
    label = _fitting(shape.label, SIZES.width - 2 * inset, 11.5, bold=True)
    marks.append(Text(x + inset, y + 31, label, "label"))
    return marks


def _sign(shape: Shape, x: float, y: float, look: str) -> Polygon:
    """Return a triangle for runs, a diamond for versions: told apart without colour."""
    if shape.kind == "run":
        return Polygon(((x, y - 4), (x + 7, y), (x, y + 4)), look)
    return Polygon(((x + 3.5, y - 4), (x + 7, y), (x + 3.5, y + 4), (x, y)), look)


def _wide(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a text in the widest of the usual sans serif faces (DejaVu Sans)."""
    return sum(map(_ems, text)) * size * (1.1 if bold else 1.0)


def _ems(character: str) -> float:
    if ord(character) > _WIDE_FROM:
        return 1.0
    if character in "iljtfrI.,:;'|!-· ()":
        return 0.38
    return 0.95 if character in "mwMW@%…" else 0.7 if character.isupper() else 0.63


_WIDE_FROM = 0x1100


def _fitting(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Cut a text in the middle until it fits: names differ at both ends."""
    text = words.visible(text, 120)
    if _wide(text, size, bold=bold) <= room:
        return text
    keep = len(text)
    while keep > 1:
        keep -= 1
        head = (keep + 1) // 2
        short = text[:head] + "…" + text[len(text) - (keep - head) :]
        if _wide(short, size, bold=bold) <= room:
            return short
    return "…"
