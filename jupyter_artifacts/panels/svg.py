"""A scene as SVG text: no script, no font, no link; every word escaped."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.html import escape
from jupyter_artifacts.panels.scene import LOOKS, Box, Curve, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.panels.layout import Point
    from jupyter_artifacts.panels.scene import Look, Mark, Scene

_FONT = "system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"


def svg(scene: Scene) -> str:
    """Return the scene as an SVG document."""
    names = {look: f"c{i}" for i, look in enumerate(LOOKS)}
    used = {mark.look for mark in scene.marks}
    rules = "".join(f".{names[look]}{{{_rule(LOOKS[look])}}}" for look in LOOKS if look in used)
    body = "".join(_mark(mark, names[mark.look]) for mark in scene.marks)
    width, height = _n(scene.width), _n(scene.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="{_FONT}" role="img"><title>{escape(scene.title)}</title><style>{rules}</style>{body}</svg>'
    )


def data_uri(scene: Scene) -> str:
    """Return the SVG as the source of an ``<img>``, where nothing in it can run."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(scene).encode()).decode()


def _rule(look: Look) -> str:
    parts = [f"fill:{look.fill or 'none'}"]
    if look.line:
        parts.append(f"stroke:{look.line};stroke-width:{_n(look.width)}")
    if look.dash:
        parts.append(f"stroke-dasharray:{_n(look.dash[0])} {_n(look.dash[1])}")
    if look.size:
        parts.append(f"font-size:{_n(look.size)}px")
    if look.bold:
        parts.append("font-weight:600")
    return ";".join(parts)


def _mark(mark: Mark, name: str) -> str:
    if isinstance(mark, Box):
        place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
        return f'<rect class="{name}" {place} rx="{_n(mark.radius)}"/>'
    if isinstance(mark, Curve):
        return f'<path class="{name}" d="M{_points(mark.points[:1])}C{_points(mark.points[1:])}"/>'
    if isinstance(mark, Polygon):
        return f'<path class="{name}" d="M{_points(mark.points)}Z"/>'
    anchor = ' text-anchor="end"' if mark.at_end else ""
    return f'<text class="{name}" x="{_n(mark.x)}" y="{_n(mark.y)}"{anchor}>{escape(mark.text)}</text>'


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
